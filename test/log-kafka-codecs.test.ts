import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Log } from "@antiphon/log";
import { Kafka, logLevel } from "kafkajs";
import { type Broker, skipWithoutBroker, startBroker } from "./support/kafka-broker.ts";
import { testClient } from "./support/kafka-harness.ts";

const skip = await skipWithoutBroker();
const VALUES = Array.from({ length: 50 }, (_, i) => `${i}: ${"straße ☃ ".repeat(i)}`);

describe("records that are compressed on a topic", { skip }, () => {
  let broker: Broker;
  let log: Log;
  before(async () => {
    broker = await startBroker();
    log = testClient(broker.brokers);
  });
  after(async () => {
    await log?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
  });

  for (const codec of ["gzip", "snappy", "lz4", "zstd"]) {
    test(`are read with ${codec}`, async () => {
      const topic = `compressed-${codec}`;
      await createTopic(topic, codec);
      await log.publish(VALUES.map((value) => ({ topic, partition: 0, key: null, value })));
      const { records } = await log.read(topic, 0, 0, VALUES.length);
      assert.deepEqual(
        records.map(({ value }) => value),
        VALUES,
      );
    });
  }

  /** The broker itself compresses what comes, as Java's producers do. */
  async function createTopic(topic: string, codec: string): Promise<void> {
    const admin = new Kafka({ brokers: [...broker.brokers], clientId: "codecs", logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const configEntries = [{ name: "compression.type", value: codec }];
    await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1, configEntries }] });
    await admin.disconnect();
  }
});
