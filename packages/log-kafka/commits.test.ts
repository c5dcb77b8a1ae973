import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Commits, type Position } from "./commits.ts";

const TIMES = { tryIntervalMs: 1, againMs: 5 };
const LOGGER = { debug() {}, info() {}, warn() {} };

const at = (partition: number, offset: number): Position => ({ topic: "orders", partition, offset, note: "" });

/** A coordinator that refuses as long as it is told to. */
function coordinator() {
  const committed = new Map<number, number>();
  const state = { refuses: false, requests: 0, committed };
  const commits = new Commits(
    async (positions) => {
      state.requests++;
      if (state.refuses) throw new Error("not the coordinator");
      for (const { partition, offset } of positions) committed.set(partition, offset);
    },
    LOGGER,
    TIMES,
  );
  return { commits, state };
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(1);
}

test("what is committed while a request is under way goes with the next, the newest of each partition", async () => {
  const { commits, state } = coordinator();
  await Promise.all([commits.add(at(0, 1)), commits.add(at(0, 2)), commits.add(at(0, 3)), commits.add(at(1, 7))]);
  assert.deepEqual([...state.committed].sort(), [
    [0, 3],
    [1, 7],
  ]);
  assert.equal(state.requests, 2);
});

test("a position that could not be committed is committed later, though nothing comes after it", async () => {
  const { commits, state } = coordinator();
  state.refuses = true;
  await commits.add(at(0, 4));
  const { requests } = state;
  await until(() => state.requests > requests + 5);
  state.refuses = false;
  await until(() => state.committed.has(0));
  assert.equal(state.committed.get(0), 4);
});

test("a newer position takes the place of one that could not be committed", async () => {
  const { commits, state } = coordinator();
  state.refuses = true;
  await commits.add(at(0, 4));
  state.refuses = false;
  await commits.add(at(0, 5));
  await sleep(10 * TIMES.againMs);
  assert.equal(state.committed.get(0), 5);
  assert.equal(state.requests, 6);
});

test("a position of a partition that was let go of is not tried again", async () => {
  const { commits, state } = coordinator();
  state.refuses = true;
  await Promise.all([commits.add(at(0, 4)), commits.add(at(1, 4))]);
  // Nothing of this test's own turns between the two, so no further try comes in between.
  commits.forget([{ topic: "orders", partition: 0 }]);
  await sleep(3 * TIMES.againMs);
  state.refuses = false;
  await until(() => state.committed.has(1));
  await sleep(10 * TIMES.againMs);
  assert.deepEqual([...state.committed], [[1, 4]]);
});
