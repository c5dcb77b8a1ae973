import { durationMs } from "./duration.ts";

/** Times at equal distances: each `everyMs` after the one before. */
export interface RepeatingInterval {
  readonly everyMs: number;
  /** Epoch milliseconds of the first; absent: one interval after it is begun. */
  readonly startMs?: number;
  /** How often in all; absent: for ever. */
  readonly times?: number;
}

/** How short an interval may be, in milliseconds. */
export const INTERVAL_MS_MIN = 1000;

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}(?::\d{2}(?::\d{2}(?:[.,]\d+)?)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * Reads an ISO 8601 interval that repeats: `PT15M`, `R/PT15M`, `R5/2026-01-01T00:00:00Z/PT1H`, `R3/2026-01-01/2026-01-02`.
 * A time without a zone is UTC. Undefined if it is none, or shorter than `INTERVAL_MS_MIN`.
 */
export function repeatingInterval(text: string): RepeatingInterval | undefined {
  const parts = text.trim().split("/");
  const repeats = /^R(\d*)$/i.exec(parts[0] ?? "");
  if (repeats !== null) parts.shift();
  const times = repeats?.[1] === undefined || repeats[1] === "" ? undefined : Number(repeats[1]);
  const spaced = spacing(parts);
  if (spaced === undefined || spaced.everyMs < INTERVAL_MS_MIN) return undefined;
  return times === undefined ? spaced : { ...spaced, times };
}

function spacing([first = "", second, ...more]: readonly string[]): RepeatingInterval | undefined {
  if (more.length > 0) return undefined;
  if (second === undefined) {
    const everyMs = durationMs(first);
    return everyMs === undefined ? undefined : { everyMs };
  }
  const [startMs, endMs] = [instantMs(first), instantMs(second)];
  const everyMs = durationMs(second) ?? durationMs(first);
  if (startMs !== undefined && endMs !== undefined) return { everyMs: endMs - startMs, startMs };
  if (everyMs === undefined) return undefined;
  if (startMs !== undefined) return { everyMs, startMs };
  return endMs === undefined ? undefined : { everyMs, startMs: endMs - everyMs };
}

/** Epoch milliseconds of an ISO 8601 date or time, UTC unless it says where; undefined if it is none. */
export function instantMs(text: string): number | undefined {
  const trimmed = text.trim().replace(",", ".");
  if (!INSTANT.test(trimmed)) return undefined;
  const zoned = /T/i.test(trimmed) && !/(?:Z|[+-]\d{2}(?::?\d{2})?)$/i.test(trimmed) ? `${trimmed}Z` : trimmed;
  const ms = Date.parse(zoned);
  return Number.isNaN(ms) ? undefined : ms;
}
