import { topics } from "@antiphon/protocol";
import { changesOf, project, viewSpace } from "@antiphon/views";
import type { Machine } from "./start-machine.ts";

const READ_MAX = 10_000;

/** What a projector does, once: brings the views of history to its end. */
export async function viewEverything({ log, store, partitions }: Machine["ports"]): Promise<void> {
  for (let partition = 0; partition < partitions; partition += 1) {
    const space = viewSpace(topics.history, partition);
    const { position: expected } = await store.load(space, []);
    const { records, next } = await log.read(topics.history, partition, expected ?? 0, READ_MAX);
    const changes = records.flatMap((record) => changesOf(topics.history, record));
    const keys = [...new Set(changes.map(({ key }) => key))];
    const { values } = await store.load(space, keys);
    const held = new Map(keys.map((key, i) => [key, values[i] ?? null]));
    await store.commit(space, { expected, position: next, ...project(changes, held) });
  }
}
