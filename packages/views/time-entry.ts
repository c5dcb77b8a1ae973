import type { Range } from "@antiphon/store";

/** Digits of a time in an entry: enough for thirty thousand years. */
const DIGITS = 15;

/** A line of a list that is ordered by time: what it is about stands behind the epoch milliseconds. */
export function timeEntry(ms: number, about: string): string {
  return `${padded(ms)} ${about}`;
}

/** What a line is about. */
export function aboutOf(entry: string): string {
  return entry.slice(DIGITS + 1);
}

/** Whether a text looks like a line, as far as its time goes. */
export function isTimeEntry(text: string): boolean {
  return /^\d{15} /.test(text);
}

/** The part of a list between two times, both exclusive; where one is undefined the list is open. */
export function timeRange(afterMs: number | undefined, beforeMs: number | undefined): Pick<Range, "after" | "before"> {
  return {
    ...(afterMs !== undefined && { after: padded(afterMs + 1) }),
    ...(beforeMs !== undefined && { before: padded(beforeMs) }),
  };
}

function padded(ms: number): string {
  return String(Math.max(0, Math.floor(ms))).padStart(DIGITS, "0");
}
