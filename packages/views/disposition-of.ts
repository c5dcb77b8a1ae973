import type { Disposition } from "@antiphon/protocol";
import type { LedgerEntry, LedgerRow } from "./ledger-row.ts";

/**
 * The one row that says what became of an event, of those that several partitions have of it; undefined if there are
 * none. That it was taken outranks everything, wherever else it was offered in vain. That it is held somewhere comes
 * next: it may still be taken. That it came again says nothing of what became of it, and counts only where nothing else
 * is known. Otherwise the newest counts; of two of the same time, the later in `rows`.
 */
export function dispositionOf(rows: readonly LedgerRow[]): LedgerRow | undefined {
  let best: LedgerRow | undefined;
  for (const row of rows) {
    if (best === undefined || !prevails(best, row)) best = row;
  }
  return best;
}

/** Whether a disposition is one of a dead letter: nobody took the event, and nobody will by itself. */
export function isDead(disposition: Disposition): boolean {
  return disposition === "unmatched" || disposition === "rejected" || disposition === "expired";
}

/** Whether an event was taken: that is never undone. */
export function isTaken(disposition: Disposition): boolean {
  return disposition === "resolved" || disposition === "started";
}

function prevails(a: LedgerRow, b: LedgerRow): boolean {
  const difference = rankOf(a) - rankOf(b);
  return difference === 0 ? a.atMs > b.atMs : difference > 0;
}

function rankOf({ disposition, isOnItsWay }: Pick<LedgerEntry, "disposition" | "isOnItsWay">): number {
  if (isTaken(disposition)) return 3;
  if (disposition === "buffered") return isOnItsWay ? 1 : 2;
  return disposition === "duplicate" ? 0 : 1;
}
