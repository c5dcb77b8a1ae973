import assert from "node:assert/strict";
import { test } from "node:test";
import { type Log, type Message, memoryLog } from "@antiphon/log";
import { type Decision, parseJson, type Stamp, topics } from "@antiphon/protocol";
import { memoryStore, type Store } from "@antiphon/store";
import type { Logger } from "./ports.ts";
import { processPartition } from "./process-partition.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { faultyLog, faultyStore } from "./testing/faulty-ports.ts";
import { Schedule } from "./testing/schedule.ts";
import { type Tally, type TallyEvent, type TallyInput, tally, tallyMessage } from "./testing/tally.ts";

const silent: Logger = { info: () => {}, warn: () => {}, error: () => {} };

async function openLog(): Promise<Log> {
  const log = memoryLog();
  await log.ensureTopics([
    { name: tally.inputTopic, partitions: 1, retention: "forever" },
    { name: tally.factTopic, partitions: 1, retention: "forever" },
    { name: topics.replies, partitions: 1, retention: "forever" },
  ]);
  return log;
}

/** Folds the facts of the log, from nothing. */
async function foldOf(log: Log): Promise<{ tallies: Record<string, Tally>; decisions: Decision<TallyEvent>[] }> {
  const { records } = await log.read(tally.factTopic, 0, 0, 100_000);
  const tallies: Record<string, Tally> = {};
  const decisions = records.map(({ key, value }) => {
    const decision = parseJson(value ?? "") as unknown as Decision<TallyEvent>;
    if (key !== null && decision.events.length > 0) {
      tallies[key] = decision.events.reduce((s, e) => tally.evolve(s, e, 0), tallies[key] ?? tally.absent);
    }
    return decision;
  });
  return { tallies, decisions };
}

async function settled(log: Log, inputs: number): Promise<void> {
  for (let turn = 0; turn < 10_000; turn++) {
    const { decisions } = await foldOf(log);
    if (Math.max(-1, ...decisions.map(({ input }) => input ?? -1)) >= inputs - 1) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`expected ${inputs} inputs to be taken in`);
}

async function answers(log: Log, count: number): Promise<unknown[]> {
  for (let turn = 0; turn < 10_000; turn++) {
    const { records } = await log.read(topics.replies, 0, 0, 1_000);
    if (records.length >= count) return records.map(({ value }) => JSON.parse(value ?? ""));
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`expected ${count} answers`);
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 10_000; turn++) {
    if (await done()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("expected an end, found none");
}

async function entriesIn(store: Store): Promise<readonly string[]> {
  const { values } = await store.load(`${tally.factTopic}/0`, ["=a"]);
  return values[0] ? JSON.parse(values[0]).state.entries : [];
}

/** Runs one owner while `during` runs. */
async function owned(log: Log, store: Store, clock: FakeClock, during: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const run = processPartition(tally, { log, store, clock, logger: silent }, 0, stop.signal);
  await during();
  stop.abort();
  await run;
}

test("inputs are decided in their order, each entity by itself", async () => {
  const log = await openLog();
  await log.publish([
    tallyMessage("a", { entry: "1" }),
    tallyMessage("b", { entry: "2" }),
    tallyMessage("a", { entry: "3" }),
  ]);
  await owned(log, memoryStore(), new FakeClock(), () => settled(log, 3));
  const { tallies } = await foldOf(log);
  assert.deepEqual(tallies, { a: { entries: ["1", "3"], closed: 0 }, b: { entries: ["2"], closed: 0 } });
});

test("a decision names its entity's previous one, across batches and owners", async () => {
  const log = await openLog();
  const store = memoryStore();
  await log.publish([
    tallyMessage("a", { entry: "1" }),
    tallyMessage("b", { entry: "2" }),
    tallyMessage("a", { entry: "3" }),
  ]);
  await owned(log, store, new FakeClock(), () => settled(log, 3));
  await log.publish([tallyMessage("a", { entry: "4" })]);
  await owned(log, store, new FakeClock(), () => settled(log, 4));
  const { decisions } = await foldOf(log);
  assert.deepEqual(
    decisions.map(({ previous }) => previous),
    [undefined, undefined, 0, 2],
  );
});

test("a decision names the one that its entity began with, across owners, with the store or without it", async () => {
  for (const lose of [false, true]) {
    const log = await openLog();
    const store = memoryStore();
    const domain = { ...tally, isBeginning: (event: TallyEvent) => "entry" in event && event.entry === "begin" };
    const entries = ["before", "begin", "2", "3", "begin", "5"];
    for (const [i, entry] of entries.entries()) {
      await log.publish([tallyMessage("a", { entry })]);
      const stop = new AbortController();
      const run = processPartition(domain, { log, store, clock: new FakeClock(), logger: silent }, 0, stop.signal);
      await settled(log, i + 1);
      stop.abort();
      await run;
      if (lose) store.loseEverything();
    }
    const { decisions } = await foldOf(log);
    assert.deepEqual(
      decisions.map(({ beginning }) => beginning),
      [undefined, undefined, undefined, 1, 1, 1],
    );
  }
});

test("an owner goes on where the last one stopped, with the store or without it", async () => {
  for (const lose of [false, true]) {
    const log = await openLog();
    const store = memoryStore();
    for (let i = 0; i < 3; i++) {
      await log.publish([tallyMessage("a", { entry: `${i}` })]);
      await owned(log, store, new FakeClock(), () => settled(log, i + 1));
      if (lose) store.loseEverything();
    }
    assert.deepEqual((await foldOf(log)).tallies, { a: { entries: ["0", "1", "2"], closed: 0 } });
  }
});

test("an input that cannot be read, and one that cannot be decided, are rejected; the others are not touched", async () => {
  const log = await openLog();
  await log.publish([
    { topic: tally.inputTopic, partition: 0, key: "x", value: "{" },
    { topic: tally.inputTopic, partition: 0, key: "x", value: null },
    tallyMessage("a", { entry: "poison", reply: { gateway: "g", request: "r" } }),
    tallyMessage("a", { entry: "1" }),
  ]);
  await owned(log, memoryStore(), new FakeClock(), async () => {
    await settled(log, 4);
    assert.deepEqual(await answers(log, 1), [{ type: "RequestRejected", request: "r", reason: "poison" }]);
  });
  const { tallies, decisions } = await foldOf(log);
  assert.deepEqual(tallies, { a: { entries: ["1"], closed: 0 } });
  assert.equal(decisions.filter(({ rejected }) => rejected !== undefined).length, 3);
});

test("a record among the facts that is no decision is passed over, by whoever owns the partition", async () => {
  const log = await openLog();
  const store = memoryStore();
  const junk = ["{", '{"events":1}', "null", null].map((value) => ({
    topic: tally.factTopic,
    partition: 0,
    key: "a",
    value,
  }));
  await log.publish(junk);
  await log.publish([tallyMessage("a", { entry: "1" })]);
  await owned(log, store, new FakeClock(), () => until(async () => (await entriesIn(store)).join() === "1"));
  await log.publish(junk);
  store.loseEverything();
  await log.publish([tallyMessage("a", { entry: "2" })]);
  await owned(log, store, new FakeClock(), () => until(async () => (await entriesIn(store)).join() === "1,2"));
});

test("a decision that cannot be folded is never appended, and one that somebody appended stops nobody", async () => {
  const log = await openLog();
  const store = memoryStore();
  const foreign: Decision<TallyEvent> = { atMs: 0, events: [{ entry: "unfoldable", nth: 0 }] };
  await log.publish([{ topic: tally.factTopic, partition: 0, key: "a", value: JSON.stringify(foreign) }]);
  await log.publish([tallyMessage("a", { entry: "unfoldable" }), tallyMessage("a", { entry: "1" })]);
  await owned(log, store, new FakeClock(), () => until(async () => (await entriesIn(store)).join() === "1"));
  const { records } = await log.read(tally.factTopic, 0, 1, 10);
  const [rejected] = records.map(({ value }) => JSON.parse(value ?? "") as Decision<TallyEvent>);
  assert.deepEqual([rejected?.events, rejected?.rejected?.reason], [[], "unfoldable"]);
});

test("inputs of which nothing comes move the position on, and are not read again", async () => {
  const log = await openLog();
  await log.publish([tallyMessage("a", { entry: "nothing" }), tallyMessage("a", { entry: "nothing" })]);
  await owned(log, memoryStore(), new FakeClock(), () => settled(log, 2));
  const { decisions } = await foldOf(log);
  assert.deepEqual(decisions, [{ input: 1, atMs: 0, events: [] }]);
});

test("a relay's message that comes again is dropped", async () => {
  const log = await openLog();
  const from = (offset: number, index = 0): Stamp => ({ topic: "t", partition: 7, offset, index });
  const messages = [
    tallyMessage("a", { entry: "1", from: from(3) }),
    tallyMessage("a", { entry: "2", from: from(3, 1) }),
    tallyMessage("a", { entry: "1", from: from(3) }),
    tallyMessage("b", { entry: "3", from: { ...from(3), partition: 8 } }),
  ];
  await log.publish(messages);
  const store = memoryStore();
  await owned(log, store, new FakeClock(), () => settled(log, 4));
  await log.publish(messages);
  await owned(log, store, new FakeClock(), () => settled(log, 8));
  store.loseEverything();
  await log.publish([...messages, tallyMessage("a", { entry: "4", from: from(4) })]);
  await owned(log, store, new FakeClock(), () => settled(log, 13));
  assert.deepEqual((await foldOf(log)).tallies, {
    a: { entries: ["1", "2", "4"], closed: 0 },
    b: { entries: ["3"], closed: 0 },
  });
});

test("a time that comes is decided once, whether memory or only the store knows of it", async () => {
  const log = await openLog();
  const store = memoryStore();
  const clock = new FakeClock(1_000);
  await log.publish([tallyMessage("a", { entry: "1", dueMs: 5_000 }), tallyMessage("b", { entry: "2", dueMs: 2_000 })]);
  const closed = async (count: number): Promise<void> => {
    for (let turn = 0; turn < 1_000; turn++) {
      if (Object.values((await foldOf(log)).tallies).filter((t) => t.closed > 0).length === count) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error(`expected ${count} to be closed`);
  };
  await owned(log, store, clock, async () => {
    await settled(log, 2);
    clock.turn(999);
    await closed(0);
    clock.turn(1);
    await closed(1);
  });
  await owned(log, store, clock, async () => {
    for (let i = 0; i < 100; i++) await new Promise((resolve) => setImmediate(resolve));
    clock.turn(10_000);
    await closed(2);
    clock.turn(10_000);
  });
  assert.deepEqual((await foldOf(log)).tallies, { a: { entries: ["1"], closed: 1 }, b: { entries: ["2"], closed: 1 } });
});

test("a decision larger than a record may be is replaced by the entity's failure", async () => {
  const log = await openLog();
  await log.publish([tallyMessage("a", { entry: "x".repeat(3_500_000) }), tallyMessage("a", { entry: "1" })]);
  await owned(log, memoryStore(), new FakeClock(), () => settled(log, 2));
  assert.deepEqual((await foldOf(log)).tallies, { a: { entries: ["failed: the decision has ", "1"], closed: 0 } });
});

test("a request is answered when the store holds what came of it", async () => {
  const log = await openLog();
  const store = memoryStore();
  await log.publish([tallyMessage("a", { entry: "1", reply: { gateway: "g", request: "r1" } })]);
  await owned(log, store, new FakeClock(), async () => {
    const [answer] = await answers(log, 1);
    assert.deepEqual(answer, { type: "InstanceMissing", request: "r1", instance: "a", reason: "1" });
    const { values } = await store.load(`${tally.factTopic}/0`, ["=a"]);
    assert.deepEqual(JSON.parse(values[0] ?? ""), { state: { entries: ["1"], closed: 0 }, newest: 0, since: 0 });
  });
});

for (let seed = 1; seed <= 60; seed++) {
  test(`two owners, lost answers and a forgetful store change nothing (seed ${seed})`, async () => {
    const schedule = new Schedule(seed);
    const memory = await openLog();
    const often = seed % 4 === 0 ? 0.05 : 0.005;
    const faults = { before: often, after: often, forget: seed % 3 === 0 ? 0.02 : 0 };
    const log = faultyLog(memory, schedule, faults);
    const store = faultyStore(memoryStore(), schedule, faults);
    const clock = new FakeClock(1_000);
    const stop = new AbortController();
    const owners = [1, 2].map(() =>
      processPartition(tally, { log, store, clock, logger: silent, cachedMax: seed % 2 }, 0, stop.signal),
    );
    const keys = [..."abcdefghijkl"];
    const sent: Message[] = [];
    let folded = await foldOf(memory);
    let reading = false;
    const isDone = (): boolean => {
      if (!reading) {
        reading = true;
        void foldOf(memory).then((now) => {
          folded = now;
          reading = false;
        });
      }
      const inputs = folded.decisions.map(({ input }) => input ?? -1);
      return (
        sent.length === 40 && Math.max(-1, ...inputs) === 39 && Object.values(folded.tallies).every((t) => t.closed > 0)
      );
    };
    const send = (): void => {
      if (sent.length === 40) return;
      const key = keys[Math.floor(schedule.random() * keys.length)] as string;
      const message = tallyMessage(key, { entry: `${sent.length}`, dueMs: clock.now() + schedule.random() * 200 });
      sent.push(message);
      void memory.publish([message]);
    };
    await schedule.run(
      () => {
        if (schedule.chance(0.1)) send();
        if (schedule.chance(0.1)) clock.turn(10);
        return isDone();
      },
      () => clock.turn(sent.length === 40 ? 500 : 1),
    );
    stop.abort();
    let ended = false;
    void Promise.all(owners).then(() => (ended = true));
    await schedule.run(
      () => ended,
      () => {},
    );
    const expected = new Map<string, string[]>();
    for (const { key, value } of sent) {
      expected.set(key as string, [
        ...(expected.get(key as string) ?? []),
        (JSON.parse(value as string) as TallyInput).entry,
      ]);
    }
    const found = Object.entries((await foldOf(memory)).tallies).map(([key, { entries }]) => [key, entries]);
    assert.deepEqual(Object.fromEntries(found), Object.fromEntries(expected));
    const inputs = folded.decisions.flatMap(({ input }) => input ?? []);
    assert.deepEqual(
      inputs,
      [...inputs].sort((a, b) => a - b),
      "inputs are taken in their order",
    );
    assert.equal(new Set(inputs).size, inputs.length, "no input is taken in twice");
  });
}

test("decisions that are too much for one batch are written in several", async () => {
  const log = await openLog();
  const large = "x".repeat(1_500_000);
  await log.publish(Array.from({ length: 4 }, (_, i) => tallyMessage("a", { entry: `${i}${large}` })));
  await owned(log, memoryStore(), new FakeClock(), () => settled(log, 4));
  const { tallies } = await foldOf(log);
  assert.deepEqual(
    tallies["a"]?.entries.map(([first]) => first),
    ["0", "1", "2", "3"],
  );
});

test("a store that has forgotten everything is filled again within a second, though nobody asks for anything", async () => {
  const log = await openLog();
  const store = memoryStore();
  const clock = new FakeClock();
  await log.publish([tallyMessage("a", { entry: "1" })]);
  await owned(log, store, clock, async () => {
    await until(async () => (await entriesIn(store)).length === 1);
    store.loseEverything();
    clock.turn(1_000);
    await until(async () => {
      clock.turn(10);
      return (await entriesIn(store)).length === 1;
    });
  });
});

test("an input that cannot be decided, and is nearly as large as a batch may be, is recorded cut and stops no other", async () => {
  const log = await openLog();
  const poison = { entry: "poison", filler: '"ä'.repeat(990_000) };
  await log.publish([tallyMessage("a", poison)]);
  await log.publish([tallyMessage("b", { entry: "1" })]);
  await owned(log, memoryStore(), new FakeClock(), () => settled(log, 2));
  const { tallies, decisions } = await foldOf(log);
  assert.deepEqual(tallies, { b: { entries: ["1"], closed: 0 } });
  assert.deepEqual(
    decisions.flatMap(({ rejected }) => (rejected ? [[rejected.reason, rejected.isCut]] : [])),
    [["poison", true]],
  );
});

test("a relay's message that was rejected is dropped when it comes again, and takes nothing back that came after it", async () => {
  const log = await openLog();
  const from = (offset: number): Stamp => ({ topic: "t", partition: 7, offset, index: 0 });
  const messages = [
    tallyMessage("a", { entry: "unknown", from: from(10) }),
    tallyMessage("a", { entry: "poison", from: from(11) }),
    tallyMessage("a", { entry: "1", from: from(12) }),
  ];
  const store = memoryStore();
  const unprepared: typeof tally = {
    ...tally,
    prepare: (_, input) =>
      "entry" in input && input.entry === "unknown" ? Promise.reject(new Error("no")) : undefined,
  };
  for (const inputs of [3, 6]) {
    await log.publish(messages);
    const stop = new AbortController();
    const ports = { log, store, clock: new FakeClock(), logger: silent };
    const run = processPartition(unprepared, ports, 0, stop.signal);
    await settled(log, inputs);
    stop.abort();
    await run;
  }
  const { tallies, decisions } = await foldOf(log);
  assert.deepEqual(tallies, { a: { entries: ["1"], closed: 0 } });
  assert.deepEqual(
    decisions.map(({ from, rejected }) => [from?.offset, rejected?.reason]),
    [
      [10, "no"],
      [11, "poison"],
      [12, undefined],
      [undefined, undefined],
    ],
  );
});

test("a partition that stops again before anything was appended rests longer each time; one that went on, as at first", async () => {
  const memory = await openLog();
  const clock = new FakeClock();
  let failures = 4;
  const append: Log["append"] = async (topic, partition, records, options) => {
    if (failures > 0) {
      failures--;
      throw new Error("no");
    }
    return await memory.append(topic, partition, records, options);
  };
  const log = new Proxy(memory, { get: (of, name) => (name === "append" ? append : Reflect.get(of, name).bind(of)) });
  const rests: unknown[] = [];
  const logger = { ...silent, warn: (details: object) => rests.push((details as { retryMs?: number }).retryMs) };
  const stop = new AbortController();
  const run = processPartition(tally, { log, store: memoryStore(), clock, logger }, 0, stop.signal);
  const rested = (count: number) =>
    until(async () => {
      if (rests.length < count) clock.turn(100);
      return rests.length >= count;
    });
  await log.publish([tallyMessage("a", { entry: "1" })]);
  await rested(4);
  await until(async () => {
    clock.turn(100);
    return (await foldOf(memory)).decisions.length === 1;
  });
  failures = 1;
  await log.publish([tallyMessage("a", { entry: "2" })]);
  await rested(5);
  stop.abort();
  await run;
  assert.deepEqual(rests, [100, 200, 400, 800, 100]);
});

test("a partition that is handed on while it is down keeps its former owner's process from nothing", async () => {
  const log = await openLog();
  const store: Store = { ...memoryStore(), load: () => Promise.reject(new Error("away")) };
  const checks = new Map<string, boolean>();
  const wasDown = Promise.withResolvers<void>();
  const health = {
    set(name: string, up: boolean): void {
      checks.set(name, up);
      if (!up) wasDown.resolve();
    },
    forget: (name: string): void => void checks.delete(name),
  };
  const stop = new AbortController();
  const run = processPartition(tally, { log, store, clock: new FakeClock(), logger: silent, health }, 0, stop.signal);
  await wasDown.promise;
  assert.deepEqual([...checks], [[`${tally.factTopic}/0`, false]]);
  stop.abort();
  await run;
  assert.deepEqual([...checks], []);
});
