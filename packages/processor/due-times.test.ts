import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { memoryLog } from "@antiphon/log";
import { topics } from "@antiphon/protocol";
import { memoryStore, type Store } from "@antiphon/store";
import type { Domain } from "./domain.ts";
import { FRUITLESS_REST_MS } from "./due-times.ts";
import { processPartition } from "./process-partition.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { type Tally, type TallyEvent, type TallyInput, tally, tallyMessage } from "./testing/tally.ts";

const SPACE = `${tally.factTopic}/0`;
/** More scans of a partition that has nothing to do than these mean that it spins. */
const SCANS_MAX = 10;

/** An owner of the one partition, whose reading of the list of due times is counted. */
async function owned(domain: Domain<Tally, TallyInput, TallyEvent> = tally) {
  const log = memoryLog();
  const names = [tally.inputTopic, tally.factTopic, topics.replies];
  await log.ensureTopics(names.map((name) => ({ name, partitions: 1, retention: "forever" })));
  const store = memoryStore();
  const clock = new FakeClock(1_000);
  const warnings: object[] = [];
  const logger = { info: () => {}, warn: (details: object) => warnings.push(details), error: () => {} };
  const counted = { scans: 0 };
  const scan: Store["scan"] = async (...args) => {
    counted.scans += 1;
    // As a real store does, it lets others have their turn.
    await new Promise((resolve) => setImmediate(resolve));
    return store.scan(...args);
  };
  const { load, commit, wipe } = bound(store);
  const ports = { log, clock, logger, store: { scan, load, commit, wipe, [Symbol.asyncDispose]: async () => {} } };
  const start = () => {
    const stop = new AbortController();
    const run = processPartition(domain, ports, 0, stop.signal);
    return async () => {
      stop.abort();
      await run;
    };
  };
  const lines = () => store.scan(SPACE, "due", { limit: 10_000 });
  const facts = async () => (await log.bounds(tally.factTopic, 0)).end;
  return { log, store, clock, counted, start, lines, facts, warnings };
}

function bound(store: Store): Pick<Store, "load" | "commit" | "wipe"> {
  return { load: store.load.bind(store), commit: store.commit.bind(store), wipe: store.wipe.bind(store) };
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 10_000; turn++) {
    if (await done()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("expected an end, found none");
}

test("lines that no entity answers to are taken from the list, and those behind them are reached", async () => {
  const { log, store, clock, counted, start, lines, facts, warnings } = await owned();
  await log.publish([tallyMessage("ä", { entry: "1", dueMs: 5_000 })]);
  const stop = start();
  await until(async () => (await lines()).length === 1);
  await stop();
  const { position } = await store.load(SPACE, []);
  // One of a key that nothing is known of, and an older one of an entity that there is; more of them than are read at once.
  const entries = Array.from({ length: 700 }, (_, i) => `000000000000001 gone ${i}`).concat("000000000000002 ä");
  const added = entries.map((entry) => ({ index: "due", entry }));
  await store.commit(SPACE, { expected: position, position: position ?? 0, values: new Map(), added, removed: [] });
  counted.scans = 0;
  const end = start();
  await until(async () => (await lines()).length === 1);
  assert.deepEqual(await lines(), ["000000000005000 ä"]);
  assert.equal(warnings.length, 2, "once for each part of the list that was read");
  await setTimeout(20);
  assert.ok(counted.scans <= SCANS_MAX, `expected a partition at rest, found ${counted.scans} scans`);
  const before = await facts();
  clock.turn(4_000);
  await until(async () => (await facts()) === before + 1);
  await until(async () => (await lines()).join() === "");
  await end();
});

test("what is due and of which nothing comes is looked at again after a rest", async () => {
  const { log, clock, counted, start, lines } = await owned({
    ...tally,
    decide: (state, input, nowMs) => ("type" in input ? [] : tally.decide(state, input, nowMs)),
  });
  await log.publish([tallyMessage("a", { entry: "1", dueMs: 500 })]);
  const stop = start();
  await until(async () => (await lines()).length === 1);
  await setTimeout(20);
  assert.ok(counted.scans <= SCANS_MAX, `expected a partition at rest, found ${counted.scans} scans`);
  const before = counted.scans;
  clock.turn(FRUITLESS_REST_MS - 1);
  await setTimeout(5);
  assert.equal(counted.scans, before);
  clock.turn(1);
  await until(async () => counted.scans > before);
  await stop();
});
