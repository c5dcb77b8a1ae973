import type { CloudEvent, CorrelationEvent, KeyedWait, ReplyTo } from "@antiphon/protocol";
import { type Bucket, firstSuited, type HeldEvent, heldIn } from "./bucket.ts";
import { bytesOf } from "./bytes-of.ts";
import { holdOrDrop, roomFor } from "./hold.ts";

/** The most waits that get a shared event in one decision, and the most bytes that the event may have in it in all. */
export const SHARES_MAX = 100;
export const SHARES_BYTES_MAX = 1_000_000;

interface Shared {
  readonly event: CloudEvent;
  readonly expiresMs: number;
  readonly reply?: ReplyTo | undefined;
}

/**
 * A new event goes to every wait: it is held for those that open later, and goes to a batch of those that are open. The
 * rest follow when time reaches the bucket, which is at once.
 */
export function share(bucket: Bucket, { event, expiresMs, reply }: Shared, nowMs: number): readonly CorrelationEvent[] {
  const isAwaited = bucket.waits.length > 0;
  if (!isAwaited && expiresMs <= nowMs) return [holdOrDrop(bucket, event, expiresMs, nowMs)];
  const reason = roomFor(bucket, event);
  if (reason !== undefined) return [{ type: "EventDropped", event, disposition: "rejected", reason }];
  const [first, ...others] = handOut(bucket, { event, expiresMs, takers: [] });
  if (first === undefined) return [{ type: "EventHeld", event, expiresMs, shared: true }];
  return [{ type: "EventHeld", event, expiresMs, shared: true }, { ...first, ...(reply && { reply }) }, ...others];
}

/** The first held event that has a wait to go to, to a batch of those it may go to; empty if there is none. */
export function handOutHeld(bucket: Bucket): readonly CorrelationEvent[] {
  const pending = pendingIn(bucket);
  if (pending === undefined) return [];
  const { held, expiresMs, takers } = pending;
  return handOut(bucket, { event: held.event, expiresMs, takers });
}

/** A held event for which a wait is open. Only a shared one can be: any other goes to a wait as soon as both are there. */
export function pendingIn(bucket: Bucket): HeldEvent | undefined {
  return heldIn(bucket).find((known) => known.shared && firstSuited(bucket, known) !== undefined);
}

interface Entry {
  readonly event: CloudEvent;
  readonly expiresMs: number;
  readonly takers: readonly KeyedWait[];
}

function handOut(bucket: Bucket, { event, expiresMs, takers }: Entry) {
  if (bucket.waits.length === 0) return [];
  const had = new Set(takers.map(({ instance }) => instance));
  const max = Math.max(1, Math.min(SHARES_MAX, Math.floor(SHARES_BYTES_MAX / bytesOf(event))));
  const matches = [];
  for (const wait of bucket.waits) {
    if (had.has(wait.instance)) continue;
    had.add(wait.instance);
    matches.push({ type: "EventMatched", wait, event, expiresMs, shared: true } as const);
    if (matches.length === max) break;
  }
  return matches;
}
