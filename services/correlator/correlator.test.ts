import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readConfig } from "@antiphon/host";
import { type Definitions, deploy, followDefinitions } from "@antiphon/host/definitions";
import { type Log, type Message, memoryLog } from "@antiphon/log";
import { FakeClock } from "@antiphon/processor/testing";
import {
  type CorrelationInput,
  correlationKey,
  type DeadLetter,
  formatJson,
  type Json,
  parseJson,
  type StartInstance,
  topicLayout,
  topics,
} from "@antiphon/protocol";
import { memoryStore } from "@antiphon/store";
import { correlatorSettings } from "./config.ts";
import { startCorrelator } from "./index.ts";

const PARTITIONS = 2;
const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** A workflow that an event starts. */
function startedBy(id: string, type: string): string {
  const state = { name: "Begin", type: "event", onEvents: [{ eventRefs: ["begun"], actions: [] }], end: true };
  return JSON.stringify({ id, start: "Begin", events: [{ name: "begun", type }], states: [state] });
}

function workflow(id: string, type: string): string {
  return JSON.stringify({
    id,
    start: "Wait",
    events: [
      { name: "answer", type, correlation: [{ contextAttributeName: "orderid" }], metadata: { bufferFor: "PT10S" } },
    ],
    states: [{ name: "Wait", type: "callback", eventRef: "answer", end: true }],
  });
}

interface Setting {
  readonly log: Log;
  readonly clock: FakeClock;
  readonly definitions: Definitions;
  deploy(id: string, type: string): Promise<void>;
  /** Deploys the first file, and waits for a topic. */
  deployFiles(files: Readonly<Record<string, string>>, topic: string): Promise<void>;
}

async function correlating(body: (setting: Setting) => Promise<void>, log = memoryLog()): Promise<void> {
  const clock = new FakeClock(1_000);
  await log.ensureTopics(topicLayout(PARTITIONS));
  await using definitions = followDefinitions({ log, clock, logger: silent }, {});
  await definitions.ready;
  const ports = { log, store: memoryStore(), clock, logger: silent, definitions, partitions: PARTITIONS };
  const setting: Setting = {
    log,
    clock,
    definitions,
    deploy: (id, type) => setting.deployFiles({ [`${id}.sw.json`]: workflow(id, type) }, type),
    async deployFiles(files, topic) {
      const deployed = await deploy({ log, definitions }, { path: Object.keys(files)[0] ?? "", files });
      assert.equal(deployed.status, "deployed");
      await until(async () => ((await log.partitions(topic)) === undefined ? undefined : true), `topic ${topic}`);
    },
  };
  await using _correlator = await startCorrelator(ports, readConfig(correlatorSettings, {}));
  await body(setting);
}

async function until<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  for (let turn = 0; turn < 5_000; turn++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`expected ${what}`);
}

async function recordsOf(log: Log, topic: string): Promise<Json[]> {
  const batches = await Promise.all(Array.from({ length: PARTITIONS }, (_, p) => log.read(topic, p, 0, 1_000)));
  return batches.flatMap(({ records }) => records.map(({ value }) => parseJson(value ?? "null")));
}

async function atLeast(log: Log, topic: string, count: number): Promise<Json[]> {
  return await until(async () => {
    const found = await recordsOf(log, topic);
    return found.length >= count ? found : undefined;
  }, `${count} records on ${topic}`);
}

function paid(id: string, orderid: string): { readonly [name: string]: Json } {
  return { specversion: "1.0", id, source: "/shop", type: "paid", orderid, data: { id } };
}

function published(topic: string, value: Json): Message {
  return { topic, key: null, value: formatJson(value) };
}

const key = correlationKey("", "paid", { orderid: "7" }) ?? "";

function opened(offset: number): Message {
  const wait: CorrelationInput = {
    type: "OpenWait",
    key,
    wait: { instance: "i", wait: "1.event" },
    cardinality: "one",
    from: { topic: topics.history, partition: 0, offset, index: 0 },
  };
  return { topic: topics.correlation, key, value: formatJson(wait as unknown as Json) };
}

describe("the correlator", () => {
  for (const order of ["event, then wait", "wait, then event"]) {
    test(`brings an event to its wait (${order})`, () =>
      correlating(async ({ log, deploy }) => {
        await deploy("orders", "paid");
        const messages = [published("paid", paid("1", "7")), opened(3)];
        for (const message of order.startsWith("event") ? messages : messages.reverse()) {
          await log.publish([message]);
          await atLeast(log, topics.correlations, 1);
        }
        const [command] = await atLeast(log, topics.commands, 1);
        const { from, ...rest } = command as { from: { topic: string } };
        assert.equal(from.topic, topics.correlations);
        const found = { by: "key", wait: "1.event", key };
        assert.deepEqual(rest, { type: "DeliverEvent", instance: "i", event: paid("1", "7"), found });
      }));
  }

  test("sends an event that names its instance straight to it", () =>
    correlating(async ({ log, deploy }) => {
      await deploy("orders", "paid");
      const event = { ...paid("1", "7"), kogitoprocrefid: "i" };
      await log.publish([published("paid", event)]);
      const [command] = await atLeast(log, topics.commands, 1);
      assert.deepEqual(command, { type: "DeliverEvent", instance: "i", event, found: { by: "instance" } });
    }));

  test("tells a duplicate, and brings nothing twice", () =>
    correlating(async ({ log, deploy }) => {
      await deploy("orders", "paid");
      await log.publish([opened(3)]);
      await log.publish([published("paid", paid("1", "7")), published("paid", paid("1", "7")), opened(3)]);
      await log.publish([published("paid", paid("2", "7"))]);
      const facts = await until(async () => {
        const found = await recordsOf(log, topics.correlations);
        const events = found.flatMap((decision) => (decision as { events: { type: string }[] }).events);
        return events.some(({ type }) => type === "EventHeld") ? events.map(({ type }) => type) : undefined;
      }, "the second event to be held");
      assert.deepEqual(facts.toSorted(), ["EventDropped", "EventHeld", "EventMatched", "WaitRegistered"]);
      assert.equal((await recordsOf(log, topics.commands)).length, 1);
    }));

  test("gives an event that nobody waits for to the dead letters when its time is over", () =>
    correlating(async ({ log, clock, deploy }) => {
      await deploy("orders", "paid");
      await log.publish([published("paid", paid("1", "7"))]);
      await atLeast(log, topics.correlations, 1);
      await until(async () => (clock.nextMs === undefined ? undefined : true), "a timer");
      clock.turn(10_000);
      const [letter] = (await atLeast(log, topics.deadLetters, 1)) as unknown as DeadLetter[];
      assert.deepEqual([letter?.disposition, letter?.event], ["expired", paid("1", "7")]);
    }));

  test("gives what is no event to the dead letters with the reason, and goes on", () =>
    correlating(async ({ log, deploy }) => {
      await deploy("orders", "paid");
      await log.publish([
        { topic: "paid", key: null, value: "{" },
        { topic: "paid", key: null, value: null },
        published("paid", { ...paid("1", "7"), type: "other" }),
        published("paid", { ...paid("1", "7"), kogitoprocrefid: "i" }),
      ]);
      await atLeast(log, topics.commands, 1);
      const letters = (await atLeast(log, topics.deadLetters, 2)) as unknown as DeadLetter[];
      const fates = letters.map(({ disposition, value, event }) => ({ disposition, value, type: event?.type }));
      assert.deepEqual(
        fates.toSorted((a, b) => a.disposition.localeCompare(b.disposition)),
        [
          { disposition: "rejected", value: "{", type: undefined },
          { disposition: "unmatched", value: undefined, type: "other" },
        ],
      );
    }));

  test("follows the topics of definitions that come later", () =>
    correlating(async ({ log, deploy }) => {
      await deploy("orders", "paid");
      await deploy("parcels", "shipped");
      const event = { ...paid("1", "7"), type: "shipped", kogitoprocrefid: "i" };
      await log.publish([published("shipped", event)]);
      assert.equal((await atLeast(log, topics.commands, 1)).length, 1);
    }));

  test("starts a workflow with data alone, the same instance when the record is read again", () =>
    correlating(async ({ log, deployFiles }) => {
      const properties = "kogito.messaging.as-cloudevents=false\nmp.messaging.incoming.begun.topic=raw";
      const text = startedBy("raw", "begun");
      await deployFiles({ "raw.sw.json": text, "application.properties": properties }, "raw");
      await log.publish([{ topic: "raw", key: null, value: '{"n":1}', partition: 1 }]);
      const [command] = (await atLeast(log, topics.commands, 1)) as unknown as readonly StartInstance[];
      const { time, ...rest } = command?.event?.event ?? paid("none", "0");
      assert.deepEqual(
        [command?.workflow, rest, typeof time],
        ["raw", { specversion: "1.0", id: rest.id ?? "", source: "raw", type: "begun", data: { n: 1 } }, "string"],
      );
      assert.match(String(rest.id), /^1\/0\/\d+\/begun$/);
    }));

  test("brings an event to the workflow that takes its type from that topic, and to no other", () =>
    correlating(async ({ log, deployFiles }) => {
      for (const id of ["a", "b"]) {
        const properties = `mp.messaging.incoming.begun.topic=topic-${id}`;
        await deployFiles(
          { [`${id}.sw.json`]: startedBy(id, "begun"), "application.properties": properties },
          `topic-${id}`,
        );
      }
      await log.publish([published("topic-b", { ...paid("1", "7"), type: "begun" })]);
      await log.publish([published("topic-a", { ...paid("2", "7"), type: "begun" })]);
      const commands = (await atLeast(log, topics.commands, 2)) as unknown as readonly StartInstance[];
      const started = commands.map(({ workflow, event }) => [workflow, event?.event.id]);
      assert.deepEqual(started.toSorted(), [
        ["a", "2"],
        ["b", "1"],
      ]);
    }));

  test("goes on where the last one stopped", async () => {
    const log = memoryLog();
    for (const id of ["1", "2"]) {
      await correlating(async ({ deploy, definitions }) => {
        if (definitions.current("orders") === undefined) await deploy("orders", "paid");
        await log.publish([published("paid", { ...paid(id, "7"), kogitoprocrefid: "i" })]);
        await atLeast(log, topics.commands, Number(id));
      }, log);
    }
    assert.equal((await recordsOf(log, topics.commands)).length, 2);
  });
});
