import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLog } from "@antiphon/log";
import { formatJson, type Json, topics } from "@antiphon/protocol";
import { memoryStore } from "@antiphon/store";
import type { Domain } from "./domain.ts";
import { processPartition } from "./process-partition.ts";
import { FakeClock } from "./testing/fake-clock.ts";

/** Ten times what ten callers may wait for: if they were kept until the end, it would show. */
const TIMERS = 30_000;
/** What may be written between an input's arrival and its decision: the batch under way, and the one that it is in. */
const FACTS_BETWEEN_MAX = 2 * 1_500;

type State = { readonly dueMs?: number; readonly said?: string };
type Input = { readonly dueMs: number } | { readonly say: string };
type Event = { readonly dueMs: number } | { readonly said: string } | { readonly fired: true };

const domain: Domain<State, Input, Event> = {
  inputTopic: "storm.inputs",
  factTopic: "storm.facts",
  absent: {},
  read: ({ key, value }) => ({ key: key ?? "", input: JSON.parse(value ?? "") as Input }),
  decide(state, input, nowMs) {
    if ("say" in input) return [{ said: input.say }];
    if ("dueMs" in input) return [{ dueMs: input.dueMs }];
    return (state.dueMs ?? Number.POSITIVE_INFINITY) <= nowMs ? [{ fired: true }] : [];
  },
  evolve: (_, event) => ("fired" in event ? {} : event),
  dueMs: ({ dueMs }) => dueMs,
  fail: () => [],
  answers: () => [],
};

test(`${TIMERS} timers due at once keep nobody else waiting for more than two batches`, async () => {
  const log = memoryLog();
  const names = [domain.inputTopic, domain.factTopic, topics.replies];
  await log.ensureTopics(names.map((name) => ({ name, partitions: 1, retention: "forever" })));
  const message = (key: string, input: Input) =>
    ({ topic: domain.inputTopic, partition: 0, key, value: formatJson(input as Json) }) as const;
  const sleepers = Array.from({ length: TIMERS }, (_, i) => message(`t${i}`, { dueMs: 1_000 }));
  for (let i = 0; i < TIMERS; i += 10_000) await log.publish(sleepers.slice(i, i + 10_000));
  const clock = new FakeClock();
  const stop = new AbortController();
  const logger = { info: () => {}, warn: () => {}, error: () => {} };
  const run = processPartition(domain, { log, store: memoryStore(), clock, logger }, 0, stop.signal);
  const endOf = async (): Promise<number> => (await log.bounds(domain.factTopic, 0)).end;
  const reach = async (end: number): Promise<void> => {
    while ((await endOf()) < end) await new Promise((resolve) => setImmediate(resolve));
  };

  await reach(TIMERS);
  clock.turn(1_000);
  const waits: number[] = [];
  for (let i = 1; i <= 10; i++) {
    await reach(TIMERS + i * 2_000);
    const before = await endOf();
    await log.publish([message(`caller ${i}`, { say: "here" })]);
    await reach(before + 1);
    waits.push((await factOf(`caller ${i}`, before)) - before);
  }
  await reach(2 * TIMERS + 10);
  stop.abort();
  await run;
  assert.deepEqual(
    waits.filter((facts) => facts > FACTS_BETWEEN_MAX),
    [],
  );
  assert.equal(await endOf(), 2 * TIMERS + 10, "each has fired once");

  async function factOf(key: string, from: number): Promise<number> {
    for (let at = from; ; ) {
      const { records, next } = await log.read(domain.factTopic, 0, at, 5_000);
      const found = records.find((record) => record.key === key);
      if (found !== undefined) return found.offset;
      at = next;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});
