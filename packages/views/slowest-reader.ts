import type { Log } from "@antiphon/log";
import type { Store } from "@antiphon/store";
import { type ViewedTopic, viewSpace } from "./view-space.ts";

/**
 * The offset from which the slower one goes on of those that read a partition of facts: the group that relays it, and its
 * views. 0 where one of them has not begun.
 */
export async function slowestReader(
  { log, store }: { readonly log: Pick<Log, "committed">; readonly store: Pick<Store, "load"> },
  group: string,
  topic: ViewedTopic,
  partition: number,
): Promise<number> {
  const [relayed, views] = await Promise.all([
    log.committed(group, topic, partition),
    store.load(viewSpace(topic, partition), []),
  ]);
  return Math.min(relayed?.offset ?? 0, views.position ?? 0);
}
