import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLog } from "@antiphon/log";
import { type Decision, topics } from "@antiphon/protocol";
import { memoryStore } from "@antiphon/store";
import { processPartition } from "./process-partition.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { type TallyEvent, tally, tallyMessage } from "./testing/tally.ts";

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const START_MS = 10_000_000;
const TEN_MINUTES_MS = 600_000;
const DUE_MS = START_MS + 60_000;
/** How far time goes in one step of a test. */
const STEP_MS = 1_000;

/** A clock that is set forward or back at times, while sleeps last as long as they should. */
class JumpingClock {
  readonly #steady = new FakeClock(START_MS);
  #aheadMs = 0;

  now(): number {
    return this.#steady.now() + this.#aheadMs;
  }

  steady(): number {
    return this.#steady.steady();
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return this.#steady.sleep(ms, signal);
  }

  pass(ms: number): void {
    this.#steady.turn(ms);
  }

  jump(ms: number): void {
    this.#aheadMs += ms;
  }
}

/** Everybody has done what there is to do at this time. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** When a timer was fired that is due at `DUE_MS`, by owners whose clocks jump after a while; one owner after the other. */
async function firedWith(...jumps: readonly number[]): Promise<readonly number[]> {
  const log = memoryLog();
  const names = [tally.inputTopic, tally.factTopic, topics.replies];
  await log.ensureTopics(names.map((name) => ({ name, partitions: 1, retention: "forever" })));
  await log.publish([tallyMessage("a", { entry: "wake me", dueMs: DUE_MS })]);
  const store = memoryStore();
  for (const jump of jumps) {
    const clock = new JumpingClock();
    const stop = new AbortController();
    const run = processPartition(tally, { log, store, clock, logger: silent }, 0, stop.signal);
    for (let passedMs = 0; passedMs < 2 * TEN_MINUTES_MS; passedMs += STEP_MS) {
      if (passedMs === 30 * STEP_MS) clock.jump(jump);
      clock.pass(STEP_MS);
      await settled();
    }
    stop.abort();
    await run;
  }
  const { records } = await log.read(tally.factTopic, 0, 0, 100);
  const decisions = records.map(({ value }) => JSON.parse(value ?? "") as Decision<TallyEvent>);
  return decisions.flatMap(({ events, atMs }) => (events.some((event) => "closed" in event) ? [atMs] : []));
}

for (const [what, jumps] of [
  ["back by ten minutes", [-TEN_MINUTES_MS]],
  ["forward by ten minutes", [TEN_MINUTES_MS]],
  ["not at all", [0]],
] as const) {
  test(`a clock that jumps ${what} fires a timer, and never before the time that the clock itself shows`, async () => {
    const fired = await firedWith(...jumps);
    assert.ok(fired.length >= 1, "it was fired");
    assert.deepEqual(
      fired.filter((atMs) => atMs < DUE_MS),
      [],
    );
  });
}

test("a timer fires whose clock is set back after it has rung, while its owner is busy", async () => {
  const log = memoryLog();
  const names = [tally.inputTopic, tally.factTopic, topics.replies];
  await log.ensureTopics(names.map((name) => ({ name, partitions: 1, retention: "forever" })));
  await log.publish([tallyMessage("a", { entry: "wake me", dueMs: DUE_MS })]);
  const store = memoryStore();
  const load = store.load.bind(store);
  let answering = Promise.resolve();
  store.load = async (space, keys) => {
    await answering;
    return await load(space, keys);
  };
  const clock = new JumpingClock();
  const stop = new AbortController();
  const run = processPartition(tally, { log, store, clock, logger: silent }, 0, stop.signal);
  const pass = async (ms: number): Promise<void> => {
    for (let passedMs = 0; passedMs < ms; passedMs += STEP_MS) {
      clock.pass(STEP_MS);
      await settled();
    }
  };
  await pass(DUE_MS - START_MS - 2 * STEP_MS);
  const held = Promise.withResolvers<void>();
  answering = held.promise;
  // The store is asked for another one, and whatever rings does so before it answers.
  await log.publish([tallyMessage("b", { entry: "something to do" })]);
  await settled();
  await pass(2 * STEP_MS);
  clock.jump(-TEN_MINUTES_MS);
  held.resolve();
  await pass(2 * TEN_MINUTES_MS);
  stop.abort();
  await run;
  const { records } = await log.read(tally.factTopic, 0, 0, 100);
  const decisions = records.map(({ value }) => JSON.parse(value ?? "") as Decision<TallyEvent>);
  const fired = decisions.filter(({ events }) => events.some((event) => "closed" in event));
  assert.deepEqual(
    fired.map(({ atMs }) => atMs >= DUE_MS),
    [true],
  );
});
