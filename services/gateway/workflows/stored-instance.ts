import type { Instance } from "@antiphon/engine";
import { partitionOf } from "@antiphon/log";
import { parseJson, topics } from "@antiphon/protocol";
import { unavailable } from "../http/errors.ts";
import type { GatewayPorts } from "../ports.ts";

/** An instance that has been started. */
export type StartedInstance = Exclude<Instance, { status: "absent" }>;

/** What the store knows of an instance; undefined: nothing. A 503 while the store is given back what it has lost. */
export async function readInstance(
  { log, store, partitions }: Pick<GatewayPorts, "log" | "store" | "partitions">,
  id: string,
): Promise<StartedInstance | undefined> {
  const partition = partitionOf(id, partitions);
  const { position, values } = await store.load(`${topics.history}/${partition}`, [`=${id}`]);
  const [value] = values;
  if (position === null) {
    const { end } = await log.bounds(topics.history, partition);
    if (end > 0) throw unavailable("the store is being filled again from the log");
  }
  if (value === null || value === undefined) return undefined;
  // Written by the orchestrator's partition, as the fold's entity.
  const { state } = parseJson(value) as unknown as { readonly state: Instance };
  return state.status === "absent" ? undefined : state;
}
