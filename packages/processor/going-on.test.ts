import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLog } from "@antiphon/log";
import { formatJson, type Json, parseJson, topics } from "@antiphon/protocol";
import { memoryStore } from "@antiphon/store";
import type { Domain } from "./domain.ts";
import { processPartition } from "./process-partition.ts";
import { FakeClock } from "./testing/fake-clock.ts";

/** What goes on so often in decisions of its own, each due as soon as the one before it is done. */
const PARTS = 200;

type State = { readonly dueMs?: number; readonly parts?: number };
type Input = { readonly parts: number } | { readonly say: string };
type Event = { readonly dueMs: number; readonly parts: number } | { readonly said: string };

const domain: Domain<State, Input, Event> = {
  inputTopic: "long.inputs",
  factTopic: "long.facts",
  absent: {},
  read: ({ key, value }) => ({ key: key ?? "", input: JSON.parse(value ?? "") as Input }),
  decide({ dueMs, parts = 0 }, input, nowMs) {
    if ("say" in input) return [{ said: input.say }];
    if ("parts" in input) return [{ dueMs: nowMs, parts: input.parts }];
    return dueMs === undefined || dueMs > nowMs ? [] : [{ dueMs: nowMs, parts: parts - 1 }];
  },
  evolve: (state, event) => ("said" in event ? state : event.parts === 0 ? { parts: 0 } : event),
  dueMs: ({ dueMs }) => dueMs,
  fail: () => [],
  answers: () => [],
};

const logger = { info: () => {}, warn: () => {}, error: () => {} };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function world() {
  const log = memoryLog();
  const names = [domain.inputTopic, domain.factTopic, topics.replies];
  await log.ensureTopics(names.map((name) => ({ name, partitions: 1, retention: "forever" })));
  return {
    log,
    publish: (key: string, input: Input) =>
      log.publish([{ topic: domain.inputTopic, partition: 0, key, value: formatJson(input as Json) }]),
    async facts(): Promise<readonly Event[]> {
      const { records } = await log.read(domain.factTopic, 0, 0, 10_000);
      return records.flatMap(({ value }) => (parseJson(value ?? "") as unknown as { events: readonly Event[] }).events);
    },
  };
}

const isSaid = (fact: Event) => "said" in fact;

test("who comes while something goes on in many decisions is decided in between, and not behind them", async () => {
  const { log, publish, facts } = await world();
  await publish("long", { parts: PARTS });
  const stop = new AbortController();
  const clock = new FakeClock(1_000);
  const run = processPartition(domain, { log, store: memoryStore(), clock, logger }, 0, stop.signal);
  const waits: number[] = [];
  for (let i = 0; i < 5; i++) {
    while ((await facts()).length < (i + 1) * 20) await turn();
    const before = (await facts()).length;
    await publish(`caller ${i}`, { say: "here" });
    while ((await facts()).filter(isSaid).length <= i) await turn();
    waits.push((await facts()).findLastIndex(isSaid) - before);
  }
  while ((await facts()).length < PARTS + 1 + 5) await turn();
  stop.abort();
  await run;
  assert.ok(Math.max(...waits) <= 5, `decided behind so many others: ${waits}`);
});

test("what goes on in many decisions goes on when its owner is gone, with the store and without it", async () => {
  const { log, publish, facts } = await world();
  await publish("long", { parts: PARTS });
  const clock = new FakeClock(1_000);
  const kept = memoryStore();
  for (const [i, store] of [kept, kept, memoryStore(), memoryStore()].entries()) {
    const stop = new AbortController();
    const run = processPartition(domain, { log, store, clock, logger }, 0, stop.signal);
    const least = i === 3 ? PARTS + 1 : (i + 1) * 30;
    while ((await facts()).length < least) await turn();
    stop.abort();
    await run;
  }
  const left = (await facts()).map((fact) => ("parts" in fact ? fact.parts : undefined));
  assert.deepEqual(left, [...Array(PARTS + 1).keys()].reverse());
});
