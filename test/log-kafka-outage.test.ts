import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Log, LogUnavailableError, type Owned, RecordTooLargeError, TopicMismatchError } from "@antiphon/log";
import { breakingSockets } from "./support/kafka-breaking-sockets.ts";
import { type Broker, skipWithoutBroker, startBroker } from "./support/kafka-broker.ts";
import { testClient } from "./support/kafka-harness.ts";
import { freePort } from "./support/kafka-ports.ts";

const DOWN_MS = 1_500;
const RACED_RECORDS = 600;
const RACE_TRIES_MAX = 20_000;

const kafkajs = createRequire(import.meta.resolve("@antiphon/log-kafka"))("kafkajs");
const skip = await skipWithoutBroker();
let broker: Broker;
if (skip === false) {
  before(async () => {
    broker = await startBroker();
  });
  after(() => broker?.[Symbol.asyncDispose]());
}

describe("Kafka log, when things break", { skip }, () => {
  test("a broker that is killed and comes back is survived by appends, tails and members, and told of once", async () => {
    if (!broker.ours) return;
    const told: string[] = [];
    const tell = (_: object, message: string): void => void told.push(message);
    await using log = testClient(broker.brokers, { logger: { debug() {}, info: tell, warn: tell } });
    await log.ensureTopics([{ name: "outage", partitions: 2, retention: "forever" }]);
    const leave = new AbortController();
    const seen: (string | null)[] = [];
    const tailing = follow(log, "outage", leave.signal, seen);
    let begun = 0;
    await using _ = await log.join("outage", ["outage"], async ({ signal }) => {
      begun += 1;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    });
    let next = 0;
    const append = async (): Promise<void> => {
      const appended = await log.append("outage", 0, [{ key: null, value: `${next}` }], { at: next });
      assert.deepEqual(appended, { status: "appended", next: next + 1 });
      next += 1;
    };
    for (let i = 0; i < 20; i++) await append();
    while (begun < 2) await sleep(10);

    const appending = (async () => {
      for (let i = 0; i < 200; i++) await append();
    })();
    await broker.kill();
    await sleep(DOWN_MS);
    await broker.restart();
    await appending;

    while (seen.length < next) await sleep(10);
    leave.abort();
    await tailing;
    assert.deepEqual(
      seen,
      Array.from({ length: next }, (_, i) => `${i}`),
    );
    assert.equal(begun, 2, "partitions that are kept go on undisturbed");
    assert.deepEqual(told, ["Kafka cannot be reached; trying on", "Kafka can be reached again"]);
  });

  test("the last position before a quiet time is committed, though the broker was away just then", async () => {
    if (!broker.ours) return;
    await using log = testClient(broker.brokers);
    await log.ensureTopics([{ name: "hushed", partitions: 1, retention: "forever" }]);
    const owned = Promise.withResolvers<Owned>();
    await using _ = await log.join("hushed", ["hushed"], async (mine) => {
      owned.resolve(mine);
      await new Promise((resolve) => mine.signal.addEventListener("abort", resolve));
    });
    const { commit } = await owned.promise;
    await commit({ offset: 0, note: "before" });
    await broker.kill();
    const committing = commit({ offset: 0, note: "the last" });
    await sleep(DOWN_MS);
    await broker.restart();
    await committing;
    const committed = async (): Promise<string | null | undefined> => {
      let note: string | null | undefined;
      await administer(broker.brokers, async (admin) => {
        for (const group of await admin.listGroups().then(({ groups }) => groups.map(({ groupId }) => groupId))) {
          if (!group.endsWith("hushed")) continue;
          for (const { partitions } of await admin.fetchOffsets({ groupId: group })) note = partitions[0]?.metadata;
        }
      });
      return note;
    };
    // A broker that has just come back does not know its groups yet.
    while ((await committed().catch(() => undefined)) !== "the last") await sleep(200);
  });

  test("two writers that race over connections that break at random write each fact once", async () => {
    const { factory, calm } = breakingSockets();
    await using one = testClient(broker.brokers, { socketFactory: factory });
    await using other = testClient(broker.brokers, { socketFactory: factory });
    const writers = [one, other];
    await one.ensureTopics([{ name: "race", partitions: 1, retention: "forever" }]);
    const written = await Promise.all(writers.map((log, i) => race(log, `writer ${i}`)));
    calm();
    const leave = new AbortController();
    const total = written.flat().length;
    const [facts, others] = await Promise.all(
      writers.map(async (log) => {
        const seen: (string | null)[] = [];
        for await (const { records } of log.tail("race", 0, 0, { signal: leave.signal })) {
          seen.push(...records.map(({ value }) => value));
          if (seen.length >= total) break;
        }
        return seen;
      }),
    );
    assert.deepEqual(facts, others);
    for (const [i, own] of written.entries()) {
      assert.deepEqual(
        facts?.filter((value) => value?.startsWith(`writer ${i}`)),
        own,
      );
    }
    assert.equal(facts?.length, total);
  });

  test("partitions that somebody added are refused at the next start", async () => {
    await using log = testClient(broker.brokers);
    const spec = { name: "grown", partitions: 3, retention: "forever" } as const;
    await log.ensureTopics([spec]);
    await addPartitions(broker.brokers, "grown", 5);
    await using restarted = testClient(broker.brokers);
    const mismatch = (found: number, expected: number) => (error: unknown) =>
      error instanceof TopicMismatchError &&
      error.message === `topic "grown" has ${found} partitions, expected ${expected}`;
    await assert.rejects(restarted.ensureTopics([spec]), mismatch(5, 3));
    await assert.rejects(restarted.ensureTopics([{ ...spec, partitions: 5 }]), mismatch(3, 5));
  });

  test("a message that a user's topic does not take is refused with that topic's limit; the others are there", async () => {
    await using log = testClient(broker.brokers);
    await log.ensureTopics([{ name: "small", partitions: 1, retention: "forever" }]);
    await limitBatches(broker.brokers, "small", 1_000);
    const value = "x".repeat(400);
    const messages = [value, "y".repeat(1_500), value, value].map((value) => ({ topic: "small", key: null, value }));
    const refused = log.publish(messages);
    await assert.rejects(refused, (error) => error instanceof RecordTooLargeError && error.limitBytes === 1_000);
    const { records } = await log.read("small", 0, 0, 10);
    assert.deepEqual(new Set(records.map((record) => record.value)), new Set([value]));
  });

  test("a broker that cannot be reached is reported when the limit is over", async () => {
    await using log = testClient([`127.0.0.1:${await freePort()}`], { timeoutMs: 300 });
    await assert.rejects(log.append("t", 0, [{ key: null, value: "v" }], { at: 0 }), LogUnavailableError);
    await assert.rejects(log.publish([{ topic: "t", key: null, value: "v" }]), LogUnavailableError);
    await assert.rejects(log.read("t", 0, 0, 1), LogUnavailableError);
    await assert.rejects(log.ensureTopics([{ name: "t", partitions: 1, retention: "forever" }]), LogUnavailableError);
  });

  test("nothing is printed, and no warning of Node's appears", async () => {
    const warnings: string[] = [];
    const keep = (warning: Error): void => void warnings.push(warning.name);
    process.on("warning", keep);
    await using log = testClient(broker.brokers);
    await log.ensureTopics([{ name: "quiet", partitions: 1, retention: "forever" }]);
    await log.append("quiet", 0, [{ key: null, value: "v" }], { at: 0 });
    await sleep(20);
    process.off("warning", keep);
    assert.deepEqual(warnings, []);
  });
});

/** Appends batches of one to three records, reading on whenever the other was first; answers with what it wrote. */
async function race(log: Log, name: string): Promise<string[]> {
  const written: string[] = [];
  for (let at = 0, tries = 0; written.length < RACED_RECORDS; tries++) {
    assert.ok(tries < RACE_TRIES_MAX, `${name} wins a place within ${RACE_TRIES_MAX} tries`);
    const values = Array.from({ length: 1 + (tries % 3) }, (_, i) => `${name}: ${written.length + i}`);
    const records = values.map((value) => ({ key: null, value }));
    const appended = await log.append("race", 0, records, { at });
    if (appended.status === "appended") {
      written.push(...values);
      at = appended.next;
    } else at = (await log.read("race", 0, at, 1_000)).next;
  }
  return written;
}

async function follow(log: Log, topic: string, signal: AbortSignal, seen: (string | null)[]): Promise<void> {
  for await (const { records } of log.tail(topic, 0, 0, { signal })) seen.push(...records.map(({ value }) => value));
}

/** What an administrator may do behind the adapter's back. */
function addPartitions(brokers: readonly string[], topic: string, count: number): Promise<void> {
  return administer(brokers, (admin) => admin.createPartitions({ topicPartitions: [{ topic, count }] }));
}

function limitBatches(brokers: readonly string[], topic: string, bytes: number): Promise<void> {
  const configEntries = [{ name: "max.message.bytes", value: String(bytes) }];
  const change = { resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }] };
  return administer(brokers, (admin) => admin.alterConfigs({ validateOnly: false, ...change }));
}

async function administer(brokers: readonly string[], change: (admin: Admin) => Promise<unknown>): Promise<void> {
  const admin: Admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  await change(admin);
  await admin.disconnect();
}

/** As much of kafkajs's as is needed here; this folder depends on the adapter alone. */
interface Admin {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  createPartitions(change: object): Promise<unknown>;
  listGroups(): Promise<{ groups: { groupId: string }[] }>;
  fetchOffsets(of: { groupId: string }): Promise<{ partitions: { metadata: string | null }[] }[]>;
  alterConfigs(change: object): Promise<unknown>;
}
