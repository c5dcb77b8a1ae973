import type { SeenEvent } from "./instance.ts";

/** How many events that it took an instance remembers, and how long: at least as long as any early event is kept. */
export const SEEN_MAX = 500;
export const SEEN_MS = 24 * 3_600_000;

interface Identity {
  readonly source: string;
  readonly id: string;
}

/** Whether two events are one and the same: producers keep (source, id) unique. */
export function isSame(a: Identity, b: Identity): boolean {
  return a.id === b.id && a.source === b.source;
}

/** The events taken, with one more; the oldest beyond the limits are forgotten. */
export function withSeen(
  seen: readonly SeenEvent[],
  event: Identity,
  atMs: number,
  wait?: string,
): readonly SeenEvent[] {
  const { source, id } = event;
  const kept = seen.filter((earlier) => earlier.atMs > atMs - SEEN_MS);
  return [...kept.slice(1 - SEEN_MAX), { source, id, atMs, ...(wait !== undefined && { wait }) }];
}
