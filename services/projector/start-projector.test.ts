import assert from "node:assert/strict";
import { test } from "node:test";
import { type Log, memoryLog } from "@antiphon/log";
import { FakeClock } from "@antiphon/processor/testing";
import { topicLayout, topics } from "@antiphon/protocol";
import { memoryStore, type Store } from "@antiphon/store";
import { lists, type ViewedTopic, viewedTopics, viewSpace } from "@antiphon/views";
import { startProjector } from "./index.ts";

const QUIET = { info() {}, warn() {}, error() {} };

test("a projector keeps the views of all partitions of its topics, and is ready once it has caught up", async () => {
  await using log = memoryLog({ now: () => 0 });
  await using store = memoryStore();
  await log.ensureTopics(topicLayout(2));
  const from = { topic: topics.history, partition: 0, offset: 0, index: 0 };
  const letter = { id: "d1", atMs: 5, reason: "nobody", disposition: "unmatched", value: "x", from };
  const start = { type: "InstanceStarted", instance: "a", workflow: "w", version: "1", definition: "h" };
  const event = { specversion: "1.0", id: "e", source: "/s", type: "t" };
  const held = { type: "EventHeld", event, expiresMs: 99 };
  const decisionOf = (fact: object): string => JSON.stringify({ atMs: 5, events: [fact] });
  // More than a tail reads at once.
  const starts = Array.from({ length: 1_200 }, () => ({ key: "a", value: decisionOf(start) }));
  await log.append(topics.history, 1, starts, { at: 0 });
  await log.append(topics.correlations, 0, [{ key: "k", value: decisionOf(held) }], { at: 0 });
  await log.publish([{ topic: topics.deadLetters, partition: 1, key: "s", value: JSON.stringify(letter) }]);

  const checks: string[] = [];
  const set = (name: string, up: boolean, reason = ""): void => void checks.push(up ? `${name} up` : reason);
  const ports = { log, store, clock: new FakeClock(), logger: QUIET, health: { set }, partitions: 2 };
  await using _projector = await startProjector(ports, { viewsDelayMs: 0 });
  for (const topic of viewedTopics) for (const partition of [0, 1]) await folded(log, store, topic, partition);

  const listed = (topic: ViewedTopic, partition: number, index: string) => {
    return store.scan(viewSpace(topic, partition), index, { limit: 10 });
  };
  assert.deepEqual(await listed(topics.history, 1, lists.instances), ["000000000000005 a"]);
  assert.deepEqual(await listed(topics.correlations, 0, lists.events), ['000000000000005 ["/s","e"]']);
  assert.deepEqual(await listed(topics.deadLetters, 1, lists.deadLetters), ["000000000000005 d1"]);
  assert.deepEqual(checks, ["views up", "still reading antiphon.history/1", "views up"]);
});

const TURNS_MAX = 10_000;

/** Resolves when the store holds all of a partition, and whoever brought it there has had a turn to say so. */
async function folded(log: Log, store: Store, topic: ViewedTopic, partition: number): Promise<void> {
  const { end } = await log.bounds(topic, partition);
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    const { position } = await store.load(viewSpace(topic, partition), []);
    await new Promise((resolve) => setImmediate(resolve));
    if ((position ?? 0) === end) return;
  }
  throw new Error(`expected ${topic}/${partition} to be folded within ${TURNS_MAX} turns`);
}
