import type { Disposition } from "@antiphon/protocol";
import type { LedgerRow } from "./ledger-row.ts";

/**
 * The one row that says what became of an event, of those that several partitions have of it; undefined if there are
 * none. That it was taken outranks everything, wherever else it was offered in vain. That it came again says nothing of
 * what became of it, and counts only where nothing else is known. Otherwise the newest counts; of two of the same time,
 * the later in `rows`.
 */
export function dispositionOf(rows: readonly LedgerRow[]): LedgerRow | undefined {
  let best: LedgerRow | undefined;
  for (const row of rows) {
    if (best === undefined || !prevails(best, row)) best = row;
  }
  return best;
}

/** Whether one disposition counts more than another, whichever is newer. */
export function outranks(a: Disposition, b: Disposition): boolean {
  return rankOf(a) > rankOf(b);
}

function prevails(a: LedgerRow, b: LedgerRow): boolean {
  if (outranks(a.disposition, b.disposition)) return true;
  return !outranks(b.disposition, a.disposition) && a.atMs > b.atMs;
}

function rankOf(disposition: Disposition): number {
  switch (disposition) {
    case "resolved":
    case "started":
      return 2;
    case "buffered":
    case "unmatched":
    case "rejected":
    case "expired":
      return 1;
    case "duplicate":
      return 0;
  }
}
