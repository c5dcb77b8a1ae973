import type { CorrelationEvent } from "@antiphon/protocol";
import { type Bucket, heldIn } from "./bucket.ts";
import { bytesOf } from "./bytes-of.ts";
import { handOutHeld, pendingIn } from "./share.ts";

type Dropped = Extract<CorrelationEvent, { type: "EventDropped" }>;

/** The most events that expire in one decision, and the most bytes of them. */
export const EXPIRIES_MAX = 100;
export const EXPIRIES_BYTES_MAX = 1_000_000;

/** Shared events go on to the waits that are open, then what is too old expires, then the memory of what came is cleared. */
export function reachTime(bucket: Bucket, nowMs: number): readonly CorrelationEvent[] {
  const shares = handOutHeld(bucket);
  if (shares.length > 0) return shares;
  const expiries = expire(bucket, nowMs);
  if (expiries.length > 0) return expiries;
  return (dueMs(bucket) ?? Number.POSITIVE_INFINITY) <= nowMs ? [{ type: "EventsForgotten" }] : [];
}

/** When the bucket wants `ReachTime`, epoch milliseconds, in the past if it has work to go on with; undefined: never. */
export function dueMs(bucket: Bucket): number | undefined {
  if (pendingIn(bucket) !== undefined) return 0;
  const held = heldIn(bucket);
  if (held.length > 0) return Math.min(...held.map(({ expiresMs }) => expiresMs));
  // All at once, when the last of them may go: a fact for each would cost more than remembering.
  const forgetMs = [
    ...bucket.events.map((known) => known.forgetMs),
    ...(bucket.spent ?? []).map(({ untilMs }) => untilMs),
  ];
  return forgetMs.length === 0 ? undefined : Math.max(...forgetMs);
}

/** Held events whose time is over and that went to nobody are dropped, a batch of them. */
export function expire(bucket: Bucket, nowMs: number): readonly Dropped[] {
  const expired: Dropped[] = [];
  let bytes = 0;
  for (const { held, expiresMs, takers } of heldIn(bucket)) {
    if (expiresMs > nowMs || takers.length > 0) continue;
    bytes += bytesOf(held.event);
    if (expired.length === EXPIRIES_MAX || (expired.length > 0 && bytes > EXPIRIES_BYTES_MAX)) break;
    const reason = "no wait with its correlation values opened in time";
    expired.push({ type: "EventDropped", event: held.event, disposition: "expired", reason });
  }
  return expired;
}
