import type { Instance } from "@antiphon/engine";
import { partitionOf } from "@antiphon/log";
import { Fold } from "@antiphon/processor";
import { topics } from "@antiphon/protocol";
import { loadRows } from "@antiphon/views";
import { unavailable } from "../http/errors.ts";
import type { QueryPorts } from "./query-ports.ts";

/** An instance that has been started. */
export type StartedInstance = Exclude<Instance, { readonly status: "absent" | "scheduled" }>;

/** An instance as its orchestrator has stored it: whoever was answered finds here what he was told. */
export interface StoredInstance {
  readonly state: StartedInstance;
  /** The offset of its newest decision. */
  readonly newest: number;
}

/** One instance; undefined if nothing has started it. A 503 while the store is given back what it has lost. */
export async function storedInstance(ports: QueryPorts, id: string): Promise<StoredInstance | undefined> {
  const [found] = await storedInstances(ports, [id]);
  if (found !== undefined) return found;
  const partition = partitionOf(id, ports.partitions);
  const { position } = await ports.store.load(historySpace(partition), []);
  const { end } = await ports.log.bounds(topics.history, partition);
  if (position === null && end > 0) throw unavailable("the store is being filled again from the log");
  return undefined;
}

/** Instances in the order of `ids`, active and ended ones; undefined for those that have not been started. */
export async function storedInstances(
  { store, partitions }: Pick<QueryPorts, "store" | "partitions">,
  ids: readonly string[],
): Promise<readonly (StoredInstance | undefined)[]> {
  const spaces = Array.from({ length: partitions }, (_, partition) => historySpace(partition));
  const places = ids.map((id) => ({ space: partitionOf(id, partitions), key: Fold.storeKey(id) }));
  const rows = await loadRows<{ readonly state: Instance; readonly newest?: number }>(store, spaces, places);
  return rows.map((row) => {
    if (row === undefined || row.state.status === "absent" || row.state.status === "scheduled") return undefined;
    return { state: row.state, newest: row.newest ?? 0 };
  });
}

/** The space in which an orchestrator remembers a partition of history. */
function historySpace(partition: number): string {
  return `${topics.history}/${partition}`;
}
