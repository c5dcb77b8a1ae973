import assert from "node:assert/strict";
import { test } from "node:test";
import { type Log, memoryLog } from "@antiphon/log";
import { type Decision, parseJson, topics } from "@antiphon/protocol";
import { memoryStore, type Store } from "@antiphon/store";
import type { Domain } from "./domain.ts";
import { KEEP_MS } from "./keeper.ts";
import { PAST_MAX } from "./past-decisions.ts";
import type { Retention } from "./ports.ts";
import { processPartition } from "./process-partition.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { type Tally, type TallyEvent, type TallyInput, tally, tallyMessage } from "./testing/tally.ts";

const LOG_MS = 16_000;
const ENDED_MS = 100_000;
const SPACE = `${tally.factTopic}/0`;

/** Tallies that are over once they have an entry `over`, and keep their past. */
const domain: Domain<Tally, TallyInput, TallyEvent> = {
  ...tally,
  keepsHistory: true,
  overMs: ({ entries }) => {
    const over = entries.find((entry) => entry.startsWith("over "));
    return over === undefined ? undefined : Number(over.slice("over ".length));
  },
};

/** One partition with an owner whose clock is turned by hand. */
class Setting {
  readonly clock = new FakeClock(1_000_000);
  readonly log: Log = memoryLog({ now: () => this.clock.now() });
  store: Store = memoryStore();
  readonly errors: string[] = [];
  /** Where the slowest reader is. */
  reader = Number.POSITIVE_INFINITY;
  #owner: { readonly stop: AbortController; readonly run: Promise<void> } | undefined;

  static async open(): Promise<Setting> {
    const setting = new Setting();
    const names = [tally.inputTopic, tally.factTopic, topics.replies];
    await setting.log.ensureTopics(names.map((name) => ({ name, partitions: 1, retention: "forever" })));
    return setting;
  }

  start(): void {
    const stop = new AbortController();
    const tell = (_: object, message: string): void => void this.errors.push(message);
    const logger = { info() {}, warn: tell, error: tell };
    const retention: Retention = { logMs: LOG_MS, endedMs: ENDED_MS, slowestReader: async () => this.reader };
    const { log, store, clock } = this;
    const run = processPartition(domain, { log, store, clock, logger, cachedMax: 2 }, 0, stop.signal, retention);
    this.#owner = { stop, run };
  }

  async stop(): Promise<void> {
    this.#owner?.stop.abort();
    await this.#owner?.run;
  }

  /** Has an entry written down, and waits until it is. */
  async add(key: string, entry: string): Promise<void> {
    await this.log.publish([tallyMessage(key, { entry })]);
    await this.until(async () => (await this.stateOf(key))?.entries.includes(entry) === true, `${entry} of ${key}`);
  }

  /** Time goes on, as the owner's keeper needs it to finish what it has to do. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= KEEP_MS.rest) {
      this.clock.turn(Math.min(left, KEEP_MS.rest));
      for (let turn = 0; turn < 60; turn++) {
        await new Promise((resolve) => setImmediate(resolve));
        if (turn % 20 === 19) this.clock.turn(KEEP_MS.more);
      }
    }
  }

  async stateOf(key: string): Promise<Tally | undefined> {
    const { values } = await this.store.load(SPACE, [`=${key}`]);
    return typeof values[0] === "string" ? JSON.parse(values[0]).state : undefined;
  }

  async start0(): Promise<number> {
    return (await this.log.bounds(tally.factTopic, 0)).start;
  }

  async decisions(): Promise<readonly (Decision<TallyEvent> & { readonly key: string | null })[]> {
    const { records } = await this.log.read(tally.factTopic, 0, 0, 100_000);
    return records.map(({ key, value }) => ({ key, ...(parseJson(value ?? "") as unknown as Decision<TallyEvent>) }));
  }

  async until(done: () => Promise<boolean>, what: string): Promise<void> {
    for (let turn = 0; turn < 2_000; turn++) {
      if (await done()) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error(`expected ${what}; ${this.errors.join("; ")}`);
  }
}

test("what is alive is copied forward with its past, and the log let go of below", async () => {
  const setting = await Setting.open();
  setting.start();
  await setting.add("quiet", "1");
  await setting.add("quiet", "2");
  await setting.add("ended", `over ${setting.clock.now()}`);
  await setting.pass(2 * LOG_MS);
  await setting.add("busy", "1");
  await setting.pass(2 * LOG_MS);
  const [first] = await setting.decisions();
  assert.ok((await setting.start0()) >= 3, `the log begins at ${await setting.start0()}`);
  assert.notEqual(first?.key, "ended");
  const copy = (await setting.decisions()).findLast(
    ({ key, checkpoint }) => key === "quiet" && checkpoint !== undefined,
  );
  assert.deepEqual(copy?.checkpoint?.state, { entries: ["1", "2"], closed: 0 });
  const past = copy?.checkpoint?.history?.map(({ offset, events }) => [
    offset,
    events.map((event) => "entry" in event && event.entry),
  ]);
  assert.deepEqual(past, [
    [0, ["1"]],
    [1, ["2"]],
  ]);
  await setting.stop();
  assert.deepEqual(setting.errors, []);
});

test("an empty store is filled again from what was copied forward, and the next owner goes on", async () => {
  const setting = await Setting.open();
  setting.start();
  for (let i = 0; i < 5; i++) await setting.add("alive", `${i}`);
  await setting.add("ended", `over ${setting.clock.now()}`);
  await setting.pass(4 * LOG_MS);
  assert.ok((await setting.start0()) > 5);
  await setting.stop();
  setting.store = memoryStore();
  setting.start();
  await setting.add("alive", "5");
  assert.deepEqual(await setting.stateOf("alive"), { entries: ["0", "1", "2", "3", "4", "5"], closed: 0 });
  assert.equal(await setting.stateOf("ended"), undefined);
  await setting.add("new", "1");
  await setting.stop();
  assert.deepEqual(setting.errors, []);
});

test("facts of an entity whose beginning is gone are passed over until its copy", async () => {
  const setting = await Setting.open();
  setting.start();
  await setting.add("a", "1");
  await setting.pass(LOG_MS / 8);
  await setting.add("b", "1");
  await setting.pass(LOG_MS / 2);
  await setting.add("a", "2");
  // Its first fact is older than the retention then, and its second one is not.
  await setting.pass((LOG_MS * 3) / 4);
  const start = await setting.start0();
  const facts = await setting.decisions();
  assert.ok(start > 0, "its beginning is gone");
  assert.ok(
    facts.some(({ key, events }) => key === "a" && events.length > 0),
    "one of its facts is there",
  );
  await setting.stop();
  setting.store = memoryStore();
  setting.start();
  await setting.add("a", "3");
  assert.deepEqual(await setting.stateOf("a"), { entries: ["1", "2", "3"], closed: 0 });
  await setting.stop();
  assert.deepEqual(setting.errors, []);
});

test("the log is kept from where its slowest reader is", async () => {
  const setting = await Setting.open();
  setting.reader = 1;
  setting.start();
  await setting.add("a", "1");
  await setting.add("a", "2");
  await setting.pass(3 * LOG_MS);
  assert.equal(await setting.start0(), 1);
  setting.reader = 2;
  await setting.pass(3 * KEEP_MS.rest);
  assert.equal(await setting.start0(), 2);
  await setting.stop();
});

test("what ended long ago is forgotten, and not before", async () => {
  const setting = await Setting.open();
  setting.start();
  const endedMs = setting.clock.now();
  for (let i = 0; i < 3; i++) await setting.add(`ended ${i}`, `over ${endedMs}`);
  await setting.add("alive", "1");
  await setting.pass(ENDED_MS - KEEP_MS.rest - 1_000);
  assert.notEqual(await setting.stateOf("ended 1"), undefined);
  await setting.pass(3 * KEEP_MS.rest);
  for (let i = 0; i < 3; i++) assert.equal(await setting.stateOf(`ended ${i}`), undefined);
  assert.notEqual(await setting.stateOf("alive"), undefined);
  for (const list of ["over", "due"]) assert.deepEqual(await setting.store.scan(SPACE, list, { limit: 10 }), []);
  assert.equal((await setting.store.scan(SPACE, "since", { limit: 10 })).length, 1);
  await setting.add("ended 1", "anew");
  assert.deepEqual(await setting.stateOf("ended 1"), { entries: ["anew"], closed: 0 });
  await setting.stop();
  assert.deepEqual(setting.errors, []);
});

test("what a former owner forgot is forgotten by the next one, which has none of it in memory", async () => {
  const setting = await Setting.open();
  setting.start();
  const endedMs = setting.clock.now();
  for (let i = 0; i < 3; i++) await setting.add(`ended ${i}`, `over ${endedMs}`);
  await setting.stop();
  const { end: at } = await setting.log.bounds(tally.factTopic, 0);
  const forgotten = ["was never here", "ended 0", "ended 1", "ended 2"];
  const value = JSON.stringify({ atMs: endedMs, events: [], forgotten });
  await setting.log.append(tally.factTopic, 0, [{ key: null, value }], { at });
  setting.start();
  await setting.add("another", "1");
  for (let i = 0; i < 3; i++) assert.equal(await setting.stateOf(`ended ${i}`), undefined);
  await setting.stop();
  assert.deepEqual(setting.errors, []);
});

test("a quiet partition with as many alive as one likes is copied a few at a time", async () => {
  const setting = await Setting.open();
  setting.start();
  const keys = Array.from({ length: 120 }, (_, i) => `k${i}`);
  await setting.log.publish(keys.map((key) => tallyMessage(key, { entry: "1" })));
  await setting.until(async () => (await setting.stateOf("k119")) !== undefined, "all");
  await setting.pass(4 * LOG_MS);
  assert.ok((await setting.start0()) >= 120);
  const kept = (await setting.decisions()).filter(({ checkpoint }) => checkpoint !== undefined);
  assert.equal(new Set(kept.map(({ key }) => key)).size, 120);
  await setting.stop();
  setting.store = memoryStore();
  setting.start();
  await setting.until(async () => (await setting.stateOf("k119")) !== undefined, "all again");
  assert.deepEqual(await setting.stateOf("k0"), { entries: ["1"], closed: 0 });
  await setting.stop();
});

test("a copy has no more of the past than the limit", async () => {
  const setting = await Setting.open();
  setting.start();
  for (let i = 0; i < PAST_MAX + 5; i++) await setting.add("long", `${i}`);
  await setting.pass(2 * LOG_MS);
  await setting.pass(2 * LOG_MS);
  const copies = (await setting.decisions()).filter(
    ({ key, checkpoint }) => key === "long" && checkpoint !== undefined,
  );
  for (const { checkpoint } of copies) {
    const offsets = checkpoint?.history?.map(({ offset }) => offset);
    assert.deepEqual(
      offsets,
      Array.from({ length: PAST_MAX }, (_, i) => i + 5),
    );
  }
  assert.ok(copies.length > 0);
  await setting.stop();
});

test("a store that takes its time to be looked up in holds up nothing", async () => {
  const setting = await Setting.open();
  const { store } = setting;
  setting.store = {
    ...store,
    load: (space, keys) => store.load(space, keys),
    commit: (space, commit) => store.commit(space, commit),
    async scan(space, index, range) {
      // As long as the owner does not wait, this never goes on.
      await new Promise((resolve) => setTimeout(resolve, 1));
      return store.scan(space, index, range);
    },
  };
  setting.start();
  await setting.add("a", "1");
  await setting.pass(2 * LOG_MS);
  await setting.add("a", "2");
  await setting.stop();
  assert.deepEqual(setting.errors, []);
});

test("a log that is truncated while it is read is read anew from where it begins then", async () => {
  const setting = await Setting.open();
  setting.start();
  await setting.add("alive", "1");
  await setting.add("ended", "1");
  await setting.pass(4 * LOG_MS);
  await setting.add("ended", `over ${setting.clock.now()}`);
  await setting.stop();
  const { log } = setting;
  const { start, end } = await log.bounds(tally.factTopic, 0);
  let isFirst = true;
  const read: Log["read"] = async (...of) => {
    const batch = await log.read(...of);
    // The owner that there was before lets go of what this one has just read.
    if (of[0] === tally.factTopic && isFirst) {
      isFirst = false;
      await log.truncate(tally.factTopic, 0, start + 1);
    }
    return batch;
  };
  const told: string[] = [];
  const logger = { info: (_: object, message: string) => void told.push(message), warn() {}, error() {} };
  const truncating = new Proxy(log, {
    get: (target, name) => {
      const member: unknown = name === "read" ? read : Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  const stop = new AbortController();
  const store = memoryStore();
  const run = processPartition(domain, { log: truncating, store, clock: setting.clock, logger }, 0, stop.signal);
  await setting.until(async () => (await store.load(SPACE, [])).position !== null || told.length > 0, "an end");
  stop.abort();
  await run.catch(() => {});
  assert.ok(end > start + 1);
  assert.match(`${told[0]}`, /another owner wrote to this partition; restoring/);
});

test("a store of a release that did not list what is alive is filled anew, and lists it", async () => {
  const setting = await Setting.open();
  setting.start();
  await setting.add("a", "1");
  await setting.stop();
  const earlier = memoryStore();
  const { position } = await setting.store.load(SPACE, []);
  const values = new Map([
    ["@ledger", JSON.stringify({ inputs: 1, sources: {} })],
    ["=a", JSON.stringify({ state: { entries: ["1"], closed: 0 }, newest: 0 })],
  ]);
  await earlier.commit(SPACE, { expected: null, position: position ?? 0, values, added: [], removed: [] });
  setting.store = earlier;
  setting.start();
  const listed = async () => (await earlier.scan(SPACE, "since", { limit: 10 })).length === 1;
  for (let i = 0; i < 10 && !(await listed()); i++) await setting.pass(KEEP_MS.rest);
  assert.ok(await listed());
  await setting.stop();
});
