import assert from "node:assert/strict";
import { test } from "node:test";
import { type Log, memoryLog } from "@antiphon/log";
import { topics } from "@antiphon/protocol";
import { memoryStore, type Store } from "@antiphon/store";
import { LogLostError } from "./lost-log.ts";
import { processPartition } from "./process-partition.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { tally } from "./testing/tally.ts";

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const SPACE = `${tally.factTopic}/0`;

async function openLog(facts: number): Promise<Log> {
  const log = memoryLog();
  const names = [tally.inputTopic, tally.factTopic, topics.replies];
  await log.ensureTopics(names.map((name) => ({ name, partitions: 1, retention: "forever" })));
  const records = Array.from({ length: facts }, () => ({ key: null, value: '{"atMs":0,"events":[]}' }));
  if (facts > 0) await log.append(tally.factTopic, 0, records, { at: 0 });
  return log;
}

/** The log as it is when the first facts are gone. */
function without(log: Log, first: number): Log {
  return new Proxy(log, {
    get(target, name) {
      if (name === "bounds")
        return async (topic: string, partition: number) => {
          const { start, end } = await target.bounds(topic, partition);
          return { start: topic === tally.factTopic ? Math.max(start, first) : start, end };
        };
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

async function storeAt(position: number): Promise<Store> {
  const store = memoryStore();
  const values = new Map([["@ledger", '{"inputs":0,"sources":{}}']]);
  await store.commit(SPACE, { expected: null, position, values, added: [], removed: [] });
  return store;
}

/** How a partition ends that is never told to; every sleep is over at once. */
async function endOf(log: Log, store: Store): Promise<unknown> {
  const clock = new FakeClock();
  const hurried = { now: () => clock.now(), sleep: async (ms: number) => clock.turn(ms) };
  return processPartition(tally, { log, store, clock: hurried, logger: silent }, 0, new AbortController().signal).then(
    () => "an end",
    (error: unknown) => error,
  );
}

for (const [what, log, position, message] of [
  [
    "whose topic was made anew, so that the store is ahead of it,",
    () => openLog(2),
    7,
    "expected the log up to 7, where the store is, found that it ends at 2: its topic was made anew or cut off, or the store is another log's",
  ],
  [
    "of which facts are gone that the store does not have",
    async () => without(await openLog(9), 5),
    3,
    "expected the log from 3, where the store is, found that it begins at 5",
  ],
] as const) {
  test(`a log ${what} is refused by name, and nothing in the store is touched`, async () => {
    const store = await storeAt(position);
    const error = await endOf(await log(), store);
    assert.ok(error instanceof LogLostError);
    assert.equal(
      error.message,
      `${SPACE}: ${message}; restore the topic from a backup, or empty the store to go on without what is lost`,
    );
    assert.equal((await store.load(SPACE, [])).position, position);
  });
}

test("a log whose beginning is gone is refused where the store holds nothing", async () => {
  const error = await endOf(without(await openLog(9), 5), memoryStore());
  assert.ok(error instanceof LogLostError);
  assert.match(
    error.message,
    /^tally\.facts\/0: expected the log from its beginning, as the store holds nothing, found that it begins at 5; /,
  );
});

test("a log whose beginning is gone serves for as long as the store has what is gone", async () => {
  const stop = new AbortController();
  const store = await storeAt(6);
  const ports = { log: without(await openLog(9), 5), store, clock: new FakeClock(), logger: silent };
  const run = processPartition(tally, ports, 0, stop.signal);
  for (let turn = 0; turn < 1_000 && (await store.load(SPACE, [])).position !== 9; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  stop.abort();
  await run;
  assert.equal((await store.load(SPACE, [])).position, 9);
});
