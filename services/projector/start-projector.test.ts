import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLog } from "@antiphon/log";
import { FakeClock } from "@antiphon/processor/testing";
import { topicLayout, topics } from "@antiphon/protocol";
import { memoryStore } from "@antiphon/store";
import { lists, viewSpace } from "@antiphon/views";
import { startProjector } from "./index.ts";

const QUIET = { info() {}, warn() {}, error() {} };

test("a projector keeps the views of all partitions of its topics, and is ready when it has caught up with them", async () => {
  await using log = memoryLog({ now: () => 0 });
  await using store = memoryStore();
  await log.ensureTopics(topicLayout(2));
  const from = { topic: topics.history, partition: 0, offset: 0, index: 0 };
  const letter = { id: "d1", atMs: 5, reason: "nobody", disposition: "unmatched", value: "x", from };
  const start = { type: "InstanceStarted", instance: "a", workflow: "w", version: "1", definition: "h" };
  const event = { specversion: "1.0", id: "e", source: "/s", type: "t" };
  const held = { type: "EventHeld", event, expiresMs: 99 };
  const decisionOf = (fact: object): string => JSON.stringify({ atMs: 5, events: [fact] });
  await log.append(topics.history, 1, [{ key: "a", value: decisionOf(start) }], { at: 0 });
  await log.append(topics.correlations, 0, [{ key: "k", value: decisionOf(held) }], { at: 0 });
  await log.publish([{ topic: topics.deadLetters, partition: 1, key: "s", value: JSON.stringify(letter) }]);

  const ready = Promise.withResolvers<void>();
  const checks: string[] = [];
  const set = (name: string, up: boolean, reason = ""): void => {
    checks.push(`${name} ${up ? "up" : `down: ${reason}`}`);
    if (up && checks.length > 1) ready.resolve();
  };
  const ports = { log, store, clock: new FakeClock(), logger: QUIET, health: { set } };
  await using _projector = await startProjector(ports, { viewsDelayMs: 0 });
  await ready.promise;

  const listed = (topic: Parameters<typeof viewSpace>[0], partition: number, index: string) => {
    return store.scan(viewSpace(topic, partition), index, { limit: 10 });
  };
  assert.deepEqual(await listed(topics.history, 1, lists.instances), ["000000000000005 a"]);
  assert.deepEqual(await listed(topics.correlations, 0, lists.events), ['000000000000005 ["/s","e"]']);
  assert.deepEqual(await listed(topics.deadLetters, 1, lists.deadLetters), ["000000000000005 d1"]);
  assert.deepEqual([checks[0], checks.at(-1)], ["views up", "views up"]);
  assert.ok(checks.includes("views down: 6 partitions are still being read"), checks.join("; "));
});
