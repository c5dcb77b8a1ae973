import assert from "node:assert/strict";
import { test } from "node:test";
import { type Log, LogUnavailableError, memoryLog } from "@antiphon/log";
import type { Decision } from "@antiphon/protocol";
import { memoryStore } from "@antiphon/store";
import type { Logger } from "./ports.ts";
import { processPartition } from "./process-partition.ts";
import { type RelayRules, relayPartition } from "./relay.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { Schedule } from "./testing/schedule.ts";
import { type Tally, type TallyEvent, tally, tallyMessage } from "./testing/tally.ts";

const silent: Logger = { info: () => {}, warn: () => {}, error: () => {} };
const clock = new FakeClock();
const FACTS = 30;

/** A source of decisions, each of which sends one or two entries to a tally. */
async function openLog(): Promise<Log> {
  const log = memoryLog();
  await log.ensureTopics([
    { name: "source", partitions: 1, retention: "forever" },
    { name: "elsewhere", partitions: 1, retention: "forever" },
    { name: tally.inputTopic, partitions: 1, retention: "forever" },
    { name: tally.factTopic, partitions: 1, retention: "forever" },
  ]);
  const decision: Decision<never> = { atMs: 0, events: [] };
  const records = Array.from({ length: FACTS }, () => ({ key: "a", value: JSON.stringify(decision) }));
  await log.append("source", 0, records, { at: 0 });
  return log;
}

function rules(sent: (next: number) => void): RelayRules<never> {
  return {
    messages: ({ offset }, stamp) =>
      Array.from({ length: 1 + (offset % 2) }, (_, i) =>
        tallyMessage("a", { entry: `${offset}.${i}`, from: stamp(i) }),
      ),
    undeliverable: (message, reason) => ({ ...message, topic: "elsewhere", value: reason }),
    sent,
  };
}

const expected = Array.from({ length: FACTS }, (_, i) => (i % 2 === 0 ? [`${i}.0`] : [`${i}.0`, `${i}.1`])).flat();

async function entriesOf(log: Log): Promise<readonly string[]> {
  const { records } = await log.read(tally.factTopic, 0, 0, 10_000);
  let state: Tally = tally.absent;
  for (const { value } of records) {
    const { events } = JSON.parse(value ?? "") as Decision<TallyEvent>;
    state = events.reduce((s, event) => tally.evolve(s, event, 0), state);
  }
  return state.entries;
}

async function until(done: () => Promise<boolean> | boolean): Promise<void> {
  for (let turn = 0; turn < 20_000; turn++) {
    if (await done()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("expected an end, found none");
}

test("every message is sent, in order, and the position moves behind what was acknowledged", async () => {
  const log = await openLog();
  const stop = new AbortController();
  let position = 0;
  const source = { topic: "source", partition: 0, from: 0, sent: 0 };
  const relay = relayPartition(
    { log, clock, logger: silent },
    source,
    rules((next) => (position = next)),
    stop.signal,
  );
  await until(() => position === FACTS);
  stop.abort();
  await relay;
  const { records } = await log.read(tally.inputTopic, 0, 0, 1_000);
  assert.deepEqual(
    records.map(({ value }) => JSON.parse(value ?? "").entry),
    expected,
  );
});

test("a record that is no decision is passed over", async () => {
  const log = await openLog();
  await log.publish(["{", "[]", null].map((value) => ({ topic: "source", partition: 0, key: "a", value })));
  const stop = new AbortController();
  let position = 0;
  const source = { topic: "source", partition: 0, from: 0, sent: 0 };
  const relay = relayPartition(
    { log, clock, logger: silent },
    source,
    rules((next) => (position = next)),
    stop.signal,
  );
  await until(() => position === FACTS + 3);
  stop.abort();
  await relay;
});

test("a fact of which nothing can be made is passed over, and stops no other", async () => {
  const log = await openLog();
  const stop = new AbortController();
  const sent: string[] = [];
  const broken: RelayRules<never> = {
    ...rules(() => {}),
    messages({ offset }) {
      if (offset === 3) throw new TypeError("there is nothing in it");
      return [{ topic: "elsewhere", key: null, value: `${offset}` }];
    },
  };
  const source = { topic: "source", partition: 0, from: 0, sent: 0 };
  const complaints: string[] = [];
  const logger = { ...silent, error: (_: object, message: string) => void complaints.push(message) };
  const relay = relayPartition({ log, clock, logger }, source, broken, stop.signal);
  await until(async () => (await log.bounds("elsewhere", 0)).end === FACTS - 1);
  stop.abort();
  await relay;
  for (const { value } of (await log.read("elsewhere", 0, 0, FACTS)).records) sent.push(`${value}`);
  const others = Array.from({ length: FACTS }, (_, i) => `${i}`).filter((offset) => offset !== "3");
  assert.deepEqual([sent, complaints], [others, ["a fact cannot be relayed: passed over"]]);
});

test("a message that its topic does not take is sent elsewhere, and stops no other", async () => {
  const log = await openLog();
  const stop = new AbortController();
  let position = 0;
  const own = rules((next) => (position = next));
  const picky: RelayRules<never> = {
    ...own,
    messages: (fact, stamp) =>
      own.messages(fact, stamp).map((m) => (fact.offset === 3 ? { ...m, topic: "nowhere" } : m)),
  };
  const source = { topic: "source", partition: 0, from: 0, sent: 0 };
  const relay = relayPartition({ log, clock, logger: silent }, source, picky, stop.signal);
  await until(() => position === FACTS);
  stop.abort();
  await relay;
  assert.equal((await log.read("elsewhere", 0, 0, 100)).records.length, 2);
  const { records } = await log.read(tally.inputTopic, 0, 0, 1_000);
  assert.deepEqual(
    records.map(({ value }) => JSON.parse(value ?? "").entry),
    expected.filter((entry) => !entry.startsWith("3.")),
  );
});

for (let seed = 1; seed <= 40; seed++) {
  test(`zombie relays, lost acknowledgements and restores anywhere deliver each message once (seed ${seed})`, async () => {
    const schedule = new Schedule(seed);
    const memory = await openLog();
    const stop = new AbortController();
    const receiver = processPartition(
      tally,
      { log: memory, store: memoryStore(), clock, logger: silent },
      0,
      stop.signal,
    );
    const publish = async (messages: Parameters<Log["publish"]>[0]): Promise<void> => {
      await schedule.point();
      if (schedule.chance(0.15)) throw new LogUnavailableError("lost on the way there");
      // A send that fails half-way leaves what came first.
      const half = schedule.chance(0.15) ? Math.floor(schedule.random() * messages.length) : messages.length;
      await memory.publish(messages.slice(0, half));
      await schedule.point();
      if (half < messages.length || schedule.chance(0.15)) throw new LogUnavailableError("lost on the way back");
    };
    /** Short batches, so that relays can be stopped and overtaken anywhere. */
    async function* tail(topic: string, partition: number, from: number, { signal }: { signal: AbortSignal }) {
      for (let next = from; !signal.aborted && next < FACTS; ) {
        await schedule.point();
        const batch = await memory.read(topic, partition, next, 1 + Math.floor(schedule.random() * 4));
        next = batch.next;
        yield batch;
      }
    }
    const log = { ...memory, publish, tail } as unknown as Log;
    let committed = 0;
    const run = async (): Promise<void> => {
      const source = { topic: "source", partition: 0, from: committed, sent: committed };
      const mine = new AbortController();
      const own = rules((next) => {
        // A zombie's commit may come late and take the position back.
        if (schedule.chance(0.7)) committed = next;
        if (schedule.chance(0.1)) mine.abort();
      });
      await relayPartition({ log, clock, logger: silent }, source, own, mine.signal);
    };
    let ended = false;
    const relays = (async () => {
      while (committed < FACTS) await Promise.all([run(), run()]);
      ended = true;
    })();
    await schedule.run(
      () => ended,
      () => clock.turn(500),
    );
    await relays;
    await until(async () => (await entriesOf(memory)).length >= expected.length);
    stop.abort();
    await receiver;
    assert.deepEqual(await entriesOf(memory), expected);
  });
}

test("a relay that begins below what was sent sends only what is beyond, and never says that less was", async () => {
  const log = await openLog();
  const stop = new AbortController();
  const told: number[] = [];
  const seen: number[] = [];
  const beyond: RelayRules<never> = {
    ...rules((next) => void told.push(next)),
    messages: ({ offset }) => [{ topic: "elsewhere", key: null, value: `${offset}` }],
    see: (facts) => void seen.push(...facts.map(({ offset }) => offset)),
  };
  const short: Log = new Proxy(log, {
    get(target, name) {
      const member: unknown =
        name === "tail"
          ? async function* () {
              yield { records: (await target.read("source", 0, 0, 5)).records, next: 5, end: FACTS };
              yield { ...(await target.read("source", 0, 5, FACTS)) };
            }
          : Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  const source = { topic: "source", partition: 0, from: 0, sent: FACTS - 2 };
  await relayPartition({ log: short, clock, logger: silent }, source, beyond, stop.signal);
  const { records } = await log.read("elsewhere", 0, 0, FACTS);
  assert.deepEqual(
    records.map(({ value }) => value),
    [`${FACTS - 2}`, `${FACTS - 1}`],
  );
  assert.deepEqual(told, [FACTS - 2, FACTS]);
  assert.equal(seen.length, FACTS);
});

test("what cannot be sent because the log is away is sent when it is back, and is not taken for undeliverable", async () => {
  const log = await openLog();
  const stop = new AbortController();
  const sizes: number[] = [];
  const away: Log = new Proxy(log, {
    get(target, name) {
      const publish = async (messages: Parameters<Log["publish"]>[0]): Promise<void> => {
        // First all together, then the first of them alone, are met by a log that is not there.
        const call = sizes.push(messages.length);
        if (call === 1 || call === 3) throw new LogUnavailableError("away");
        if (call === 2) throw new Error("one of them is too large");
        await target.publish(messages);
      };
      const member: unknown = name === "publish" ? publish : Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  const hurried = { now: () => 0, steady: () => 0, sleep: async () => {} };
  const source = { topic: "source", partition: 0, from: 0, sent: 0 };
  const relay = relayPartition(
    { log: away, clock: hurried, logger: silent },
    source,
    rules(() => {}),
    stop.signal,
  );
  await until(async () => (await log.bounds(tally.inputTopic, 0)).end === expected.length);
  stop.abort();
  await relay;
  assert.equal((await log.bounds("elsewhere", 0)).end, 0);
  assert.deepEqual(sizes, [expected.length, expected.length, 1, expected.length]);
});
