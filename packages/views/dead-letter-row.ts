import type { DeadLetter, Disposition, EventRef } from "@antiphon/protocol";
import type { IndexEntry } from "@antiphon/store";
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
  readonly instance?: string;
  /** The event that could not be used; absent: it was something else. */
  readonly event?: EventRef;
  /** Where it came from. */
  readonly from: DeadLetter["from"];
}

/** A dead letter has been written. */
export interface DeadLetterChange {
  readonly kind: "dead-letter";
  readonly key: string;
  readonly row: DeadLetterRow;
}

/** The key of a dead letter's row. */
export function deadLetterKey(id: string): string {
  return `dead-letter/${id}`;
}

/** A letter that is written twice has one row, of the newer. */
export function evolveDeadLetter(_row: DeadLetterRow | undefined, { row }: DeadLetterChange): DeadLetterRow {
  return row;
}

/** The lines that lists have for a dead letter. */
export function deadLetterLines({ id, atMs }: DeadLetterRow): readonly IndexEntry[] {
  return [{ index: lists.deadLetters, entry: timeEntry(atMs, id) }];
}
