import { topics } from "@antiphon/protocol";
import { aboutOf, lists, spacesOf } from "@antiphon/views";
import { NewestFirst } from "./newest-first.ts";
import type { QueryPorts } from "./query-ports.ts";

/** The ids of a workflow's instances that have not ended, as far as the views know: those started last, `max` at most. */
export async function heldInstances(
  { store, partitions }: Pick<QueryPorts, "store" | "partitions">,
  workflow: string,
  max: number,
): Promise<readonly string[]> {
  const spaces = spacesOf(topics.history, partitions);
  const found = await new NewestFirst(store, spaces, lists.heldInstancesOf(workflow), {}).take(max);
  return found.map(({ entry }) => aboutOf(entry));
}
