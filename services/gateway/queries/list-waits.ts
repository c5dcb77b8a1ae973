import { partitionOf } from "@antiphon/log";
import { type JsonObject, topics } from "@antiphon/protocol";
import {
  aboutOf,
  type InstanceRow,
  instanceKey,
  lists,
  loadRows,
  readWaitEntry,
  spacesOf,
  type WaitSummary,
  waitEntry,
  waitsOf,
} from "@antiphon/views";
import { type Candidates, compareEntries, NewestFirst } from "./newest-first.ts";
import { type Page, pageOf, rangeOf } from "./page.ts";
import { cursor, limit } from "./paging.ts";
import { iso, readParameters, text, time } from "./parameters.ts";
import type { QueryPorts } from "./query-ports.ts";

const PARAMETERS = { instance: text, workflow: text, type: text, key: text, deadlineBefore: time, limit, cursor };

type Filters = ReturnType<typeof readParameters<typeof PARAMETERS>>;

/** What is being waited for, the waits opened last in front. */
export async function listWaits({ store, partitions }: QueryPorts, query: unknown): Promise<Page> {
  const filters = readParameters(query, PARAMETERS);
  const spaces = spacesOf(topics.history, partitions);
  const range = rangeOf(undefined, undefined, filters.cursor);
  const candidates =
    filters.instance === undefined
      ? new NewestFirst(store, spaces, filters.type === undefined ? lists.waits : lists.waitsFor(filters.type), range)
      : await ofInstance(filters.instance);
  return pageOf(candidates, filters.limit, async (some) => {
    const ids = some.map(({ entry }) => readWaitEntry(aboutOf(entry)));
    const places = some.map(({ space }, i) => ({ space, key: instanceKey(ids[i]?.instance ?? "") }));
    const rows = await loadRows<InstanceRow>(store, spaces, places);
    const waits = new Map(
      [...new Set(rows)].map((row) => [row, new Map(row && waitsOf(row).map((one) => [one.wait, one]))]),
    );
    return rows.map((row, i) => {
      const wait = waits.get(row)?.get(ids[i]?.wait ?? "");
      return wait !== undefined && isMeant(wait, filters) ? waitItem(wait) : undefined;
    });
  });

  /** An instance's row has all of its waits: there are few. */
  async function ofInstance(id: string): Promise<Candidates> {
    const space = partitionOf(id, partitions);
    const [row] = await loadRows<InstanceRow>(store, spaces, [{ space, key: instanceKey(id) }]);
    const entries = (row === undefined ? [] : waitsOf(row))
      .map(waitEntry)
      .filter((entry) => range.before === undefined || compareEntries(entry, range.before) < 0)
      .sort((a, b) => compareEntries(b, a));
    return { take: async (max) => entries.splice(0, max).map((entry) => ({ space, entry })) };
  }
}

/** What is shown of a wait. */
export function waitItem({ instance, workflow, wait, state, events, sinceMs, deadlineMs }: WaitSummary): JsonObject {
  return {
    instance,
    workflow,
    wait,
    state,
    events: events.map(({ name, eventType, key }) => ({ name, type: eventType, ...(key !== undefined && { key }) })),
    since: iso(sinceMs),
    ...(deadlineMs !== undefined && { deadline: iso(deadlineMs) }),
  };
}

function isMeant({ workflow, events, deadlineMs }: WaitSummary, filters: Filters): boolean {
  const { deadlineBefore: beforeMs } = filters;
  return (
    (beforeMs === undefined || (deadlineMs !== undefined && deadlineMs < beforeMs)) &&
    (filters.workflow === undefined || workflow === filters.workflow) &&
    events.some(
      ({ eventType, key }) =>
        (filters.type === undefined || eventType === filters.type) &&
        (filters.key === undefined || key === filters.key),
    )
  );
}
