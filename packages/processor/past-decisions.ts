import type { Log } from "@antiphon/log";
import { type PastDecision, readDecision } from "@antiphon/protocol";

/** How many decisions a copy has with it, and how many characters of them. */
export const PAST_MAX = 50;
export const PAST_CHARS_MAX = 32_000;

/** A fact topic's partition. */
interface Place {
  readonly topic: string;
  readonly partition: number;
}

/**
 * An entity's decisions from an offset back, the oldest first, as far as the limits allow: from the log, and beyond an
 * earlier copy from that.
 */
export async function pastDecisions<Event>(
  log: Pick<Log, "read">,
  { topic, partition }: Place,
  newest: number | undefined,
): Promise<readonly PastDecision<Event>[]> {
  const past: PastDecision<Event>[] = [];
  let chars = 0;
  const take = (one: PastDecision<Event>, more: number): boolean => {
    chars += more;
    if (past.length === PAST_MAX || chars > PAST_CHARS_MAX) return false;
    past.unshift(one);
    return true;
  };
  for (let offset = newest; offset !== undefined; ) {
    const { records } = await log.read(topic, partition, offset, 1);
    const [record] = records;
    if (record?.offset !== offset || record.value === null) break;
    const { atMs, events, previous, checkpoint } = readDecision<Event>(record.value);
    if (checkpoint !== undefined) {
      const { history = [] } = checkpoint;
      for (const one of history.toReversed()) if (!take(one, JSON.stringify(one.events).length)) break;
      break;
    }
    if (events.length > 0 && !take({ offset, atMs, events }, record.value.length)) break;
    offset = previous;
  }
  return past;
}
