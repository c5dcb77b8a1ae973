import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLog } from "@antiphon/log";
import { topics } from "@antiphon/protocol";
import { memoryStore } from "@antiphon/store";
import { LINES_MAX, WINDOW_MS } from "./line-limit.ts";
import { processPartition } from "./process-partition.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { tally, tallyMessage } from "./testing/tally.ts";

test("of many inputs that end as failures some are a line each, and a later line says how many were left out", async () => {
  const log = memoryLog();
  const names = [tally.inputTopic, tally.factTopic, topics.replies];
  await log.ensureTopics(names.map((name) => ({ name, partitions: 1, retention: "forever" })));
  const clock = new FakeClock();
  const lines: (number | undefined)[] = [];
  const warn = (details: object) => void lines.push((details as { readonly leftOut?: number }).leftOut);
  const logger = { info: () => {}, warn, error: () => {} };
  const failing: typeof tally = {
    ...tally,
    fail: (state) => [{ entry: "failed", nth: state.entries.length }],
  };
  const stop = new AbortController();
  const run = processPartition(failing, { log, store: memoryStore(), clock, logger }, 0, stop.signal);
  let failures = 0;
  const fail = async (count: number): Promise<void> => {
    failures += count;
    await log.publish(Array.from({ length: count }, () => tallyMessage("k", { entry: "poison" })));
    while ((await log.bounds(tally.factTopic, 0)).end < failures) await new Promise((done) => setImmediate(done));
    for (let i = 0; i < 20; i++) await new Promise((done) => setImmediate(done));
  };
  await fail(LINES_MAX);
  const all = Array.from({ length: LINES_MAX }, () => undefined);
  assert.deepEqual(lines, all);
  await fail(2);
  assert.deepEqual(lines, all);
  clock.turn(WINDOW_MS);
  await fail(1);
  assert.deepEqual(lines, [...all, 2]);
  stop.abort();
  await run;
});
