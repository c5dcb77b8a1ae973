import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { aborted, until } from "./contract/fixtures.ts";
import { GroupCoordinator } from "./group-coordinator.ts";
import { MemoryPositions } from "./memory-positions.ts";

const PLACES = [{ topic: "t", partition: 0 }];

test("a run that does not return in time loses its partition, and can no longer move its position", async () => {
  const coordinator = new GroupCoordinator(new MemoryPositions(), 5);
  const release = Promise.withResolvers<void>();
  const told: unknown[] = [];
  const stubborn = coordinator.join("g", PLACES, async ({ commit }) => {
    await commit({ offset: 1, note: "in time" });
    await release.promise;
    await commit({ offset: 2, note: "too late" });
    told.push("returned");
  });
  await sleep(1);
  const other = coordinator.join("g", PLACES, async ({ committed, signal }) => {
    told.push(committed);
    await aborted(signal);
  });
  await stubborn[Symbol.asyncDispose]();
  await until("the other has it", () => told.length === 1);
  release.resolve();
  await until("the first has returned", () => told.length === 2);
  await other[Symbol.asyncDispose]();
  coordinator.join("g", PLACES, async ({ committed }) => void told.push(committed));
  await until("the last has it", () => told.length === 3);
  const committed = { offset: 1, note: "in time" };
  assert.deepEqual(told, [committed, "returned", committed]);
  await coordinator.close();
});
