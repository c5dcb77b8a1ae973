import assert from "node:assert/strict";
import { test } from "node:test";
import { type Log, memoryLog } from "@antiphon/log";
import { topics } from "@antiphon/protocol";
import { memoryStore, type Store } from "@antiphon/store";
import { LogLostError } from "./lost-log.ts";
import { LOST_MAX, processPartition } from "./process-partition.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { tally } from "./testing/tally.ts";

const silent = { info: () => {}, warn: () => {}, error: () => {} };
/** The time in the facts of these logs. */
const AT_MS = 7;
const SPACE = `${tally.factTopic}/0`;

type Bounds = Awaited<ReturnType<Log["bounds"]>>;

async function openLog(facts: number, atMs = AT_MS): Promise<Log> {
  const log = memoryLog({ now: () => AT_MS });
  const names = [tally.inputTopic, tally.factTopic, topics.replies];
  await log.ensureTopics(names.map((name) => ({ name, partitions: 1, retention: "forever" })));
  const records = Array.from({ length: facts }, () => ({ key: null, value: `{"atMs":${atMs},"events":[]}` }));
  if (facts > 0) await log.append(tally.factTopic, 0, records, { at: 0 });
  return log;
}

async function withInputs(log: Log, inputs: number): Promise<Log> {
  const input = { topic: tally.inputTopic, key: "a", value: "{}", partition: 0 };
  await log.publish(Array.from({ length: inputs }, () => input));
  return log;
}

/** The log with other bounds of one topic than it has. */
function bounded(log: Log, topic: string, change: (bounds: Bounds) => Bounds): Log {
  const bounds: Log["bounds"] = async (asked, partition) => {
    const found = await log.bounds(asked, partition);
    return asked === topic ? change(found) : found;
  };
  return new Proxy(log, {
    get(target, name) {
      const member: unknown = name === "bounds" ? bounds : Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

/** The log as it is when the first records of a topic are gone. */
function without(log: Log, first: number, topic = tally.factTopic): Log {
  return bounded(log, topic, ({ start, end }) => ({ start: Math.max(start, first), end: Math.max(end, first) }));
}

async function storeAt(position: number, ledger: object = {}): Promise<Store> {
  const store = memoryStore();
  const values = new Map([["@ledger", JSON.stringify({ inputs: 0, sources: {}, hasSince: true, ...ledger })]]);
  await store.commit(SPACE, { expected: null, position, values, added: [], removed: [] });
  return store;
}

/** A clock by which every sleep is over at once. */
function hurried() {
  const clock = new FakeClock();
  const sleep = async (ms: number): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    clock.turn(ms);
  };
  return { now: () => clock.now(), steady: () => clock.steady(), sleep };
}

/** How a partition ends that is never told to. */
async function endOf(log: Log, store: Store): Promise<unknown> {
  return processPartition(
    tally,
    { log, store, clock: hurried(), logger: silent },
    0,
    new AbortController().signal,
  ).then(
    () => "an end",
    (error: unknown) => error,
  );
}

const GO_ON = "restore the topic from a backup, or empty the store to go on without what is lost";
const BEGIN_ANEW = "restore the topic from a backup, or delete all topics and empty the store to begin anew";

for (const [what, log, store, message] of [
  [
    "whose topic was made anew, so that the store is ahead of it,",
    () => openLog(2),
    () => storeAt(7),
    `${SPACE}: expected the log up to 7, where the store is, found that it ends at 2: its topic was made anew or cut off, or the store is another log's; ${GO_ON}`,
  ],
  [
    "whose topic was made anew, and has grown past the store since,",
    () => openLog(9),
    () => storeAt(7, { newest: [6, AT_MS - 1] }),
    `${SPACE}: expected the fact of 6 at 6, which the store has, found one of 7: its topic was made anew, or the store is another log's; ${GO_ON}`,
  ],
  [
    "that has no fact where the store has its newest",
    () => cutAndGrown(3),
    () => storeAt(4, { newest: [3, AT_MS] }),
    `${SPACE}: expected the fact of 7 at 3, which the store has, found no fact: its topic was made anew, or the store is another log's; ${GO_ON}`,
  ],
  [
    "of which facts are gone that the store does not have",
    async () => without(await openLog(9), 5),
    () => storeAt(3),
    `${SPACE}: expected the log from 3, where the store is, found that it begins at 5; ${BEGIN_ANEW}`,
  ],
  [
    "whose inputs were made anew, so that new ones would be taken for old,",
    () => openLog(9),
    () => storeAt(9, { inputs: 4 }),
    `${tally.inputTopic}/0: expected inputs up to 4, which are decided, found that it ends at 0: its topic was made anew or cut off; ${BEGIN_ANEW}`,
  ],
  [
    "whose inputs were made anew, and are more than were decided,",
    async () => withInputs(await openLog(9), 6),
    () => storeAt(9, { inputs: 4, newestInput: [3, AT_MS - 1] }),
    `${tally.inputTopic}/0: expected the input of 6 at 3, which is decided, found one of 7: its topic was made anew; ${BEGIN_ANEW}`,
  ],
] as const) {
  test(`a log ${what} is refused by name, and nothing in the store is touched`, async () => {
    const held = await store();
    const { position } = await held.load(SPACE, []);
    const error = await endOf(await log(), held);
    assert.ok(error instanceof LogLostError, String(error));
    assert.equal(error.message, message);
    assert.equal((await held.load(SPACE, [])).position, position);
  });
}

test("a log that is whole again after a while is gone on from", async () => {
  let asked = 0;
  const slow = bounded(await openLog(9), tally.factTopic, (bounds) =>
    ++asked < LOST_MAX ? { ...bounds, end: 2 } : bounds,
  );
  const store = await storeAt(7, { newest: [6, AT_MS] });
  assert.equal(await reaches(slow, store, 9), undefined);
  assert.ok(asked >= LOST_MAX);
});

test("a log whose inputs were deleted before they were read is gone on from, and somebody is told", async () => {
  const complaints = await reaches(without(await openLog(9), 5, tally.inputTopic), await storeAt(7, { inputs: 2 }), 9);
  assert.equal(complaints, "3 inputs were deleted before they were read: the topic keeps them too short");
});

test("a log whose beginning is gone is refused where the store holds nothing", async () => {
  const error = await endOf(without(await openLog(9), 5), memoryStore());
  assert.ok(error instanceof LogLostError);
  assert.match(
    error.message,
    /^tally\.facts\/0: expected the log from its beginning, as the store holds nothing, found that it begins at 5; restore the topic from a backup, or delete all topics/,
  );
});

test("a log is not asked for the newest fact that the store has where that is gone", async () => {
  const store = await storeAt(6, { newest: [5, AT_MS + 1] });
  assert.equal(await reaches(without(await openLog(9), 6), store, 9), undefined);
});

test("an owner knows by its store that the log is another one than it was, though it is no shorter", async () => {
  const store = memoryStore();
  assert.equal(await reaches(await openLog(9), store, 9), undefined);
  const error = await endOf(await openLog(9, AT_MS + 1), store);
  assert.match(`${error}`, /^LogLostError: .* expected the fact of 7 at 8, which the store has, found one of 8: /);
});

test("a log whose beginning is gone serves for as long as the store has what is gone", async () => {
  assert.equal(await reaches(without(await openLog(9), 5), await storeAt(6), 9), undefined);
});

/** Runs an owner until the store is at a position; gives what it complained of, if of anything. */
async function reaches(log: Log, store: Store, position: number): Promise<string | undefined> {
  const stop = new AbortController();
  const complaints: string[] = [];
  const logger = { ...silent, error: (_: object, message: string) => void complaints.push(message) };
  const run = processPartition(tally, { log, store, clock: hurried(), logger }, 0, stop.signal);
  const isReached = async (): Promise<void> => {
    while (!stop.signal.aborted && (await store.load(SPACE, [])).position !== position) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  try {
    await Promise.race([run, isReached()]);
  } finally {
    stop.abort();
  }
  await run;
  return complaints.length === 0 ? undefined : complaints.join();
}

/** A log whose end was cut off; what an owner wrote then that had not seen it landed too early, and does not count. */
async function cutAndGrown(facts: number): Promise<Log> {
  const log = await openLog(facts);
  const records = [{ key: null, value: "what does not count" }];
  await log.append(tally.factTopic, 0, records, { at: facts });
  return log;
}
