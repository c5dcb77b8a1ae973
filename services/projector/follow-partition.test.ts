import assert from "node:assert/strict";
import { test } from "node:test";
import { type Log, memoryLog } from "@antiphon/log";
import { FakeClock } from "@antiphon/processor/testing";
import { type InstanceEvent, topics } from "@antiphon/protocol";
import { type MemoryStore, memoryStore, type Store } from "@antiphon/store";
import { lists, viewSpace } from "@antiphon/views";
import { followPartition } from "./follow-partition.ts";

const SPACE = viewSpace(topics.history, 0);
const CHECK_MS = 1_000;

interface Bench {
  readonly log: Log;
  readonly store: MemoryStore;
  readonly clock: FakeClock;
  readonly said: string[];
  /** Follows the one partition, through `store` if the bench's own is not meant. */
  follow(store?: Store): { readonly caughtUp: Promise<void>; stop(): Promise<void> };
}

async function bench(): Promise<Bench> {
  const log = memoryLog({ now: () => 0 });
  const store = memoryStore();
  const clock = new FakeClock();
  const said: string[] = [];
  const say = (_details: object, message: string): void => void said.push(message);
  await log.ensureTopics([{ name: topics.history, partitions: 1, retention: "forever" }]);
  return {
    log,
    store,
    clock,
    said,
    follow(through = store) {
      const stop = new AbortController();
      const { promise: caughtUp, resolve } = Promise.withResolvers<void>();
      const ports = { log, store: through, clock, logger: { info: say, warn: say, error: say } };
      const progress = { behind() {}, caughtUp: resolve };
      const followed = { topic: topics.history, partition: 0, progress };
      const running = followPartition(ports, { viewsDelayMs: 0 }, followed, stop.signal);
      return {
        caughtUp,
        async stop() {
          stop.abort();
          await running;
        },
      };
    },
  };
}

/** Writes a decision about an instance to the end of history. */
async function write(log: Log, instance: string, ...events: InstanceEvent[]): Promise<void> {
  const { end } = await log.bounds(topics.history, 0);
  const value = JSON.stringify({ atMs: 1_000 + end, events });
  await log.append(topics.history, 0, [{ key: instance, value }], { at: end });
}

function started(instance: string): InstanceEvent {
  const facts = { workflow: "w", version: "1", definition: "h", data: {}, headers: {}, correlation: {} };
  return { type: "InstanceStarted", instance, ...facts };
}

/** The ids in a list, oldest first. */
async function listed(store: Store, index: string): Promise<readonly string[]> {
  const entries = await store.scan(SPACE, index, { limit: 10_000 });
  return entries.map((entry) => entry.slice(16));
}

const TURNS_MAX = 10_000;

async function until(done: () => Promise<boolean>, what: string): Promise<void> {
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    if (await done()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`expected ${what} within ${TURNS_MAX} turns`);
}

async function reaches(store: Store, position: number): Promise<void> {
  await until(async () => (await store.load(SPACE, [])).position === position, `the store at ${position}`);
}

test("what is in the log and what comes later stands in the lists", async () => {
  const { log, store, follow } = await bench();
  await write(log, "a", started("a"));
  const projector = follow();
  await projector.caughtUp;
  assert.deepEqual(await listed(store, lists.heldInstancesOf("w")), ["a"]);
  await write(log, "b", started("b"));
  await write(log, "a", { type: "InstanceCompleted" });
  await reaches(store, 3);
  assert.deepEqual(await listed(store, lists.instances), ["a", "b"]);
  assert.deepEqual(await listed(store, lists.heldInstancesOf("w")), ["b"]);
  await projector.stop();
});

test("a store that is empty gets from a log that was cut off what is alive, and one that went back to what was cut off begins anew", async () => {
  const { log, store, said, follow } = await bench();
  await write(log, "ended", started("ended"), { type: "InstanceCompleted" });
  await write(log, "alive", started("alive"), { type: "StateEntered", state: "Ask", visit: 1 });
  const older = follow();
  await older.caughtUp;
  await older.stop();
  const { values } = await store.load(SPACE, ["instance/alive"]);
  await write(log, "alive", { type: "DataChanged", data: {} });
  const state = { ...started("alive"), id: "alive", status: "active", sinceMs: 1_001, updatedMs: 1_002 };
  const inIt = { tokens: { main: { state: "Ask", visit: 1 } }, waits: {}, timers: {}, actions: {}, buffer: [] };
  const checkpoint = { state: { ...state, ...inIt } };
  const copy = { key: "alive", value: JSON.stringify({ atMs: 9_000, events: [], checkpoint }) };
  await log.append(topics.history, 0, [copy], { at: 3 });
  await log.truncate(topics.history, 0, 3);
  const newer = follow();
  await newer.caughtUp;
  assert.deepEqual(said, ["views are made anew: the log does not hold what comes next"]);
  assert.deepEqual(await listed(store, lists.instances), ["alive"]);
  const { values: after } = await store.load(SPACE, ["instance/alive"]);
  assert.deepEqual(JSON.parse(after[0] ?? ""), { ...JSON.parse(values[0] ?? ""), updatedMs: 1_002, newest: 3 });
  await newer.stop();
});

test("a projector that starts again goes on where the last one was, without reading the log again", async () => {
  const { log, store, follow } = await bench();
  await write(log, "a", started("a"));
  const first = follow();
  await first.caughtUp;
  await first.stop();
  // A mark that folding from the start would not leave.
  const mark = { index: lists.instances, entry: "000000000000000 mark" };
  await store.commit(SPACE, { expected: 1, position: 1, values: new Map(), added: [mark], removed: [] });
  await write(log, "b", started("b"));
  const second = follow();
  await second.caughtUp;
  assert.deepEqual(await listed(store, lists.instances), ["mark", "a", "b"]);
  await second.stop();
});

test("a store that loses everything while nothing happens is filled again from the log's start", async () => {
  const { log, store, clock, follow } = await bench();
  await write(log, "a", started("a"));
  await write(log, "b", started("b"));
  const projector = follow();
  await projector.caughtUp;
  store.loseEverything();
  clock.turn(CHECK_MS);
  await reaches(store, 2);
  assert.deepEqual(await listed(store, lists.instances), ["a", "b"]);
  await projector.stop();
});

test("a store that loses everything before the next record is filled again as well", async () => {
  const { log, store, follow } = await bench();
  await write(log, "a", started("a"));
  const projector = follow();
  await projector.caughtUp;
  store.loseEverything();
  await write(log, "a", { type: "InstanceCompleted" });
  await reaches(store, 2);
  assert.deepEqual(await listed(store, lists.instancesThatAre("completed")), ["a"]);
  await projector.stop();
});

test("views that are ahead of the log belong to another log, and are made anew", async () => {
  const { log, store, follow } = await bench();
  const strange = { index: lists.instances, entry: "000000000000000 strange" };
  await store.commit(SPACE, { expected: null, position: 99, values: new Map(), added: [strange], removed: [] });
  await write(log, "a", started("a"));
  const projector = follow();
  await projector.caughtUp;
  assert.deepEqual(await listed(store, lists.instances), ["a"]);
  await projector.stop();
});

test("two projectors on one partition leave what one would", async () => {
  const { log, store, said, follow } = await bench();
  const [one, other] = [follow(), follow(late(store))];
  for (let i = 0; i < 300; i++) {
    await write(log, `i${i % 20}`, i < 20 ? started(`i${i}`) : { type: "StateEntered", state: `s${i}`, visit: i });
    if (i % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await reaches(store, 300);
  await Promise.all([one.stop(), other.stop()]);
  assert.ok(said.includes("views go on from where the store is"), "expected them to meet");
  const all = Array.from({ length: 20 }, (_, i) => `i${i}`);
  assert.deepEqual(await listed(store, lists.instances), all);
  const alone = await bench();
  for (let i = 0; i < 300; i++) {
    const event = i < 20 ? started(`i${i}`) : ({ type: "StateEntered", state: `s${i}`, visit: i } as const);
    await write(alone.log, `i${i % 20}`, event);
  }
  const projector = alone.follow();
  await projector.caughtUp;
  await projector.stop();
  const keys = all.map((id) => `instance/${id}`);
  assert.deepEqual(await store.load(SPACE, keys), await alone.store.load(SPACE, keys));
});

test("a record that cannot be read is passed over", async () => {
  const { log, store, said, follow } = await bench();
  await write(log, "a", started("a"));
  await log.append(topics.history, 0, [{ key: "a", value: "{" }], { at: 1 });
  await write(log, "b", started("b"));
  const projector = follow();
  await projector.caughtUp;
  assert.deepEqual(await listed(store, lists.instances), ["a", "b"]);
  assert.deepEqual(said, ["a record is in no view: it cannot be read"]);
  await projector.stop();
});

test("a store that cannot be reached is tried again until it can", async () => {
  const { log, store, clock, said, follow } = await bench();
  await write(log, "a", started("a"));
  let failures = 3;
  const failing: Store = {
    ...late(store),
    commit: async (space, commit) => {
      if (failures-- > 0) throw new Error("gone");
      return store.commit(space, commit);
    },
  };
  const projector = follow(failing);
  for (let i = 1; i <= 3; i++) {
    await until(async () => said.length === i && clock.nextMs !== undefined, `failure ${i}`);
    clock.turn(5_000);
  }
  await projector.caughtUp;
  assert.deepEqual(await listed(store, lists.instances), ["a"]);
  await projector.stop();
});

/** The same store, a little further away. */
function late(store: Store): Store {
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    load: async (space, keys) => turn().then(() => store.load(space, keys)),
    commit: async (space, commit) => turn().then(() => store.commit(space, commit)),
    scan: (space, index, range) => store.scan(space, index, range),
    wipe: (space) => store.wipe(space),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
