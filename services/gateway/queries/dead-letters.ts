import { type DeadLetter, type JsonObject, topics } from "@antiphon/protocol";
import { aboutOf, type DeadLetterRow, deadLetterKey, lists, readDeadLetter } from "@antiphon/views";
import { Problem } from "../http/problem.ts";
import { loadRows } from "./load-rows.ts";
import { NewestFirst } from "./newest-first.ts";
import { type Page, pageOf, rangeOf } from "./page.ts";
import { cursor, limit } from "./paging.ts";
import { iso, oneOf, readParameters, text, time } from "./parameters.ts";
import { type QueryPorts, spacesOf } from "./query-ports.ts";

const PARAMETERS = {
  type: text,
  instance: text,
  disposition: oneOf("unmatched", "rejected", "expired"),
  after: time,
  before: time,
  limit,
  cursor,
};

/** What could not be used, the newest in front. */
export async function listDeadLetters({ store, partitions }: QueryPorts, query: unknown): Promise<Page> {
  const filters = readParameters(query, PARAMETERS);
  const spaces = spacesOf(topics.deadLetters, partitions);
  const range = rangeOf(filters.after, filters.before, filters.cursor);
  return pageOf(new NewestFirst(store, spaces, lists.deadLetters, range), filters.limit, async (some) => {
    const places = some.map(({ space, entry }) => ({ space, key: deadLetterKey(aboutOf(entry)) }));
    const rows = await loadRows<DeadLetterRow>(store, spaces, places);
    return rows.map((row) => {
      if (row === undefined) return undefined;
      const { id, disposition, reason, instance, event, from, atMs } = row;
      const isMeant =
        (filters.type === undefined || event?.type === filters.type) &&
        (filters.instance === undefined || instance === filters.instance) &&
        (filters.disposition === undefined || disposition === filters.disposition);
      if (!isMeant) return undefined;
      const about = { ...(instance !== undefined && { instance }), ...(event && { event: { ...event } }) };
      return { id, disposition, reason, ...about, from: { ...from }, at: iso(atMs) };
    });
  });
}

/** One dead letter as it was written. */
export async function showDeadLetter(ports: QueryPorts, id: string): Promise<JsonObject> {
  const { atMs, from, ...letter } = await findDeadLetter(ports, id);
  return { ...letter, from: { ...from }, at: iso(atMs) };
}

/** A dead letter by its id, from the log; a 404 if there is none, a 410 if the log does not keep it any more. */
export async function findDeadLetter({ log, store, partitions }: QueryPorts, id: string): Promise<DeadLetter> {
  const spaces = spacesOf(topics.deadLetters, partitions);
  const key = deadLetterKey(id);
  const rows = await loadRows<DeadLetterRow>(
    store,
    spaces,
    spaces.map((_, space) => ({ space, key })),
  );
  const partition = rows.findIndex((row) => row !== undefined);
  const row = rows[partition];
  if (row === undefined) {
    const detail = `dead letter: expected the id of a dead letter, found ${JSON.stringify(id)}`;
    throw new Problem(404, "no-such-dead-letter", detail);
  }
  const { records } = await log.read(topics.deadLetters, partition, row.offset, 1);
  const [record] = records;
  if (record?.offset === row.offset) return readDeadLetter(record);
  throw new Problem(410, "dead-letter-gone", `dead letter ${id}: written at ${iso(row.atMs)}, kept no longer`);
}
