import { changesOf, project, viewedTopics, viewSpace } from "@antiphon/views";
import type { Machine } from "./start-machine.ts";

const READ_MAX = 10_000;

/** What a projector does, once: brings the views to the ends of their logs. */
export async function viewEverything({ log, store, partitions }: Machine["ports"]): Promise<void> {
  for (const topic of viewedTopics) {
    for (let partition = 0; partition < partitions; partition += 1) {
      const space = viewSpace(topic, partition);
      const { position: expected } = await store.load(space, []);
      const { records, next } = await log.read(topic, partition, expected ?? 0, READ_MAX);
      const changes = records.flatMap((record) => changesOf(topic, record));
      const keys = [...new Set(changes.map(({ key }) => key))];
      const { values } = await store.load(space, keys);
      const held = new Map(keys.map((key, i) => [key, values[i] ?? null]));
      await store.commit(space, { expected, position: next, ...project(changes, held) });
    }
  }
}
