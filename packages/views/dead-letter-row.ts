import type { DeadLetter, Disposition, EventRef, Redriven, RedriveOutcome } from "@antiphon/protocol";
import type { IndexEntry } from "@antiphon/store";
import { isDead } from "./disposition-of.ts";
import type { LedgerRow } from "./ledger-row.ts";
import { lists } from "./lists.ts";
import { timeEntry } from "./time-entry.ts";

/** What lists show of a dead letter. The letter itself is in the log, at `offset` of the space's partition. */
export interface DeadLetterRow {
  readonly id: string;
  readonly offset: number;
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly disposition: Disposition;
  readonly reason: string;
  /** It was going out of the machine. Absent: to an instance. */
  readonly direction?: "out";
  readonly instance?: string;
  /** The event that could not be used, or not be delivered; absent: it was something else. */
  readonly event?: EventRef;
  /** Where it came from. */
  readonly from: DeadLetter["from"];
  /** When it was last sent through again, how often it was, and what came of it the last time. */
  readonly redriven?: RedriveOutcome & {
    readonly atMs: number;
    readonly times: number;
    /** The offset of the letter that was sent. */
    readonly letter: number;
  };
}

/** A dead letter has been written, or sent through again. */
export type DeadLetterChange = { readonly kind: "dead-letter"; readonly key: string } & (
  | { readonly row: DeadLetterRow }
  | { readonly redriven: Redriven }
);

/** How a letter stands: to be looked at; sent through again; or its event was dealt with otherwise meanwhile. */
export type DeadLetterState = "open" | "redriven" | "settled";

/** The key of a dead letter's row. */
export function deadLetterKey(id: string): string {
  return `dead-letter/${id}`;
}

/** One that is put aside again has one row, of the newest letter. One that a relay has only written twice is as it was. */
export function evolveDeadLetter(row: DeadLetterRow | undefined, change: DeadLetterChange): DeadLetterRow | undefined {
  if ("redriven" in change) {
    const { letter, atMs, outcome } = change.redriven;
    return row && { ...row, redriven: { ...outcome, atMs, times: (row.redriven?.times ?? 0) + 1, letter } };
  }
  if (row === undefined) return change.row;
  if (isRepetition(row, change.row)) return row;
  return { ...change.row, ...(row.redriven && { redriven: row.redriven }) };
}

/** How a letter stands, by its row and by what the ledger says of its event. */
export function deadLetterState(row: DeadLetterRow, known: LedgerRow | undefined): DeadLetterState {
  if (!needsLook(row)) return "redriven";
  const isIncoming = row.event !== undefined && row.direction === undefined;
  const isAlive = known !== undefined && known.disposition !== "duplicate" && !isDead(known.disposition);
  return isIncoming && isAlive ? "settled" : "open";
}

/** The lines that lists have for a dead letter. */
export function deadLetterLines(row: DeadLetterRow): readonly IndexEntry[] {
  const entry = timeEntry(row.atMs, row.id);
  const indexes = needsLook(row) ? [lists.deadLetters, lists.deadLettersToLookAt] : [lists.deadLetters];
  return indexes.map((index) => ({ index, entry }));
}

/** Whether it was not sent through again since it was last put aside, or in vain. */
function needsLook({ offset, redriven }: DeadLetterRow): boolean {
  if (redriven === undefined || redriven.letter !== offset) return true;
  return redriven.result !== "sent" && isDead(redriven.result);
}

function isRepetition(row: DeadLetterRow, again: DeadLetterRow): boolean {
  const [a, b] = [row.from, again.from];
  const isSamePlace =
    a.topic === b.topic && a.partition === b.partition && a.offset === b.offset && a.index === b.index;
  return isSamePlace && row.atMs === again.atMs;
}
