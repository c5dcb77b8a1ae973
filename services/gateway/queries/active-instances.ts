import { topics } from "@antiphon/protocol";
import { aboutOf, lists } from "@antiphon/views";
import { NewestFirst } from "./newest-first.ts";
import { type QueryPorts, spacesOf } from "./query-ports.ts";

/** The most active instances that are named. */
export const ACTIVE_MAX = 1_000;

/** The ids of a workflow's active instances, as far as the views know: those started last, `ACTIVE_MAX` at most. */
export async function activeInstances(
  { store, partitions }: Pick<QueryPorts, "store" | "partitions">,
  workflow: string,
): Promise<readonly string[]> {
  const spaces = spacesOf(topics.history, partitions);
  const found = await new NewestFirst(store, spaces, lists.activeInstancesOf(workflow), {}).take(ACTIVE_MAX);
  return found.map(({ entry }) => aboutOf(entry));
}
