import { readDueEntry } from "@antiphon/processor";
import { topics } from "@antiphon/protocol";
import type { Store } from "@antiphon/store";
import { aboutOf, eventKey, lists, readEventEntry, viewSpace } from "@antiphon/views";
import type { Disagreement } from "./disagreement.ts";
import { linesOf } from "./in-batches.ts";
import type { LogFold } from "./log-fold.ts";

/**
 * Whether the logs lead to all that the store has as alive: what is alive must be in them, by its facts or by a copy. The other
 * way round is looked at where the facts are.
 */
export async function checkShown(store: Pick<Store, "load" | "scan">, fold: LogFold): Promise<readonly Disagreement[]> {
  const disagreements: Disagreement[] = [];
  const found = (subject: Disagreement["subject"]): void => {
    disagreements.push({ kind: "alive-without-facts", subject });
  };
  for (let partition = 0; partition < fold.partitions; partition++) {
    for (const topic of [topics.history, topics.correlations]) {
      const [views, states] = [viewSpace(topic, partition), `${topic}/${partition}`];
      if (await isAsFar(store, views, fold.positions.get(states))) {
        for await (const line of linesOf(store, views, lists.eventsHeld)) {
          const { source, id } = readEventEntry(aboutOf(line));
          if (!fold.ledger.has(eventKey({ source, id }))) found({ source, id });
        }
      }
      if (await isAsFar(store, states, fold.positions.get(states))) {
        for await (const line of linesOf(store, states, "due")) {
          const { key, dueMs } = readDueEntry(line);
          if (!fold.known(topic).has(key)) found({ key, dueMs });
        }
      }
    }
    const views = viewSpace(topics.history, partition);
    if (!(await isAsFar(store, views, fold.positions.get(`${topics.history}/${partition}`)))) continue;
    for (const status of ["active", "faulted"] as const) {
      for await (const line of linesOf(store, views, lists.instancesThatAre(status))) {
        const instance = aboutOf(line);
        if (!fold.instances.has(instance) && !fold.ended.has(instance)) found({ instance });
      }
    }
  }
  return disagreements;
}

/** What lags has what is over. */
async function isAsFar(store: Pick<Store, "load">, space: string, folded: number | undefined): Promise<boolean> {
  const { position } = await store.load(space, []);
  return position !== null && position >= (folded ?? 0);
}
