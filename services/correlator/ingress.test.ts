import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { subscribe } from "@antiphon/correlation";
import { type Committed, LogUnavailableError, type Message, memoryLog } from "@antiphon/log";
import { FakeClock } from "@antiphon/processor/testing";
import { DATA_BYTES_MAX, type DeadLetter, type Json, topicLayout, topics } from "@antiphon/protocol";
import { messagesOf, REJECTED_BYTES_MAX, ROUTE_MS_MAX, takeEvents } from "./ingress.ts";

/** Longer than a position, or another try, is put off. */
const LONG_MS = 1_000;
const PUBLISHED_MS = 7;
const EVENT = '{"specversion":"1.0","id":"1","source":"/shop","type":"paid"}';

interface Setting {
  readonly clock: FakeClock;
  /** What was committed so far. */
  readonly commits: readonly Committed[];
  /** How often it was tried to send something on. */
  tries(): number;
  /** What the log says to the try that is waiting for it. */
  acknowledge(): void;
  refuse(): void;
  /** Ends the reader, as when its partition is taken away. */
  end(): Promise<void>;
  sent(): Promise<number>;
}

/** One event lies on a user's topic, and is being sent on. */
async function sending(body: (setting: Setting) => Promise<void>): Promise<void> {
  const log = memoryLog({ now: () => PUBLISHED_MS });
  await log.ensureTopics([...topicLayout(1), { name: "paid", partitions: 1, retention: "forever" }]);
  await log.publish([{ topic: "paid", key: null, value: EVENT, partition: 0 }]);
  let [tries, answer] = [0, Promise.withResolvers<void>()];
  const publish = log.publish.bind(log);
  log.publish = async (messages) => {
    tries++;
    await answer.promise;
    await publish(messages);
  };
  const clock = new FakeClock(1_000);
  const logger = { info() {}, warn() {}, error() {} };
  const commits: Committed[] = [];
  const stop = new AbortController();
  const commit = async (position: Committed): Promise<void> => {
    commits.push(position);
  };
  const owned = { topic: "paid", partition: 0, committed: undefined, signal: stop.signal, commit };
  const running = takeEvents({ log, clock, logger }, owned, () => subscribe([]));
  await until(() => tries === 1, "a try to send");
  const setting: Setting = {
    clock,
    commits,
    tries: () => tries,
    acknowledge: () => answer.resolve(),
    refuse() {
      const { reject } = answer;
      answer = Promise.withResolvers();
      reject(new LogUnavailableError("nobody answers"));
    },
    async end() {
      stop.abort();
      answer.resolve();
      await running;
    },
    sent: async () => (await log.bounds(topics.deadLetters, 0)).end,
  };
  await body(setting);
  await setting.end();
}

async function until(look: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 1_000; turn++) {
    if (look()) return;
    await settled();
  }
  throw new Error(`expected ${what}`);
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("the ingress commits its position behind what was acknowledged", () => {
  test("not while a send has no answer", () =>
    sending(async ({ clock, commits, acknowledge, sent }) => {
      for (let turn = 0; turn < 10; turn++) {
        clock.turn(LONG_MS);
        await settled();
      }
      assert.deepEqual(commits, []);
      acknowledge();
      await until(() => clock.nextMs !== undefined, "a commit that is put off");
      clock.turn(LONG_MS);
      await until(() => commits.length > 0, "a commit");
      assert.deepEqual(commits, [{ offset: 1, note: `0@${PUBLISHED_MS}` }]);
      assert.equal(await sent(), 1);
    }));

  test("not when a send has failed, but when it has come through at another try", () =>
    sending(async ({ clock, commits, refuse, acknowledge, tries, sent }) => {
      refuse();
      await until(() => clock.nextMs !== undefined, "a rest");
      assert.deepEqual(commits, []);
      clock.turn(LONG_MS);
      await until(() => tries() === 2, "another try");
      clock.turn(LONG_MS);
      await settled();
      assert.deepEqual(commits, []);
      acknowledge();
      await until(() => clock.nextMs !== undefined, "a commit that is put off");
      clock.turn(LONG_MS);
      await until(() => commits.length > 0, "a commit");
      assert.equal(await sent(), 1);
    }));

  test("not when its partition is taken away before the answer: the next owner sends the event once more", () =>
    sending(async ({ commits, end }) => {
      await end();
      assert.deepEqual(commits, []);
    }));
});

describe("a topic that was made anew, or cut off", () => {
  const topic = "paid";

  /** Reads a topic that holds one event and another time than it did, for an owner that goes on at 5; gives what it did. */
  async function goingOn(note: string) {
    const log = memoryLog();
    await log.ensureTopics([...topicLayout(1), { name: topic, partitions: 1, retention: "forever" }]);
    await log.publish([{ topic, key: null, value: EVENT, partition: 0 }]);
    const asked: unknown[] = [];
    const tail = log.tail.bind(log);
    log.tail = (topic, partition, from, options) => {
      asked.push({ from, after: options.after });
      return tail(topic, partition, from, options);
    };
    const told: unknown[] = [];
    const error = (details: { topic: string; offset: number; goesOnAt: number }, message: string) =>
      void told.push([details.topic, details.offset, details.goesOnAt, message]);
    const stop = new AbortController();
    const committed = { offset: 5, note };
    const owned = { topic, partition: 0, committed, signal: stop.signal, commit: async () => {} };
    const ports = { log, clock: new FakeClock(1_000), logger: { info() {}, warn() {}, error } };
    const running = takeEvents(ports, owned, () => subscribe([]));
    let sent = 0;
    await until(() => {
      void log.bounds(topics.deadLetters, 0).then(({ end }) => {
        sent = end;
      });
      return sent === 1;
    }, "the event to be sent on");
    stop.abort();
    await running;
    return { asked, told };
  }

  test("is named, and read on from what it holds; what was read last is told to the log", async () => {
    const { asked, told } = await goingOn("4@1700000000000");
    assert.deepEqual(asked, [
      { from: 5, after: { offset: 4, timestampMs: 1_700_000_000_000 } },
      { from: 0, after: undefined },
    ]);
    const line = "a topic was made anew or cut off: events may be lost; going on with what it holds now";
    assert.deepEqual(told, [[topic, 5, 0, line]]);
  });

  test("is known by its end alone where the position is an earlier release's", async () => {
    const { asked } = await goingOn("");
    assert.deepEqual(asked, [
      { from: 5, after: undefined },
      { from: 0, after: undefined },
    ]);
  });
});

describe("a record that is too large for the machine stops no other", () => {
  const event = { specversion: "1.0", id: "e-1", source: "/shop", type: "paid" } as const;

  /** What a topic with these records sends on, and what is said of it, once all of them have been read. */
  async function sent(values: readonly string[], publishing?: (messages: readonly Message[]) => void) {
    const log = memoryLog();
    await log.ensureTopics([...topicLayout(1), { name: "paid", partitions: 1, retention: "forever" }]);
    await log.publish(values.map((value) => ({ topic: "paid", key: null, value, partition: 0 })));
    const publish = log.publish.bind(log);
    log.publish = async (messages) => {
      publishing?.(messages);
      await publish(messages);
    };
    const stop = new AbortController();
    const commits: Committed[] = [];
    const commit = async (position: Committed): Promise<void> => void commits.push(position);
    const told: object[] = [];
    const logger = { info() {}, warn: (details: object) => void told.push(details), error() {} };
    const owned = { topic: "paid", partition: 0, committed: undefined, signal: stop.signal, commit };
    const running = takeEvents({ log, clock: new FakeClock(1_000), logger }, owned, () => subscribe([]));
    for (let turn = 0; turn < 1_000 && commits.at(-1)?.offset !== values.length; turn++) {
      await settled();
      if (turn === 900) stop.abort();
    }
    await running;
    const valuesOn = async (topic: string) =>
      (await log.read(topic, 0, 0, 100)).records.map(({ value }) => JSON.parse(value ?? "") as Json);
    return {
      letters: (await valuesOn(topics.deadLetters)) as unknown as DeadLetter[],
      commands: await valuesOn(topics.commands),
      told,
    };
  }

  /** An event of exactly so many bytes, with text outside ASCII. */
  function eventOf(bytes: number): string {
    const bare = JSON.stringify({ ...event, data: "ä" });
    return bare.replace("ä", `ä${"x".repeat(bytes - Buffer.byteLength(bare))}`);
  }

  test("an event of exactly the limit goes on its way, and of one byte more its attributes are put aside", async () => {
    const { letters } = await sent([eventOf(DATA_BYTES_MAX)]);
    assert.deepEqual([letters.length, letters[0]?.isCut, letters[0]?.disposition], [1, undefined, "unmatched"]);
    const next = { ...event, id: "e-2", kogitoprocrefid: "i" };
    const larger = await sent([eventOf(DATA_BYTES_MAX + 1), JSON.stringify(next)]);
    const reason = `the event: expected at most ${DATA_BYTES_MAX} bytes, found ${DATA_BYTES_MAX + 1}`;
    assert.deepEqual(
      larger.letters.map(({ event, isCut, disposition, reason }) => ({ event, isCut, disposition, reason })),
      [{ event, isCut: true, disposition: "rejected", reason }],
    );
    assert.equal(larger.commands.length, 1);
  });

  test("an event whose text takes more than a batch may have, once it is in an order, is put aside as well", async () => {
    const headers = {
      ce_specversion: "1.0",
      ce_id: "e-1",
      ce_source: "/shop",
      ce_type: "paid",
      ce_kogitoprocrefid: "i",
    };
    const value = "\u0001".repeat(DATA_BYTES_MAX);
    const record = {
      key: null,
      value,
      headers: { ...headers, "content-type": "text/plain" },
      offset: 0,
      timestampMs: 0,
    };
    const [message] = messagesOf({ topic: "paid", partition: 0 }, { records: [record] }, subscribe([]), 0);
    assert.deepEqual(
      [message?.topic, message?.letter?.isCut, message?.letter?.event],
      [topics.deadLetters, true, { ...event, kogitoprocrefid: "i", datacontenttype: "text/plain" }],
    );
  });

  test("of a record that is no event the beginning is kept, counted in bytes", async () => {
    const { letters } = await sent([`${"ä".repeat(REJECTED_BYTES_MAX / 2)}`, `${"ä".repeat(REJECTED_BYTES_MAX / 2)}x`]);
    assert.deepEqual(
      letters.map(({ value, isCut }) => [Buffer.byteLength(value ?? ""), isCut]),
      [
        [REJECTED_BYTES_MAX, undefined],
        [REJECTED_BYTES_MAX, true],
      ],
    );
  });

  test("what its topic does not take, whyever, becomes a dead letter, and each dead letter is told once", async () => {
    const named = (id: string) => JSON.stringify({ ...event, id, kogitoprocrefid: id });
    const { letters, commands, told } = await sent([named("bad"), named("good"), "{"], (messages) => {
      if (messages.some(({ topic, key }) => topic === topics.commands && key === "bad")) throw new Error("no");
    });
    assert.deepEqual(
      letters.map(({ event, reason }) => [event?.id, reason]),
      [
        ["bad", 'topic "antiphon.commands" does not take it: no'],
        [undefined, letters[1]?.reason],
      ],
    );
    assert.equal(commands.length, 1);
    const place = { topic: "paid", partition: 0 };
    assert.deepEqual(
      told.map((details) => ({ ...details, deadLetter: "", reason: "" })),
      [
        {
          ...place,
          offset: 0,
          source: "/shop",
          event: "bad",
          type: "paid",
          disposition: "rejected",
          deadLetter: "",
          reason: "",
        },
        { ...place, offset: 2, disposition: "rejected", deadLetter: "", reason: "" },
      ],
    );
  });
});

test("where events take long to be routed others go on in between, none is lost, and the log says which they were", async () => {
  const log = memoryLog();
  await log.ensureTopics([...topicLayout(1), { name: "paid", partitions: 1, retention: "forever" }]);
  const values = [EVENT, EVENT.replace('"1"', '"2"'), EVENT.replace('"1"', '"3"')];
  await log.publish(values.map((value) => ({ topic: "paid", key: null, value, partition: 0 })));
  let [nowMs, moments] = [0, 0];
  const seenAt = new Set<number>();
  // Time goes on whenever somebody looks at it.
  const clock = new FakeClock();
  clock.now = () => {
    seenAt.add(moments);
    nowMs += ROUTE_MS_MAX;
    return nowMs;
  };
  const warned: object[] = [];
  const logger = { info() {}, warn: (details: object) => warned.push({ ...details }), error() {} };
  const stop = new AbortController();
  const owned = { topic: "paid", partition: 0, committed: undefined, signal: stop.signal, commit: async () => {} };
  const running = takeEvents({ log, clock, logger }, owned, () => subscribe([]));
  while ((await log.bounds(topics.deadLetters, 0)).end < values.length) {
    moments += 1;
    await settled();
  }
  stop.abort();
  await running;
  const told = (offset: number) => ({ topic: "paid", partition: 0, offset, tookMs: ROUTE_MS_MAX });
  assert.deepEqual(
    warned.filter((details) => "tookMs" in details),
    [told(0), told(1), told(2)],
  );
  assert.ok(seenAt.size >= values.length, `${seenAt.size} moments`);
});
