import type { Decision } from "./decision.ts";
import { isJsonObject, parseJson } from "./json.ts";

/** The most characters of a record that an error repeats. */
const SHOWN_MAX = 80;

/** Reads the value of a record on a compare-and-append topic; throws an Error that says what was found instead. */
export function readDecision<Event>(value: string | null): Decision<Event> {
  const read = parseJson(value ?? "null");
  if (!isJsonObject(read) || !Array.isArray(read.events) || typeof read.atMs !== "number") {
    throw new Error(`expected a decision with atMs and events, found ${(value ?? "nothing").slice(0, SHOWN_MAX)}`);
  }
  return read as unknown as Decision<Event>;
}
