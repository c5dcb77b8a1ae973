import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenHarness } from "./harness.ts";
import { modelStore } from "./model-store.ts";
import { randomSteps } from "./random-steps.ts";
import { commitOf, compare, lines, type Step } from "./steps.ts";

const SEEDS = [1, 2, 3];
const RANDOM_STEPS = 300;

/** What a fold does in its life, including a wipe. Commits expect what an undisturbed store would be at. */
const SCENARIO: readonly Step[] = [
  (store) => store.load("s/0", ["a", "b"]),
  (store) => store.commit("s/0", commitOf(null, 10, { values: new Map([["a", "1"]]), added: lines("due", "1", "2") })),
  (store) => store.commit("s/1", commitOf(null, 3, { values: new Map([["a", "other"]]) })),
  (store) => store.scan("s/0", "due", { limit: 10 }),
  (store) =>
    store.commit(
      "s/0",
      commitOf(10, 20, {
        values: new Map([
          ["a", null],
          ["b", "2"],
        ]),
        removed: lines("due", "1"),
      }),
    ),
  (store) => store.load("s/0", ["a", "b"]),
  (store) => store.commit("s/0", commitOf(10, 30)),
  (store) => store.wipe("s/0"),
  (store) => store.commit("s/0", commitOf(null, 15, { values: new Map([["b", "again"]]), added: lines("due", "3") })),
  (store) => store.scan("s/0", "due", { limit: 10, reverse: true }),
  (store) => store.load("s/1", ["a"]),
];

/** Whatever happens between two calls, the store answers as one that it happened to in the plainest way. */
export function testDisturbances(open: OpenHarness): void {
  test("before each step of a fold in turn something happens to the store, and it answers as the model does", async (t) => {
    await using known = await open();
    for (const { name } of known.disturbances) {
      await t.test(name, async () => {
        for (const moment of SCENARIO.keys()) await disturbed(open, name, moment);
      });
    }
    assert.ok(known.disturbances.some(({ losesEverything }) => losesEverything));
  });

  test(`over ${RANDOM_STEPS} steps at random the store answers as the model does`, async () => {
    for (const seed of SEEDS) {
      await using harness = await open();
      const model = modelStore();
      let count = 0;
      for await (const step of randomSteps(seed, model)) {
        await compare(harness, model, step, `seed ${seed}, step ${count}`);
        if (++count === RANDOM_STEPS) break;
      }
    }
  });
}

async function disturbed(open: OpenHarness, name: string, moment: number): Promise<void> {
  await using harness = await open();
  const model = modelStore();
  for (const [index, step] of SCENARIO.entries()) {
    if (index === moment) {
      const disturbance = harness.disturbances.find((candidate) => candidate.name === name);
      if (!disturbance) throw new Error(`expected the disturbance "${name}" at every opening, found none`);
      await disturbance.happen();
      if (disturbance.losesEverything) model.loseEverything();
    }
    await compare(harness, model, step, `step ${index}, after "${name}" before step ${moment}`);
  }
}
