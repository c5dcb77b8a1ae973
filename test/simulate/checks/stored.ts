import { type Domain, Fold } from "@antiphon/processor";
import { equalJson, formatJson, type Json, parseJson } from "@antiphon/protocol";
import { memoryStore, type Store } from "@antiphon/store";
import { changesOf, project, viewedTopics, viewSpace } from "@antiphon/views";
import type { Broker } from "../broker.ts";
import { factsIn } from "./partition-facts.ts";
import type { Replayed } from "./replay.ts";

const LINES_MAX = 10_000;

/** What the store holds of a partition must be what its log comes to: entities, due times, and what was taken in. */
export async function foldProblems<State, Input, Event>(
  store: Store,
  { factTopic, absent }: Domain<State, Input, Event>,
  partition: number,
  { entities, sources, inputs }: Replayed<State>,
  newest: number,
): Promise<readonly string[]> {
  const space = `${factTopic}/${partition}`;
  const keys = [...entities.keys()];
  const { position, values } = await store.load(space, [Fold.ledgerKey, ...keys.map(Fold.storeKey)]);
  const problems: string[] = [];
  if ((position ?? 0) <= newest) problems.push(`the store has ${space} at ${position}, expected it behind ${newest}`);
  const [ledger, ...states] = values;
  const held = parseJson(ledger ?? "{}") as { readonly inputs?: number; readonly sources?: Json };
  if (newest >= 0 && held.inputs !== inputs)
    problems.push(`the store has input ${held.inputs} of ${space} as the next, expected ${inputs}`);
  if (newest >= 0 && !equalJson(held.sources ?? {}, sources.state() as unknown as Json)) {
    problems.push(
      `the store has sources ${formatJson(held.sources ?? null)} of ${space}, expected ${formatJson(sources.state() as unknown as Json)}`,
    );
  }
  keys.forEach((key, i) => {
    const entity = entities.get(key);
    const wanted = entity === undefined || entity.state === absent ? null : (entity as unknown as Json);
    const found = parseJson(states[i] ?? "null");
    if (!equalJson(found, wanted))
      problems.push(`the store has ${key} as ${formatJson(found)}, expected ${formatJson(wanted)}`);
  });
  const due = await store.scan(space, "due", { limit: LINES_MAX });
  if (due.length > 0) problems.push(`the store has due times left in ${space}: ${due.join(", ")}`);
  return problems;
}

/** The views that the store holds must be those that their records make, read once and in order. */
export async function viewProblems(store: Store, broker: Broker): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const topic of viewedTopics) {
    for (let partition = 0; partition < (broker.partitions(topic) ?? 0); partition++) {
      const space = viewSpace(topic, partition);
      const wanted = memoryStore();
      const keys = new Set<string>();
      const indexes = new Set<string>();
      for (const record of factsIn(broker, topic, partition)) {
        const changes = changesOf(topic, record);
        const own = [...new Set(changes.map(({ key }) => key))];
        const { position, values } = await wanted.load(space, own);
        const projected = project(changes, new Map(own.map((key, i) => [key, values[i] ?? null])));
        await wanted.commit(space, { expected: position, position: record.offset + 1, ...projected });
        for (const key of own) keys.add(key);
        for (const { index } of projected.added) indexes.add(index);
      }
      problems.push(...(await differences(space, [...keys], [...indexes], store, wanted)));
    }
  }
  return problems;
}

async function differences(
  space: string,
  keys: readonly string[],
  indexes: readonly string[],
  store: Store,
  wanted: Store,
): Promise<readonly string[]> {
  const [is, should] = await Promise.all([store.load(space, keys), wanted.load(space, keys)]);
  const problems = keys.flatMap((key, i) =>
    is.values[i] === should.values[i] ? [] : [`${space} has ${key} as ${is.values[i]}, expected ${should.values[i]}`],
  );
  for (const index of indexes) {
    const [lines, expected] = await Promise.all(
      [store, wanted].map((one) => one.scan(space, index, { limit: LINES_MAX })),
    );
    if (lines?.join("\n") !== expected?.join("\n")) {
      problems.push(`${space} has in list ${index}: ${lines?.join(", ")}; expected ${expected?.join(", ")}`);
    }
  }
  return problems;
}
