import { heldIn } from "@antiphon/correlation";
import { isDead, type LedgerRow, mergedRow, readEventEntry } from "@antiphon/views";
import type { Disagreement } from "./disagreement.ts";
import type { LogFold } from "./log-fold.ts";

/** An event that an instance is said to keep: whether it does, its own state says. */
export interface KeptByInstance {
  readonly instance: string;
  readonly source: string;
  readonly id: string;
}

export interface EventsFound {
  readonly keptByInstances: readonly KeptByInstance[];
  readonly disagreements: readonly Disagreement[];
}

/** Whether every event that was handled has left a trace, and what was said of it last is so. */
export function checkEvents(fold: LogFold): EventsFound {
  const disagreements: Disagreement[] = [];
  const keptByInstances: KeptByInstance[] = [];
  for (const [key, place] of fold.inputs.events) {
    if (fold.ledger.has(key) || fold.rejected.has(key)) continue;
    disagreements.push({ kind: "event-without-trace", subject: { ...eventIn(key), ...place } });
  }
  for (const [key, rows] of fold.ledger) {
    const row = mergedRow([...rows.values()]);
    if (row === undefined) continue;
    const subject = eventIn(key);
    if (isDead(row.disposition) && !hasLetter(rows)) {
      disagreements.push({
        kind: "dead-letter-missing",
        subject,
        expected: `a dead letter: ${row.disposition}`,
        found: "none",
      });
    } else if (row.disposition === "buffered" && row.isOnItsWay) {
      if (!isBetween(fold, row) && !isSettledBefore(fold, key, row))
        disagreements.push({ kind: "match-without-answer", subject: { ...subject, ...to(row) } });
    } else if (row.disposition === "buffered") {
      if (row.instance !== undefined) keptByInstances.push({ instance: row.instance, ...subject });
      else if (!isHeldAtKey(fold, row)) disagreements.push({ kind: "buffered-event-not-held", subject });
    }
  }
  return { keptByInstances, disagreements };
}

function hasLetter(rows: ReadonlyMap<string, LedgerRow>): boolean {
  return [...rows.values()].some(({ deadLetter }) => deadLetter !== undefined);
}

/** A match is on its way to its instance, or has been refused there and is on its way back. */
function isBetween({ onTheWay }: LogFold, { keys = [], instance = "", wait = "" }: LedgerRow): boolean {
  return keys.some((key) => onTheWay.isBetween({ key, instance, wait }));
}

/** Where logs are cut off, a copy, or a match of before, tells of an event whose instance has decided on it long ago. */
function isSettledBefore(fold: LogFold, event: string, { keys = [], instance = "", wait = "" }: LedgerRow): boolean {
  return fold.copiedEvents.has(event) || keys.some((key) => fold.onTheWay.isPast({ key, instance, wait }));
}

function isHeldAtKey({ buckets }: LogFold, { heldAt = [], source, id }: LedgerRow): boolean {
  return heldAt.some((key) => {
    const bucket = buckets.get(key);
    return bucket !== undefined && heldIn(bucket).some((known) => known.source === source && known.id === id);
  });
}

function to({ instance = "", wait = "" }: LedgerRow): { readonly instance: string; readonly wait: string } {
  return { instance, wait };
}

function eventIn(key: string): { readonly source: string; readonly id: string } {
  return readEventEntry(key.slice(key.indexOf("/") + 1));
}
