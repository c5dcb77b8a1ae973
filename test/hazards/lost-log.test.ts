import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setImmediate as immediate } from "node:timers/promises";
import { LogLostError, processPartition } from "@antiphon/processor";
import { FakeClock } from "@antiphon/processor/testing";
import { topics } from "@antiphon/protocol";
import { memoryStore, type Store } from "@antiphon/store";
import { Client } from "../support/client.ts";
import { TEST_DEFINITIONS } from "../support/deployment.ts";
import { CALLBACK_SECRET, ready } from "../support/deployment-process.ts";
import { administer } from "../support/kafka-admin.ts";
import { skipWithoutBroker, startBroker } from "../support/kafka-broker.ts";
import { silent, testClient } from "../support/kafka-harness.ts";
import { ServiceProcess } from "../support/service-process.ts";
import { waitUntil } from "../support/wait-until.ts";
import { counter } from "./counter.ts";

const FACTS = 10;
const SPACE = `${counter.factTopic}/0`;
const skip = await skipWithoutBroker();

describe("a log that is lost", () => {
  test("ends the process with what was expected and found, and how to go on; without its store it goes on", async () => {
    const data = await mkdtemp(join(tmpdir(), "antiphon-lost-"));
    const settings = {
      ANTIPHON_DATA: data,
      ANTIPHON_WORKFLOWS: TEST_DEFINITIONS,
      ANTIPHON_CALLBACK_SECRET: CALLBACK_SECRET,
      ANTIPHON_PORT: "0",
    };
    const start = () => new ServiceProcess("standalone", settings);
    const urlOf = async (service: ServiceProcess): Promise<string> => {
      const { url } = await service.logged("listening on");
      await ready(service, `${url}`);
      return `${url}`;
    };
    try {
      const first = start();
      await new Client(await urlOf(first)).start("by-key", { orderid: "1" });
      await first.end("SIGTERM");
      await remove(data, "log");

      const second = start();
      assert.deepEqual(await second.ended, { code: 1, signal: null });
      const fatal = second.lines().find(({ level }) => level === 60);
      assert.match(
        `${fatal?.msg}`,
        /^the service cannot go on: antiphon\.(history|correlations)\/\d+: expected the log up to \d+, where the store is, found that it ends at \d+: .*; restore the topic from a backup, or empty the store to go on without what is lost$/,
      );

      await remove(data, "store");
      const third = start();
      await new Client(await urlOf(third)).start("by-key", { orderid: "2" });
      await third.end("SIGTERM");
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  });
});

describe("a log that is lost, on Kafka", { skip }, () => {
  test("is refused by name when its topic was made anew, or its beginning deleted", async () => {
    await using broker = await startBroker();
    const store = memoryStore();
    await makeTopics(broker.brokers);
    await fill(broker.brokers, FACTS);
    assert.equal(await follow(broker.brokers, store), undefined);

    await administer(broker.brokers, async (admin) => {
      // kafkajs knows where to send the deletion only of topics that it has asked for.
      await admin.fetchTopicOffsets(counter.factTopic);
      await admin.deleteTopicRecords({ topic: counter.factTopic, partitions: [{ partition: 0, offset: "3" }] });
    });
    assert.equal(await follow(broker.brokers, store), undefined, "the store has what is gone");
    assert.match(`${await follow(broker.brokers, memoryStore())}`, /^LogLostError: .* begins at 3; /);

    await administer(broker.brokers, (admin) => admin.deleteTopics({ topics: [counter.factTopic] }));
    await waitUntil("the topic to be made anew", async () => {
      await makeTopics(broker.brokers);
      await using log = testClient(broker.brokers);
      return (await log.bounds(counter.factTopic, 0)).end === 0 || undefined;
    });
    assert.match(`${await follow(broker.brokers, store)}`, /^LogLostError: .* ends at 0: its topic was made anew/);
    await fill(broker.brokers, 2 * FACTS);
    assert.match(
      `${await follow(broker.brokers, store)}`,
      /^LogLostError: .* expected the fact of \d+ at \d+, .* found one of \d+: /,
    );
  });
});

async function remove(data: string, what: "log" | "store"): Promise<void> {
  for (const ending of ["", "-wal", "-shm"]) await rm(join(data, `${what}.sqlite${ending}`), { force: true });
}

async function makeTopics(brokers: readonly string[]): Promise<void> {
  await using log = testClient(brokers);
  const names = [counter.inputTopic, counter.factTopic, topics.replies];
  await log.ensureTopics(names.map((name) => ({ name, partitions: 1, retention: "forever" })));
}

/** Facts of now, one after the other. */
async function fill(brokers: readonly string[], length: number): Promise<void> {
  await using log = testClient(brokers);
  const value = JSON.stringify({ atMs: Date.now(), events: [{}] });
  const records = Array.from({ length }, () => ({ key: "a", value }));
  assert.equal((await log.append(counter.factTopic, 0, records, { at: 0 })).status, "appended");
}

/** Owns the partition until it has taken one more input, and the store has it; where that cannot be, gives the reason. */
async function follow(brokers: readonly string[], store: Store): Promise<unknown> {
  await using log = testClient(brokers);
  const stop = new AbortController();
  const clock = new FakeClock();
  const sleep = (ms: number) => immediate().then(() => clock.turn(ms));
  const hurried = { now: () => clock.now(), steady: () => clock.steady(), sleep };
  const ports = { log, store, clock: hurried, logger: { ...silent, error() {} } };
  const positionNow = async (): Promise<number> => (await store.load(SPACE, [])).position ?? 0;
  const before = await positionNow();
  let failure: unknown;
  const run = processPartition(counter, ports, 0, stop.signal)
    .catch((error: unknown) => {
      failure = error;
    })
    .finally(() => stop.abort());
  await log.publish([{ topic: counter.inputTopic, key: "a", value: "{}" }]);
  while (!stop.signal.aborted && (await positionNow()) <= Math.max(before, FACTS)) await immediate();
  stop.abort();
  await run;
  if (failure !== undefined) assert.ok(failure instanceof LogLostError, String(failure));
  return failure;
}
