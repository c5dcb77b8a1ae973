import { type JsonObject, topics, type WorkflowError } from "@antiphon/protocol";
import { aboutOf, type InstanceRow, instanceKey, lists, loadRows, spacesOf } from "@antiphon/views";
import { NewestFirst } from "./newest-first.ts";
import { type Page, pageOf, rangeOf } from "./page.ts";
import { cursor, limit } from "./paging.ts";
import { iso, oneOf, readParameters, text, time } from "./parameters.ts";
import type { QueryPorts } from "./query-ports.ts";

const PARAMETERS = {
  workflow: text,
  status: oneOf("active", "completed", "aborted", "faulted"),
  businessKey: text,
  parent: text,
  root: text,
  startedAfter: time,
  startedBefore: time,
  limit,
  cursor,
};

type Filters = ReturnType<typeof readParameters<typeof PARAMETERS>>;

/** The instances that filters let through, the ones started last in front. */
export async function listInstances({ store, partitions }: QueryPorts, query: unknown): Promise<Page> {
  const filters = readParameters(query, PARAMETERS);
  const spaces = spacesOf(topics.history, partitions);
  const range = rangeOf(filters.startedAfter, filters.startedBefore, filters.cursor);
  const candidates = new NewestFirst(store, spaces, listFor(filters), range);
  return pageOf(candidates, filters.limit, async (some) => {
    const places = some.map(({ space, entry }) => ({ space, key: instanceKey(aboutOf(entry)) }));
    const rows = await loadRows<InstanceRow>(store, spaces, places);
    return rows.map((row) => (row !== undefined && isMeant(row, filters) ? instanceItem(row) : undefined));
  });
}

/** What is shown of an instance in lists. */
export function instanceItem(row: InstanceRow): JsonObject {
  const { id, workflow, version, definition, businessKey, status } = row;
  return {
    id,
    workflow,
    version,
    definition,
    ...(businessKey !== undefined && { businessKey }),
    status,
    ...((row.status === "active" || row.status === "faulted") && row.state !== undefined && { state: row.state }),
    ...familyOf(row),
    ...(row.status === "faulted" && { error: errorItem(row.error) }),
    ...(row.status === "aborted" && { reason: row.reason }),
    ...timesOf(row),
  };
}

/** Who asked for an instance, and who stands at the root of their family, as it goes over the wire. */
export function familyOf({ parent, root }: InstanceRow): JsonObject {
  return { ...(parent !== undefined && { parent }), ...(root !== undefined && { root }) };
}

/** An error as it goes over the wire; `child` names the instance whose failure it is, if another one performed the action. */
export function errorItem({ child, ...error }: Partial<WorkflowError>): JsonObject {
  return { ...error, ...(child && { child: { ...child } }) };
}

/** When an instance was started, changed and ended, as it goes over the wire. */
export function timesOf(row: InstanceRow): JsonObject {
  return {
    startedAt: iso(row.startedMs),
    updatedAt: iso(row.updatedMs),
    ...(row.status !== "active" && { endedAt: iso(row.endedMs) }),
  };
}

/** The list that holds the fewest others. */
function listFor({ workflow, status, businessKey, parent, root }: Filters): string {
  if (parent !== undefined) return lists.instancesOfParent(parent);
  if (root !== undefined) return lists.instancesOfRoot(root);
  if (businessKey !== undefined) return lists.instancesWithBusinessKey(businessKey);
  if (workflow !== undefined) {
    return status === "active" || status === "faulted" ? lists.heldInstancesOf(workflow) : lists.instancesOf(workflow);
  }
  return status === undefined ? lists.instances : lists.instancesThatAre(status);
}

/** A row may have changed since its line was read, and a list is for one filter only. */
function isMeant(row: InstanceRow, { workflow, status, businessKey, parent, root }: Filters): boolean {
  return (
    (parent === undefined || row.parent === parent) &&
    (root === undefined || row.root === root) &&
    (workflow === undefined || row.workflow === workflow) &&
    (status === undefined || row.status === status) &&
    (businessKey === undefined || row.businessKey === businessKey)
  );
}
