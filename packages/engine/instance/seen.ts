import { isSpent, type SpentEvents, withoutPast, withSpent } from "@antiphon/protocol";

/** How many events that it took an instance remembers with their waits, and how long: at least as long as any early event is kept. */
export const SEEN_MAX = 500;
export const SEEN_MS = 24 * 3_600_000;
/** The most groups of events of which only that is known: that they came (10,000 events, 110 KB). */
export const SEEN_SPENT_GROUPS_MAX = 10;

/** An event that was taken: by a wait, or as the start. */
export interface SeenEvent {
  readonly source: string;
  readonly id: string;
  readonly atMs: number;
  readonly wait?: string;
}

/** What an instance knows of the events that it took. */
interface Taken {
  readonly seen: readonly SeenEvent[];
  readonly spent?: SpentEvents;
}

interface Identity {
  readonly source: string;
  readonly id: string;
}

/** Whether two events are one and the same: producers keep (source, id) unique. */
export function isSame(a: Identity, b: Identity): boolean {
  return a.id === b.id && a.source === b.source;
}

/** The events taken, with one more. Of the oldest beyond a number it is known that they came; what is past its time is forgotten. */
export function withSeen(taken: Taken, event: Identity, atMs: number, wait?: string): Taken {
  const { source, id } = event;
  const kept = taken.seen.filter((earlier) => earlier.atMs > atMs - SEEN_MS);
  let spent = withoutPast(taken.spent ?? [], atMs);
  for (const oldest of kept.slice(0, 1 - SEEN_MAX)) {
    spent = withSpent(spent, oldest, oldest.atMs + SEEN_MS, SEEN_SPENT_GROUPS_MAX);
  }
  const seen = [...kept.slice(1 - SEEN_MAX), { source, id, atMs, ...(wait !== undefined && { wait }) }];
  return { seen, ...(spent.length > 0 && { spent }) };
}

/** Whether an event has been taken. */
export function hasTaken({ seen, spent = [] }: Taken, event: Identity): boolean {
  return seen.some((one) => isSame(one, event)) || isSpent(spent, event);
}
