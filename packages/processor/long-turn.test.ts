import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLog } from "@antiphon/log";
import { type Decision, parseJson, topics } from "@antiphon/protocol";
import { memoryStore } from "@antiphon/store";
import { processPartition } from "./process-partition.ts";
import { TURN_MS_MAX } from "./run.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { type TallyEvent, tally, tallyMessage } from "./testing/tally.ts";

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const INPUTS = 12;

/** What is written down by decisions that take so long, and how many there were between two moments of the rest. */
async function run(decisionMs: number) {
  const log = memoryLog();
  const names = [tally.inputTopic, tally.factTopic, topics.replies];
  await log.ensureTopics(names.map((name) => ({ name, partitions: 1, retention: "forever" })));
  const clock = new FakeClock();
  await log.publish([tallyMessage("due", { entry: "first", dueMs: clock.now() })]);
  await log.publish(Array.from({ length: INPUTS }, (_, i) => tallyMessage(`k${i % 3}`, { entry: `e${i}` })));
  let isOver = false;
  let moments = 0;
  const decisionsByMoment = new Map<number, number>();
  const rest = (): void => {
    moments += 1;
    if (!isOver) setImmediate(rest);
  };
  rest();
  const slow: typeof tally = {
    ...tally,
    decide(state, input, nowMs) {
      clock.turn(decisionMs);
      decisionsByMoment.set(moments, (decisionsByMoment.get(moments) ?? 0) + 1);
      return tally.decide(state, input, nowMs);
    },
  };
  const stop = new AbortController();
  const running = processPartition(slow, { log, store: memoryStore(), clock, logger: silent }, 0, stop.signal);
  let decisions: readonly Decision<TallyEvent>[] = [];
  while (decisions.flatMap(({ events }) => events).length < INPUTS + 2) {
    await new Promise((resolve) => setImmediate(resolve));
    const { records } = await log.read(tally.factTopic, 0, 0, 1_000);
    decisions = records.map(({ value }) => parseJson(value ?? "") as unknown as Decision<TallyEvent>);
  }
  stop.abort();
  await running;
  isOver = true;
  const facts = decisions.flatMap(({ input, events }) => events.map((event) => JSON.stringify([input ?? null, event])));
  return { facts: facts.sort(), atOnce: Math.max(...decisionsByMoment.values()) };
}

test("a turn that takes long lets the rest of its process go on, and what it did not come to is decided alike", async () => {
  const short = await run(0);
  assert.equal(short.atOnce > 2, true);
  for (const decisionMs of [TURN_MS_MAX / 2, TURN_MS_MAX]) {
    const long = await run(decisionMs);
    assert.deepEqual(long.facts, short.facts);
    assert.equal(long.atOnce, TURN_MS_MAX / decisionMs);
  }
});
