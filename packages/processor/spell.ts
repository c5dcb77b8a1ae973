import { type Decision, formatJson, type Json } from "@antiphon/protocol";
import type { Decided } from "./decide-batch.ts";

/** What a record has beside key and value, at most. */
const OVERHEAD_BYTES = 100;

/** A decision as the record that says it; `key` is null where it is about no entity. */
export function spell<State, Event, Input>(
  key: string | null,
  decision: Decision<Event>,
  after?: State,
): Decided<State, Event, Input> {
  const value = formatJson(decision as unknown as Json);
  const sizeBytes = Buffer.byteLength(value) + Buffer.byteLength(key ?? "") + OVERHEAD_BYTES;
  return { key, decision, ...(after !== undefined && { after }), record: { key, value }, sizeBytes };
}
