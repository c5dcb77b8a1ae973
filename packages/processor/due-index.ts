/** The list of due times that a store keeps in order: the time, zero-padded, then the entity's key. */
const DIGITS = 15;

/** An entity's line in the list; undefined if it waits for no time. */
export function dueEntry(dueMs: number | undefined, key: string): string | undefined {
  return dueMs === undefined ? undefined : `${padded(dueMs)} ${key}`;
}

/** What stands behind every line that is due at `nowMs`. */
export function dueBefore(nowMs: number): string {
  return padded(nowMs + 1);
}

export function readDueEntry(entry: string): { readonly dueMs: number; readonly key: string } {
  return { dueMs: Number(entry.slice(0, DIGITS)), key: entry.slice(DIGITS + 1) };
}

function padded(ms: number): string {
  return String(Math.max(0, Math.ceil(ms))).padStart(DIGITS, "0");
}
