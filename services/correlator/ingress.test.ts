import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { subscribe } from "@antiphon/correlation";
import { type Committed, LogUnavailableError, memoryLog } from "@antiphon/log";
import { FakeClock } from "@antiphon/processor/testing";
import { topicLayout, topics } from "@antiphon/protocol";
import { takeEvents } from "./ingress.ts";

/** Longer than a position, or another try, is put off. */
const LONG_MS = 1_000;
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
  const log = memoryLog();
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
      assert.deepEqual(commits, [{ offset: 1, note: "" }]);
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
