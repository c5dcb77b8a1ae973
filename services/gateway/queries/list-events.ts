import type { JsonObject } from "@antiphon/protocol";
import {
  aboutOf,
  eventKey,
  type LedgerRow,
  ledgerLines,
  ledgerRows,
  ledgerSpaces,
  lists,
  mergedRow,
  readEventEntry,
} from "@antiphon/views";
import { Problem } from "../http/problem.ts";
import { type Candidate, NewestFirst } from "./newest-first.ts";
import { type Page, pageOf, rangeOf } from "./page.ts";
import { cursor, limit } from "./paging.ts";
import { anyText, iso, oneOf, readParameters, text, time } from "./parameters.ts";
import type { QueryPorts } from "./query-ports.ts";

const PARAMETERS = {
  type: text,
  source: anyText,
  id: text,
  instance: text,
  key: text,
  disposition: oneOf("resolved", "started", "buffered", "duplicate", "unmatched", "rejected", "expired"),
  after: time,
  before: time,
  limit,
  cursor,
};

type Filters = ReturnType<typeof readParameters<typeof PARAMETERS>>;

/** The ledger: each result event with its one disposition, the ones that came last in front. */
export async function listEvents({ store, partitions }: QueryPorts, query: unknown): Promise<Page> {
  const filters = readParameters(query, PARAMETERS);
  const spaces = ledgerSpaces(partitions);
  const index = listFor(filters);
  const range = rangeOf(filters.after, filters.before, filters.cursor);
  return pageOf(new NewestFirst(store, spaces, index, range), filters.limit, async (some) => {
    const refs = some.map(({ entry }) => readEventEntry(aboutOf(entry)));
    const rows = await ledgerRows(store, spaces, refs.map(eventKey));
    return some.map((candidate, i) => {
      const known = rows[i] ?? [];
      return stands(candidate, index, known) && isMeant(known, filters) ? eventItem(known) : undefined;
    });
  });
}

/** One event of the ledger as it stands now, with what each partition knows of it; a 404 if none knows it. */
export async function showEvent({ store, partitions }: QueryPorts, source: string, id: string): Promise<JsonObject> {
  const spaces = ledgerSpaces(partitions);
  const [rows = []] = await ledgerRows(store, spaces, [eventKey({ source, id })]);
  const item = eventItem(rows);
  if (item !== undefined) {
    const entries = rows.flatMap((row, space) =>
      row === undefined ? [] : [{ in: placeOf(spaces[space]), ...(row.isOnItsWay ? matchIn(row) : fateOf(row)) }],
    );
    return { ...item, entries };
  }
  const expected = "expected the source and the id of an event that came and was dealt with";
  const detail = `event: ${expected}, found ${JSON.stringify(source)} and ${JSON.stringify(id)}`;
  throw new Problem(404, "no-such-event", detail);
}

/** Several spaces may have an event in the same list: it stands where the first of them heard of it, which never changes. */
function stands({ space, entry }: Candidate, index: string, rows: readonly (LedgerRow | undefined)[]): boolean {
  const places = rows.flatMap((row, at) => {
    const line = row && ledgerLines(row).find((one) => one.index === index);
    return line === undefined ? [] : [{ space: at, entry: line.entry }];
  });
  const first = places.reduce<Candidate | undefined>((best, place) => {
    return best === undefined || place.entry < best.entry ? place : best;
  }, undefined);
  return first?.space === space && first.entry === entry;
}

function listFor({ instance, key, disposition, type }: Filters): string {
  if (key !== undefined) return lists.eventsWithKey(key);
  if (instance !== undefined) return lists.eventsAt(instance);
  if (type !== undefined) return lists.eventsOfType(type);
  return disposition === undefined ? lists.events : lists.eventsThatWere(disposition);
}

function isMeant(rows: readonly (LedgerRow | undefined)[], filters: Filters): boolean {
  const row = mergedRow(rows);
  if (row === undefined) return false;
  return (
    (filters.instance === undefined || rows.some((one) => one?.instance === filters.instance)) &&
    (filters.source === undefined || row.source === filters.source) &&
    (filters.id === undefined || row.id === filters.id) &&
    (filters.type === undefined || row.type === filters.type) &&
    (filters.disposition === undefined || row.disposition === filters.disposition)
  );
}

function eventItem(rows: readonly (LedgerRow | undefined)[]): JsonObject | undefined {
  const row = mergedRow(rows);
  if (row === undefined) return undefined;
  const known = rows.filter((one) => one !== undefined);
  const keys = [...new Set(known.flatMap((one) => one.keys ?? []))];
  const duplicates = known.reduce((sum, one) => sum + (one.duplicates ?? 0), 0);
  return {
    source: row.source,
    id: row.id,
    type: row.type,
    ...fateOf(row),
    ...(keys.length > 0 && { keys }),
    duplicates,
    receivedAt: iso(Math.min(...known.map(({ sinceMs }) => sinceMs))),
  };
}

function fateOf({ disposition, reason, instance, wait, deadLetter, atMs }: LedgerRow): JsonObject {
  return {
    disposition,
    ...(reason !== undefined && { reason }),
    ...(instance !== undefined && { instance }),
    ...(wait !== undefined && { wait }),
    ...(deadLetter !== undefined && { deadLetter }),
    at: iso(atMs),
  };
}

/** What a partition says that has matched it to a wait: what became of it then is the instance's to say. */
function matchIn({ instance = "", wait = "", atMs }: LedgerRow): JsonObject {
  return { matchedTo: { instance, wait }, at: iso(atMs) };
}

/** `antiphon.views/history/3` is made of partition 3 of history. */
function placeOf(space = ""): string {
  return space.slice(space.indexOf("/") + 1);
}
