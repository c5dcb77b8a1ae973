/**
 * How many timers of less than `SHORT_MS` an instance starts in `PACE_MS`; any more of them take so long. A loop over
 * timers of no length would otherwise make decisions and facts as fast as the machine can, for ever.
 */
export const SHORT_TIMERS_MAX = 10_000;
export const SHORT_MS = 1_000;
export const PACE_MS = 3_600_000;

/** How fast an instance has gone on of late. */
export interface Paced {
  /** Its short timers in an hour, and when the first of them started, epoch milliseconds; absent: there are none. */
  readonly shortTimers?: { readonly count: number; readonly sinceMs: number };
}

/** When a timer is due that is to be due at `dueMs`: later where the instance has started too many that are as short. */
export function pacedMs({ shortTimers }: Paced, dueMs: number, nowMs: number): number {
  const isOver = shortTimers !== undefined && shortTimers.count >= SHORT_TIMERS_MAX;
  return isOver && !isPast(shortTimers, nowMs) ? Math.max(dueMs, nowMs + SHORT_MS) : dueMs;
}

/** The short timers of an instance with one more, if it is one. */
export function withShort({ shortTimers }: Paced, dueMs: number, atMs: number): Paced {
  if (dueMs - atMs >= SHORT_MS) return {};
  const isNew = shortTimers === undefined || isPast(shortTimers, atMs);
  return { shortTimers: isNew ? { count: 1, sinceMs: atMs } : { ...shortTimers, count: shortTimers.count + 1 } };
}

/** An hour is over, or the clock was set back. */
function isPast({ sinceMs }: { readonly sinceMs: number }, nowMs: number): boolean {
  return Math.abs(nowMs - sinceMs) >= PACE_MS;
}
