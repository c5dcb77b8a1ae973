import type { Disposition, EventRef } from "@antiphon/protocol";
import type { IndexEntry } from "@antiphon/store";
import { isTaken } from "./disposition-of.ts";
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
  /** It was matched to a wait, and is held no longer; the wait's instance has the word next. */
  readonly isOnItsWay?: true;
}

/** A line of the ledger. Its place in lists is when the partition first heard of the event, which never changes. */
export interface LedgerRow extends LedgerEntry {
  readonly sinceMs: number;
  /** The correlation keys that it came to in this partition; the first `KEYS_MAX` of them. */
  readonly keys?: readonly string[];
  /** Those at which it is held. */
  readonly heldAt?: readonly string[];
  /** How often it came again. */
  readonly duplicates?: number;
}

/** What one fact says became of an event; `at` is the correlation key where it did. */
export interface LedgerChange {
  readonly kind: "event";
  readonly key: string;
  readonly entry: LedgerEntry;
  readonly at?: string;
  /** It is no news, but a copy of what is held: a row that is there knows better. */
  readonly isCopy?: true;
}

/** The most correlation keys under which a row is found. */
export const KEYS_MAX = 10;

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
export function evolveLedger(row: LedgerRow | undefined, change: LedgerChange): LedgerRow {
  const { entry, at, isCopy } = change;
  if (isCopy && row !== undefined && knowsOf(row, change)) return row;
  const known = at === undefined ? (row?.keys ?? []) : withKey(row?.keys ?? [], at);
  const heldAt = heldAfter(row?.heldAt ?? [], entry, at);
  const duplicates = (row?.duplicates ?? 0) + (entry.disposition === "duplicate" ? 1 : 0);
  return {
    ...(row === undefined || counts(entry, row, heldAt) ? entry : saidIn(row)),
    sinceMs: isCopy ? Math.min(row?.sinceMs ?? entry.atMs, entry.atMs) : (row?.sinceMs ?? entry.atMs),
    ...(known.length > 0 && { keys: known }),
    ...(heldAt.length > 0 && { heldAt }),
    ...(duplicates > 0 && { duplicates }),
  };
}

/** Whether an event is held in the row's partition, at a key or by an instance. */
export function isHeld({ disposition, isOnItsWay }: LedgerEntry): boolean {
  return disposition === "buffered" && isOnItsWay === undefined;
}

/** The lines that lists have for an event. */
export function ledgerLines(row: LedgerRow): readonly IndexEntry[] {
  const entry = timeEntry(row.sinceMs, JSON.stringify([row.source, row.id]));
  const indexes = [lists.events, lists.eventsOfType(row.type), lists.eventsThatWere(row.disposition)];
  if (row.instance !== undefined) indexes.push(lists.eventsAt(row.instance));
  if (isHeld(row)) indexes.push(lists.eventsHeld);
  indexes.push(...(row.keys ?? []).map(lists.eventsWithKey));
  return indexes.map((index) => ({ index, entry }));
}

/** Whether a further fact is what there is to say now. One of several keys that lets go of an event ends nothing. */
function counts(entry: LedgerEntry, row: LedgerRow, heldAt: readonly string[]): boolean {
  if (entry.disposition === "duplicate") return row.disposition === "duplicate";
  if (isTaken(entry.disposition)) return true;
  return !isTaken(row.disposition) && (isHeld(entry) || heldAt.length === 0);
}

/** Whether a row has been told of what a copy says; else it was made of later facts only, the log being cut off below them. */
function knowsOf(row: LedgerRow, { entry, at }: LedgerChange): boolean {
  if (at === undefined || !isHeld(entry)) return row.disposition !== "duplicate";
  return row.heldAt?.includes(at) ?? false;
}

function heldAfter(heldAt: readonly string[], entry: LedgerEntry, at: string | undefined): readonly string[] {
  if (at === undefined || entry.disposition === "duplicate") return heldAt;
  const others = heldAt.filter((key) => key !== at);
  return isHeld(entry) ? [...others, at] : others;
}

function withKey(keys: readonly string[], key: string): readonly string[] {
  return keys.includes(key) || keys.length === KEYS_MAX ? keys : [...keys, key];
}

function saidIn({ sinceMs: _, keys: __, heldAt: ___, duplicates: ____, ...said }: LedgerRow): LedgerEntry {
  return said;
}
