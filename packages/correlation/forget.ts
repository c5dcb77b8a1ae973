import { type SpentEvents, withoutPast, withSpent } from "@antiphon/protocol";
import { type Bucket, firstSuited, type KnownEvent, REMEMBERED_MAX, SPENT_GROUPS_MAX } from "./bucket.ts";

/**
 * The bucket as it is at a time: without what need not be remembered any longer. An event that nobody has taken is never
 * forgotten here: that takes a fact which says what became of it.
 */
export function forget(bucket: Bucket, atMs: number): Bucket {
  const released = bucket.events.map((known) => (isSpent(bucket, known, atMs) ? release(known) : known));
  let surplus = released.filter(({ held }) => held === undefined).length - REMEMBERED_MAX;
  let spent: SpentEvents = withoutPast(bucket.spent ?? [], atMs);
  const events = released.filter((known) => {
    if (known.held !== undefined) return true;
    const isSurplus = surplus-- > 0;
    if (known.forgetMs <= atMs) return false;
    if (isSurplus) spent = withSpent(spent, known, known.forgetMs, SPENT_GROUPS_MAX);
    return !isSurplus;
  });
  const { spent: _, ...rest } = bucket;
  return { ...rest, events, ...(spent.length > 0 && { spent }) };
}

/** A shared event has had its time and went to everybody who waited: it has its disposition, and needs no further one. */
function isSpent(bucket: Bucket, known: KnownEvent, atMs: number): boolean {
  const { held, takers, expiresMs } = known;
  return held !== undefined && takers.length > 0 && expiresMs <= atMs && firstSuited(bucket, known) === undefined;
}

function release({ held: _, ...known }: KnownEvent): KnownEvent {
  return known;
}
