import { type ActiveInstance, type FaultedInstance, type Instance, leftToUndo, openWaits } from "@antiphon/engine";
import { partitionOf } from "@antiphon/log";
import { type JsonObject, topics } from "@antiphon/protocol";
import { evolveInstance, type InstanceRow, instanceKey, readRow, viewSpace, type WaitSummary } from "@antiphon/views";
import { Problem } from "../http/problem.ts";
import { childrenOf } from "./children-of.ts";
import { Decisions, type FoundDecision } from "./decisions.ts";
import { errorItem, familyOf, timesOf } from "./list-instances.ts";
import { waitItem } from "./list-waits.ts";
import type { QueryPorts } from "./query-ports.ts";
import { type StoredInstance, storedInstance } from "./stored-instances.ts";

/** How many decisions a view may be behind for the times of an instance to be exact. */
export const BEHIND_MAX = 100;

/** Everything about one instance but its history, as its orchestrator has it. */
export async function showInstance(ports: QueryPorts, id: string): Promise<JsonObject> {
  const { state, newest } = await findInstance(ports, id);
  const { workflow, version, definition, businessKey, status, data } = state;
  const [row, children] = await Promise.all([currentRow(ports, id, newest), childrenOf(ports, id)]);
  const [token] = Object.values(state.tokens);
  const waits = openWaits(state).map((wait): WaitSummary => ({ ...wait, instance: id, workflow }));
  return {
    id,
    workflow,
    version,
    definition,
    ...(businessKey !== undefined && { businessKey }),
    status,
    ...(token !== undefined && { state: token.state }),
    data,
    ...(state.status === "faulted" && { error: errorItem(state.error) }),
    ...(isUndoing(state) && { leftToUndo: leftToUndo(state) }),
    ...(state.status === "aborted" && { reason: state.reason }),
    ...(row !== undefined && { ...familyOf(row), ...timesOf(row) }),
    ...(children.length > 0 && { children }),
    ...(state.status === "active" && { waits: waits.map(waitItem) }),
  };
}

function isUndoing(state: StoredInstance["state"]): state is ActiveInstance | FaultedInstance {
  return (state.status === "active" || state.status === "faulted") && state.compensation !== undefined;
}

/** An instance as its orchestrator has it; a 404 if nothing has started it, a 503 if the store is being filled again. */
export async function findInstance(ports: QueryPorts, id: string): Promise<StoredInstance> {
  const found = await storedInstance(ports, id);
  if (found !== undefined) return found;
  const detail = `instance: expected the id of an instance that was started, found ${JSON.stringify(id)}`;
  throw new Problem(404, "no-such-instance", detail);
}

/**
 * What the view says of an instance, with the decisions since then. Times are not part of an instance's state, and the
 * view may be a moment behind. Undefined if it is further behind than `BEHIND_MAX` decisions and has nothing at all.
 */
async function currentRow(
  { log, store, partitions }: QueryPorts,
  id: string,
  newest: number,
): Promise<InstanceRow | undefined> {
  const partition = partitionOf(id, partitions);
  const key = instanceKey(id);
  const { values } = await store.load(viewSpace(topics.history, partition), [key]);
  const row = readRow<InstanceRow>(values[0]);
  const missing: FoundDecision[] = [];
  if (row === undefined || row.newest < newest) {
    const decisions = new Decisions(log, partition, { instance: id, newest, wanted: 1 });
    for await (const found of decisions.back({ offset: newest })) {
      if (row !== undefined && found.offset <= row.newest) break;
      if (missing.length === BEHIND_MAX) return row;
      missing.push(found);
      // It says all there is to say of what was before.
      if (found.decision.checkpoint !== undefined) break;
    }
  }
  return missing.reduceRight<InstanceRow | undefined>((before, { offset, decision: { atMs, events, checkpoint } }) => {
    const state = checkpoint?.state as unknown as Instance | undefined;
    return evolveInstance(before, { kind: "instance", key, offset, atMs, events, ...(state && { state }) });
  }, row);
}
