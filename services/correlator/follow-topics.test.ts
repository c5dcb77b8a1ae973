import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deploy, followDefinitions } from "@antiphon/host/definitions";
import { type Log, memoryLog } from "@antiphon/log";
import { FakeClock } from "@antiphon/processor/testing";
import { topicLayout, topics } from "@antiphon/protocol";
import { followTopics, TOPICS_RETRY_MS } from "./follow-topics.ts";
import { READ_RETRY_MS } from "./ingress.ts";

/** What a log does otherwise than it should; `memory` is the one behind it. */
interface Fault {
  partitions?: (memory: Log) => Log["partitions"];
  join?: (memory: Log) => Log["join"];
  tail?: (memory: Log) => Log["tail"];
}

interface Setting {
  readonly clock: FakeClock;
  readonly fault: Fault;
  /** What was said at the level `error`, in short. */
  readonly errors: { readonly topic?: string; readonly topics?: readonly string[]; readonly message: string }[];
  readonly log: Log;
  /** Deploys a workflow that an event of a type starts. */
  deploys(type: string): Promise<void>;
  /** Sends an event to a topic, and waits until it has come through. */
  comesThrough(topic: string): Promise<void>;
}

const TYPES = ["bad", "good"];

function startedBy(type: string): string {
  const state = { name: "Begin", type: "event", onEvents: [{ eventRefs: ["begun"], actions: [] }], end: true };
  return JSON.stringify({ id: `by-${type}`, start: "Begin", events: [{ name: "begun", type }], states: [state] });
}

/** Follows the topics of two definitions on a log with a fault. */
async function following(fault: Fault, body: (setting: Setting) => Promise<void>): Promise<void> {
  const memory = memoryLog();
  await memory.ensureTopics(topicLayout(1));
  const clock = new FakeClock(1_000);
  const errors: Setting["errors"] = [];
  const logger = {
    info() {},
    warn() {},
    error: (details: object, message: string) => void errors.push({ ...shortOf(details), message }),
  };
  await using definitions = followDefinitions({ log: memory, clock, logger }, {});
  const deploys = async (type: string): Promise<void> => {
    const path = `${type}.sw.json`;
    await deploy({ log: memory, definitions }, { path, files: { [path]: startedBy(type) } }, {});
  };
  for (const type of TYPES) await deploys(type);
  const log: Log = {
    ensureTopics: (specs) => memory.ensureTopics(specs),
    partitions: (topic) => (fault.partitions?.(memory) ?? memory.partitions.bind(memory))(topic),
    append: (...of) => memory.append(...of),
    publish: (messages) => memory.publish(messages),
    read: (...of) => memory.read(...of),
    bounds: (...of) => memory.bounds(...of),
    truncate: (...of) => memory.truncate(...of),
    committed: (...of) => memory.committed(...of),
    tail: (...of) => (fault.tail?.(memory) ?? memory.tail.bind(memory))(...of),
    join: (...of) => (fault.join?.(memory) ?? memory.join.bind(memory))(...of),
    [Symbol.asyncDispose]: () => memory[Symbol.asyncDispose](),
  };
  let sent = 0;
  {
    await using _ = await followTopics({ log, clock, logger, definitions, partitions: 1 });
    await body({
      clock,
      fault,
      errors,
      log: memory,
      deploys,
      async comesThrough(topic) {
        await until(async () => (await memory.partitions(topic)) !== undefined, `topic ${topic}`);
        const { end } = await memory.bounds(topics.commands, 0);
        const event = { specversion: "1.0", id: `e-${++sent}`, source: "/s", type: topic };
        await memory.publish([{ topic, key: null, value: JSON.stringify(event), partition: 0 }]);
        await until(async () => (await memory.bounds(topics.commands, 0)).end > end, `an event on ${topic}`);
      },
    });
  }
}

function shortOf({ topic, topics }: { topic?: string; topics?: readonly string[] }) {
  return { ...(topic !== undefined && { topic }), ...(topics !== undefined && { topics }) };
}

async function until(done: () => Promise<boolean>, what: string): Promise<void> {
  for (let turn = 0; turn < 2_000; turn++) {
    if (await done()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`expected ${what}`);
}

async function refused(): Promise<never> {
  throw new Error("not authorized");
}

describe("a topic that cannot be used is named and tried again, while all others go on", () => {
  test("where it cannot even be asked for", async () => {
    const fault: Fault = {
      partitions: (memory) => (topic) => (topic === "bad" ? refused() : memory.partitions(topic)),
    };
    await following(fault, async ({ clock, errors, log, comesThrough }) => {
      const message = "a topic can neither be found nor made; trying again while others go on";
      assert.deepEqual(errors, [{ topic: "bad", message }]);
      await comesThrough("good");
      clock.turn(TOPICS_RETRY_MS);
      await comesThrough("good");
      assert.equal(errors.length, 1, "it is named once");
      delete fault.partitions;
      assert.equal(await log.partitions("bad"), undefined);
      clock.turn(TOPICS_RETRY_MS);
      await until(async () => (await log.partitions("bad")) !== undefined, "the topic");
      await comesThrough("bad");
      await comesThrough("good");
    });
  });

  test("where it cannot be read", async () => {
    const fault: Fault = {
      tail: (memory) =>
        async function* (topic, ...of) {
          if (topic === "bad") await refused();
          yield* memory.tail(topic, ...of);
        },
    };
    await following(fault, async ({ clock, errors, comesThrough }) => {
      await comesThrough("good");
      assert.deepEqual(errors, [{ topic: "bad", message: "a topic cannot be read; trying again while others go on" }]);
      delete fault.tail;
      clock.turn(READ_RETRY_MS);
      await comesThrough("bad");
    });
  });
});

test("a deployment that brings a topic leaves those that are taken from alone", async () => {
  let tails: string[] = [];
  const fault: Fault = {
    tail: (memory) => (topic, partition, from, options) => {
      tails.push(topic);
      return memory.tail(topic, partition, from, options);
    },
  };
  await following(fault, async ({ deploys, comesThrough }) => {
    await comesThrough("bad");
    await comesThrough("good");
    tails = [];
    await deploys("more");
    await comesThrough("more");
    assert.deepEqual(tails, ["more"]);
  });
});

test("a membership that cannot begin, or ends, is taken up again", async () => {
  const fault: Fault = { join: () => refused };
  await following(fault, async ({ clock, errors, comesThrough }) => {
    const joined = { topics: TYPES };
    assert.deepEqual(errors, [{ ...joined, message: "topics cannot be joined; trying again" }]);
    const end = Promise.withResolvers<void>();
    fault.join =
      (memory) =>
      async (...of) => {
        const membership = await memory.join(...of);
        return { stopped: end.promise, [Symbol.asyncDispose]: () => membership[Symbol.asyncDispose]() };
      };
    clock.turn(TOPICS_RETRY_MS);
    await comesThrough("good");
    delete fault.join;
    end.reject(new Error("the group is gone"));
    await until(async () => errors.length === 2, "the end to be told");
    assert.deepEqual(errors[1], { ...joined, message: "taking events from topics has ended; trying again" });
    clock.turn(TOPICS_RETRY_MS);
    await comesThrough("bad");
  });
});
