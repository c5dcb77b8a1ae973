import { type DeadLetter, type JsonObject, type LetterAddress, topics } from "@antiphon/protocol";
import {
  aboutOf,
  type DeadLetterRow,
  type DeadLetterState,
  deadLetterKey,
  deadLetterState,
  knownOf,
  lists,
  loadRows,
  readDeadLetter,
  spacesOf,
} from "@antiphon/views";
import { Problem } from "../http/problem.ts";
import { NewestFirst } from "./newest-first.ts";
import { type Page, pageOf, rangeOf } from "./page.ts";
import { cursor, limit } from "./paging.ts";
import { iso, oneOf, readParameters, text, time } from "./parameters.ts";
import type { QueryPorts } from "./query-ports.ts";

/** By what dead letters are chosen. */
export const LETTER_FILTERS = {
  type: text,
  source: text,
  instance: text,
  disposition: oneOf("unmatched", "rejected", "expired"),
  direction: oneOf("in", "out"),
  after: time,
  before: time,
};

const PARAMETERS = { ...LETTER_FILTERS, state: oneOf("open", "redriven", "settled", "all"), limit, cursor };

type Filters = ReturnType<typeof readParameters<typeof PARAMETERS>>;

/** A dead letter, and how it stands. */
export interface FoundLetter {
  readonly row: DeadLetterRow;
  readonly letter: DeadLetter;
  readonly state: DeadLetterState;
  readonly partition: number;
}

/** What could not be used, the newest in front: what is open, or what is asked for. */
export async function listDeadLetters({ store, partitions }: QueryPorts, query: unknown): Promise<Page> {
  const filters = readParameters(query, PARAMETERS);
  const { state: wanted = "open" } = filters;
  const spaces = spacesOf(topics.deadLetters, partitions);
  const range = rangeOf(filters.after, filters.before, filters.cursor);
  const index = wanted === "open" || wanted === "settled" ? lists.deadLettersToLookAt : lists.deadLetters;
  return pageOf(new NewestFirst(store, spaces, index, range), filters.limit, async (some) => {
    const places = some.map(({ space, entry }) => ({ space, key: deadLetterKey(aboutOf(entry)) }));
    const rows = await loadRows<DeadLetterRow>(store, spaces, places);
    const known = await knownOf({ store, partitions }, rows);
    return rows.map((row, i) => {
      if (row === undefined || !isMeant(row, filters)) return undefined;
      const state = deadLetterState(row, known[i]);
      if (wanted !== "all" && wanted !== state) return undefined;
      const { id, disposition, reason, instance, event, from, atMs } = row;
      const about = { ...(instance !== undefined && { instance }), ...(event && { event: { ...event } }) };
      return { id, state, disposition, reason, ...standing(row), ...about, from: placeOf(from), at: iso(atMs) };
    });
  });
}

/** One dead letter as it was written, and how it stands. */
export async function showDeadLetter(ports: QueryPorts, id: string): Promise<JsonObject> {
  const { row, letter, state } = await findDeadLetter(ports, id);
  const { id: _, atMs, from, to, direction: __, disposition, reason, ...content } = letter;
  return {
    ...{ id, state, disposition, reason },
    ...standing(row),
    ...content,
    ...(to && { to: shown(to) }),
    from: placeOf(from),
    at: iso(atMs),
  };
}

/** A dead letter by its id, from the log; a 404 if there is none, a 410 if the log does not keep it any more. */
export async function findDeadLetter(ports: QueryPorts, id: string): Promise<FoundLetter> {
  const { log, store, partitions } = ports;
  const spaces = spacesOf(topics.deadLetters, partitions);
  const key = deadLetterKey(id);
  const places = spaces.map((_, space) => ({ space, key }));
  const rows = await loadRows<DeadLetterRow>(store, spaces, places);
  const partition = rows.findIndex((row) => row !== undefined);
  const row = rows[partition];
  if (row === undefined) {
    const detail = `dead letter: expected the id of a dead letter, found ${JSON.stringify(id)}`;
    throw new Problem(404, "no-such-dead-letter", detail);
  }
  const [known] = await knownOf(ports, [row]);
  const { records } = await log.read(topics.deadLetters, partition, row.offset, 1);
  const [record] = records;
  const letter = record?.offset === row.offset ? readDeadLetter(record) : undefined;
  if (letter === undefined || "type" in letter) {
    throw new Problem(410, "dead-letter-gone", `dead letter ${id}: written at ${iso(row.atMs)}, kept no longer`);
  }
  return { row, letter, state: deadLetterState(row, known), partition };
}

function isMeant({ event, instance, disposition, direction }: DeadLetterRow, filters: Filters): boolean {
  return (
    (filters.type === undefined || event?.type === filters.type) &&
    (filters.source === undefined || event?.source === filters.source) &&
    (filters.instance === undefined || instance === filters.instance) &&
    (filters.disposition === undefined || disposition === filters.disposition) &&
    (filters.direction === undefined || (direction ?? "in") === filters.direction)
  );
}

/** Which way it was going, and what came of sending it again. */
function standing({ direction, redriven }: DeadLetterRow): JsonObject {
  const way = { direction: direction ?? "in" };
  if (redriven === undefined) return way;
  const { atMs, letter: _, ...outcome } = redriven;
  return { ...way, redriven: { ...outcome, at: iso(atMs) } };
}

/** What came by HTTP was in no log before. */
function placeOf({ topic, partition, offset, index }: DeadLetter["from"]): JsonObject {
  return topic === "http" ? { topic } : { topic, partition, offset, index };
}

/** An address without the password that its URL may have. */
function shown(to: LetterAddress): JsonObject {
  const url = "url" in to ? URL.parse(to.url) : null;
  if (url === null || (url.username === "" && url.password === "")) return { ...to };
  url.username = "";
  url.password = "";
  return { ...to, url: url.href };
}
