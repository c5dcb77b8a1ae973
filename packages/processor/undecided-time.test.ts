import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLog } from "@antiphon/log";
import { type Decision, formatJson, type Json, parseJson, topics } from "@antiphon/protocol";
import { memoryStore } from "@antiphon/store";
import { DECISION_BYTES_MAX } from "./decide-batch.ts";
import type { Domain } from "./domain.ts";
import { UNDECIDED_MS } from "./entity.ts";
import { processPartition } from "./process-partition.ts";
import { FakeClock } from "./testing/fake-clock.ts";

type State = { readonly dueMs?: number; readonly said?: string };
type Input = { readonly dueMs: number };
type Event = { readonly dueMs: number } | { readonly said: string };

const logger = { info: () => {}, warn: () => {}, error: () => {} };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Entities whose time cannot be decided, or only by what no record can hold: no text of ASCII, so that units are not bytes. */
function undecidable(key: string): readonly Event[] {
  if (key === "throws") throw new Error("no");
  return [{ said: "\u20ac".repeat(DECISION_BYTES_MAX / 3) }];
}

function domainOf(asked: string[], says: boolean): Domain<State & { readonly key?: string }, Input, Event> {
  return {
    inputTopic: "times.inputs",
    factTopic: "times.facts",
    absent: {},
    read: ({ key, value }) => ({ key: key ?? "", input: JSON.parse(value ?? "") as Input }),
    decide({ said, dueMs }, input) {
      if ("dueMs" in input && input.dueMs !== undefined) return [{ dueMs: input.dueMs }];
      const key = dueMs === 1 ? "throws" : "large";
      asked.push(key);
      assert.equal(said, undefined);
      return undecidable(key);
    },
    evolve: (_, event) => event,
    dueMs: ({ dueMs }) => dueMs,
    fail: () => (says ? undecidable("large") : []),
    answers: () => [],
  };
}

for (const says of [false, true]) {
  test(`a time that cannot be decided is asked for once, and rests, ${says ? "also where what is said instead is no better" : "where nothing is said instead"}`, async () => {
    const log = memoryLog();
    const asked: string[] = [];
    const domain = domainOf(asked, says);
    const names = [domain.inputTopic, domain.factTopic, topics.replies];
    await log.ensureTopics(names.map((name) => ({ name, partitions: 1, retention: "forever" })));
    const order = (key: string, input: Input) =>
      log.publish([{ topic: domain.inputTopic, partition: 0, key, value: formatJson(input as Json) }]);
    const facts = async (): Promise<readonly Decision<Event>[]> => {
      const { records } = await log.read(domain.factTopic, 0, 0, 1_000);
      return records.map(({ value }) => parseJson(value ?? "") as unknown as Decision<Event>);
    };
    const clock = new FakeClock(1_000);
    let store = memoryStore();
    /** Runs for a while, until there are so many facts. */
    const run = async (count: number): Promise<void> => {
      const stop = new AbortController();
      const running = processPartition(domain, { log, store, clock, logger }, 0, stop.signal);
      while ((await facts()).length < count) await turn();
      for (let i = 0; i < 50; i++) await turn();
      stop.abort();
      await running;
      assert.equal((await facts()).length, count);
    };

    await order("a", { dueMs: 1 });
    await order("b", { dueMs: 2 });
    await run(4);
    assert.deepEqual(asked.splice(0).sort(), ["large", "throws"]);
    const rejected = (await facts()).slice(2).map((fact) => fact.rejected?.reason.slice(0, 10));
    assert.deepEqual(rejected.sort(), ["no", "the decisi"]);
    // Another owner knows, with the store and without it.
    await run(4);
    store = memoryStore();
    await run(4);
    assert.deepEqual(asked, []);
    // What comes in is decided, and so is a time that comes then.
    await order("a", { dueMs: 1 });
    await run(6);
    assert.deepEqual(asked.splice(0), ["throws"]);
    clock.turn(UNDECIDED_MS - 1);
    await run(6);
    assert.deepEqual(asked, []);
    clock.turn(1);
    await run(8);
    assert.deepEqual(asked.sort(), ["large", "throws"]);
  });
}
