import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLog } from "@antiphon/log";
import { topics } from "@antiphon/protocol";
import { memoryStore, type Store } from "@antiphon/store";
import { viewSpace } from "@antiphon/views";
import { PartitionViews, StoreMovedError } from "./partition-views.ts";

const QUIET = { info() {}, warn() {}, error() {} };

test("a step that somebody else takes between its reading and its writing changes nothing, and is told", async () => {
  await using log = memoryLog({ now: () => 0 });
  await using store = memoryStore();
  await log.ensureTopics([{ name: topics.history, partitions: 1, retention: "forever" }]);
  const event = { type: "InstanceStarted", instance: "a", workflow: "w", version: "1", definition: "h" };
  await log.append(topics.history, 0, [{ key: "a", value: JSON.stringify({ atMs: 5, events: [event] }) }], { at: 0 });
  const space = viewSpace(topics.history, 0);
  const other = { expected: null, position: 1, values: new Map([["instance/a", "theirs"]]), added: [], removed: [] };
  const raced: Store = {
    load: (...asked) => store.load(...asked),
    async commit(...step) {
      await store.commit(space, other);
      return store.commit(...step);
    },
    scan: (...asked) => store.scan(...asked),
    wipe: (...asked) => store.wipe(...asked),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
  const views = await PartitionViews.open({ log, store: raced, logger: QUIET }, topics.history, 0);
  const batch = await log.read(topics.history, 0, views.next, 10);
  await assert.rejects(views.take(batch), new StoreMovedError("the store is not at null any more"));
  assert.deepEqual(await store.load(space, ["instance/a"]), { position: 1, values: ["theirs"] });
  assert.equal(views.next, 0);
});
