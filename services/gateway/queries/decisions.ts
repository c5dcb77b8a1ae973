import type { Log } from "@antiphon/log";
import { type Decision, type InstanceEvent, readDecision, topics } from "@antiphon/protocol";

/** A decision about one instance, as it stands in history. */
export interface FoundDecision {
  readonly offset: number;
  readonly instance: string | null;
  readonly decision: Decision<InstanceEvent>;
  /** Of its record's value. */
  readonly chars: number;
}

/** The decision at an offset; undefined if history has been truncated above it, or there is no decision at that offset. */
export async function decisionAt(
  log: Pick<Log, "read">,
  partition: number,
  offset: number,
): Promise<FoundDecision | undefined> {
  const { records } = await log.read(topics.history, partition, offset, 1);
  const [record] = records;
  if (record?.offset !== offset || record.value === null) return undefined;
  const decision = readDecision<InstanceEvent>(record.value);
  return { offset, instance: record.key, decision, chars: record.value.length };
}

/** An instance's decisions from an offset back to its first, as each names the one before it. Whoever reads sets the limit. */
export async function* decisionsBack(
  log: Pick<Log, "read">,
  partition: number,
  newest: number,
): AsyncGenerator<FoundDecision, void> {
  let offset: number | undefined = newest;
  while (offset !== undefined) {
    const found: FoundDecision | undefined = await decisionAt(log, partition, offset);
    if (found === undefined) return;
    yield found;
    offset = found.decision.previous;
  }
}
