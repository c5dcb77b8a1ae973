import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type LastRead, type Log, PlaceLostError, TopicMismatchError } from "@antiphon/log";
import kafkajs from "kafkajs";
import { administer } from "./support/kafka-admin.ts";
import { type Broker, skipWithoutBroker, startBroker } from "./support/kafka-broker.ts";
import { testClient } from "./support/kafka-harness.ts";
import { waitUntil } from "./support/wait-until.ts";

const skip = await skipWithoutBroker();
let broker: Broker;
if (skip === false) {
  before(async () => {
    broker = await startBroker();
  });
  after(() => broker?.[Symbol.asyncDispose]());
}

describe("a topic that is changed under its readers, on Kafka", { skip }, () => {
  test("made anew: a reader that follows learns it, and where to go on", async () => {
    await using log = await withTopic("anew");
    const seen: (string | null)[] = [];
    const lost = readFrom(log, "anew", 0, undefined, seen);
    await write(log, "anew", "old", 20);
    await waitUntil("the reader to have all", async () => seen.length === 20 || undefined);
    await makeAnew("anew");
    await write(log, "anew", "new", 15);
    const error = await lost;
    assert.ok(error instanceof PlaceLostError, String(error));
    assert.match(error.message, /^partition 0 of "anew": expected .*, found .*: it was made anew or cut off$/);
    assert.equal(error.next, 0);
    const again: (string | null)[] = [];
    void readFrom(log, "anew", error.next, undefined, again);
    await waitUntil("what was published since", async () => again.length === 15 || undefined);
    assert.ok(again.every((value) => value?.startsWith("new")));
  });

  test("made anew, and longer than the reader had got: it is known by the record that was read last", async () => {
    await using log = await withTopic("longer");
    await write(log, "longer", "old", 3);
    const { records } = await log.read("longer", 0, 0, 10);
    await makeAnew("longer");
    await write(log, "longer", "new", 9);
    const error = await readFrom(log, "longer", 3, records[2], []);
    assert.ok(error instanceof PlaceLostError, String(error));
    assert.match(error.message, /expected the record of \S+ at 2, found one of \S+:/);
    assert.equal(error.next, 0);
  });

  test("as it was: a reader goes on without repeating anything, also where what it read last is gone", async () => {
    await using log = await withTopic("kept");
    await write(log, "kept", "v", 5);
    const { records } = await log.read("kept", 0, 0, 10);
    const seen: (string | null)[] = [];
    void readFrom(log, "kept", 3, records[2], seen);
    await waitUntil("what comes after", async () => seen.length === 2 || undefined);
    assert.deepEqual(seen, ["v-3", "v-4"]);
    await administer(broker.brokers, async (admin) => {
      await admin.fetchTopicOffsets("kept");
      await admin.deleteTopicRecords({ topic: "kept", partitions: [{ partition: 0, offset: "4" }] });
    });
    const late: (string | null)[] = [];
    void readFrom(log, "kept", 3, records[2], late);
    await waitUntil("what is left", async () => late.length > 0 || undefined);
    assert.deepEqual(late, ["v-4"]);
  });

  test("grown: a group reads the partitions that were added, from their beginning", async () => {
    await using log = testClient(broker.brokers, { group: QUICK });
    await log.ensureTopics([{ name: "grown", partitions: 1, retention: "forever" }]);
    const seen = new Set<string>();
    await using _ = await log.join("grown", ["grown"], async ({ topic, partition, committed, signal }) => {
      for await (const { records } of log.tail(topic, partition, committed?.offset ?? 0, { signal })) {
        for (const { value } of records) seen.add(`${partition}: ${value}`);
      }
    });
    await log.publish([{ topic: "grown", key: null, value: "before", partition: 0 }]);
    await waitUntil("what was there", async () => seen.size === 1 || undefined);
    await addPartitions("grown", 3);
    await using other = testClient(broker.brokers);
    await waitUntil("the partitions", async () => (await other.partitions("grown")) === 3 || undefined);
    await other.publish([1, 2].map((partition) => ({ topic: "grown", key: null, value: "after", partition })));
    await waitUntil("what lies in the new ones", async () => seen.size === 3 || undefined);
    assert.deepEqual([...seen].sort(), ["0: before", "1: after", "2: after"]);
  });

  test("grown, and the machine's own: the group ends with both numbers, as keys would go elsewhere", async () => {
    await using log = testClient(broker.brokers, { group: QUICK });
    await log.ensureTopics([{ name: "antiphon.own", partitions: 1, retention: "forever" }]);
    await using membership = await log.join("antiphon.own", ["antiphon.own"], ({ signal }) => aborted(signal));
    const ended = assert.rejects(membership.stopped, /topic "antiphon.own" has 2 partitions, expected 1/);
    await addPartitions("antiphon.own", 2);
    await ended;
    const send = () => log.publish([{ topic: "antiphon.own", key: "k", value: "v" }]);
    await assert.rejects(send(), TopicMismatchError);
  });

  test("set up otherwise: the machine's own is refused at the start with all that was expected and found", async () => {
    await using log = testClient(broker.brokers);
    const specs = [
      { name: "antiphon.kept", partitions: 1, retention: "forever" },
      { name: "antiphon.fine", partitions: 1, retention: "forever" },
    ] as const;
    await log.ensureTopics(specs);
    await using again = testClient(broker.brokers);
    await again.ensureTopics(specs);
    await configure("antiphon.kept", { "retention.ms": "604800000", "cleanup.policy": "delete" });
    await using refused = testClient(broker.brokers);
    await assert.rejects(refused.ensureTopics(specs), (error) => {
      return (
        error instanceof TopicMismatchError &&
        error.message.includes(
          '"antiphon.kept": retention.ms: expected -1, which is without a limit, found 604800000',
        ) &&
        !error.message.includes("antiphon.fine")
      );
    });
  });

  test("an event topic that somebody else has made may be set up as it likes", async () => {
    await using log = testClient(broker.brokers);
    const spec = { name: "theirs", partitions: 1, retention: "forever" } as const;
    await log.ensureTopics([spec]);
    await configure("theirs", { "retention.ms": "1000000" });
    await log.ensureTopics([spec]);
  });
});

function configure(name: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries }];
  return administer(broker.brokers, (admin) => admin.alterConfigs({ validateOnly: false, resources }));
}

/** A group that notices soon what has changed. */
const QUICK = { heartbeatIntervalMs: 50, sessionTimeoutMs: 6_000, partitionsLookMs: 200 };

function addPartitions(topic: string, count: number): Promise<void> {
  return administer(broker.brokers, (admin) => admin.createPartitions({ topicPartitions: [{ topic, count }] }));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

async function withTopic(name: string): Promise<Log> {
  const log = testClient(broker.brokers);
  await log.ensureTopics([{ name, partitions: 1, retention: "forever" }]);
  return log;
}

async function write(log: Log, topic: string, what: string, count: number): Promise<void> {
  const messages = Array.from({ length: count }, (_, i) => ({ topic, key: null, value: `${what}-${i}`, partition: 0 }));
  await log.publish(messages);
}

/** Reads on until an error, which it resolves to. */
async function readFrom(
  log: Log,
  topic: string,
  from: number,
  last: LastRead | undefined,
  seen: (string | null)[],
): Promise<unknown> {
  const { signal } = new AbortController();
  try {
    const batches = log.tail(topic, 0, from, { signal, ...(last && { after: last }) });
    for await (const { records } of batches) seen.push(...records.map(({ value }) => value));
    return undefined;
  } catch (error) {
    return error;
  }
}

async function makeAnew(topic: string): Promise<void> {
  await administer(broker.brokers, async (admin) => {
    await admin.deleteTopics({ topics: [topic] });
    for (let isMade = false; !isMade; ) {
      const topics = [{ topic, numPartitions: 1 }];
      isMade = await admin.createTopics({ topics, waitForLeaders: true }).catch(() => false);
      if (!isMade) await sleep(50);
    }
  });
}
