import { type JsonObject, topics } from "@antiphon/protocol";
import { aboutOf, type InstanceRow, instanceKey, lists, loadRows, spacesOf } from "@antiphon/views";
import { NewestFirst } from "./newest-first.ts";
import type { QueryPorts } from "./query-ports.ts";

/** The most children that are shown with an instance; `GET /v1/instances?parent={id}` lists all of them. */
export const CHILDREN_SHOWN_MAX = 100;

/** The instances that an instance has asked for, those started last in front, as far as the views know. */
export async function childrenOf(
  { store, partitions }: Pick<QueryPorts, "store" | "partitions">,
  id: string,
): Promise<readonly JsonObject[]> {
  const spaces = spacesOf(topics.history, partitions);
  const found = await new NewestFirst(store, spaces, lists.instancesOfParent(id), {}).take(CHILDREN_SHOWN_MAX);
  const places = found.map(({ space, entry }) => ({ space, key: instanceKey(aboutOf(entry)) }));
  const rows = await loadRows<InstanceRow>(store, spaces, places);
  return rows.flatMap((row) => (row === undefined ? [] : [{ id: row.id, workflow: row.workflow, status: row.status }]));
}
