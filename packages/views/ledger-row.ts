import type { Disposition, EventRef } from "@antiphon/protocol";
import type { IndexEntry } from "@antiphon/store";
import { outranks } from "./disposition-of.ts";
import { lists } from "./lists.ts";
import { timeEntry } from "./time-entry.ts";

/** What one partition says became of a result event. */
export interface LedgerEntry extends EventRef {
  readonly disposition: Disposition;
  /** When that was decided, epoch milliseconds. */
  readonly atMs: number;
  readonly reason?: string;
  readonly instance?: string;
  /** The wait that it resolved. */
  readonly wait?: string;
  /** The id of the dead letter that it became. */
  readonly deadLetter?: string;
}

/** A line of the ledger. Its place in lists is when the partition first heard of the event, which never changes. */
export interface LedgerRow extends LedgerEntry {
  readonly sinceMs: number;
}

/** What one fact says became of an event. */
export interface LedgerChange {
  readonly kind: "event";
  readonly key: string;
  readonly entry: LedgerEntry;
}

/** The key of an event's row, the same in every space. */
export function eventKey({ source, id }: Pick<EventRef, "source" | "id">): string {
  return `event/${JSON.stringify([source, id])}`;
}

/** The event that a line of a list of events is about: `about` is what stands behind its time. */
export function readEventEntry(about: string): { readonly source: string; readonly id: string } {
  const [source, id] = JSON.parse(about) as [string, string];
  return { source, id };
}

/** The row after one more fact. Within a partition the log says what is newer, not the clocks of its owners. */
export function evolveLedger(row: LedgerRow | undefined, { entry }: LedgerChange): LedgerRow {
  if (row === undefined) return { ...entry, sinceMs: entry.atMs };
  return outranks(row.disposition, entry.disposition) ? row : { ...entry, sinceMs: row.sinceMs };
}

/** The lines that lists have for an event. */
export function ledgerLines(row: LedgerRow): readonly IndexEntry[] {
  const entry = timeEntry(row.sinceMs, JSON.stringify([row.source, row.id]));
  const indexes = [lists.events, lists.eventsOfType(row.type), lists.eventsThatWere(row.disposition)];
  if (row.instance !== undefined) indexes.push(lists.eventsAt(row.instance));
  return indexes.map((index) => ({ index, entry }));
}
