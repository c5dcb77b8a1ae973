import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLog } from "@antiphon/log";
import { processPartition } from "@antiphon/processor";
import { FakeClock } from "@antiphon/processor/testing";
import { type CorrelationEvent, type CorrelationInput, type Decision, topics } from "@antiphon/protocol";
import { memoryStore } from "@antiphon/store";
import { bucketDomain } from "./bucket-domain.ts";

const WAITS = 10_000;
/** What may be written between an event's arrival and its decision: the turn under way, and the one that it is in. */
const FACTS_BETWEEN_MAX = 4;
/** The most waits that one decision gives an event to. */
const BATCH_MAX = 100;
const PROBES = 20;

function message(input: CorrelationInput) {
  return { topic: topics.correlation, partition: 0, key: input.key, value: JSON.stringify(input) };
}

function offer(key: string): CorrelationInput {
  const event = { specversion: "1.0", id: "e", source: "/shop", type: "paid" } as const;
  return { type: "OfferEvent", key, event, cardinality: "all", bufferMs: 3_600_000 };
}

test(`an event for ${WAITS} waits on one key reaches each of them once, in batches that keep no other key waiting`, async () => {
  const log = memoryLog();
  const names = [topics.correlation, topics.correlations, topics.replies];
  await log.ensureTopics(names.map((name) => ({ name, partitions: 1, retention: "forever" })));
  const waits = Array.from({ length: WAITS }, (_, i) =>
    message({ type: "OpenWait", key: "hot", wait: { instance: `i${i}`, wait: "1" }, cardinality: "all" }),
  );
  await log.publish(waits);
  const stop = new AbortController();
  const logger = { info: () => {}, warn: () => {}, error: () => {} };
  const ports = { log, store: memoryStore(), clock: new FakeClock(1), logger };
  const run = processPartition(bucketDomain, ports, 0, stop.signal);
  const endOf = async (): Promise<number> => (await log.bounds(topics.correlations, 0)).end;
  const reach = async (end: number): Promise<void> => {
    while ((await endOf()) < end) await new Promise((resolve) => setImmediate(resolve));
  };

  await reach(WAITS);
  await log.publish([message(offer("hot"))]);
  await reach(WAITS + 2);
  const published: number[] = [];
  for (let i = 0; i < PROBES; i++) {
    const end = await endOf();
    published.push(end);
    await log.publish([message(offer(`other ${i}`))]);
    await reach(end + 1);
  }
  await reach(WAITS + WAITS / BATCH_MAX + PROBES);
  stop.abort();
  await run;

  const { records } = await log.read(topics.correlations, 0, WAITS, WAITS);
  const between = published.map(
    (end, i) => (records.find(({ key }) => key === `other ${i}`)?.offset ?? Infinity) - end,
  );
  assert.deepEqual(
    between.filter((facts) => facts > FACTS_BETWEEN_MAX),
    [],
  );
  const matches = records
    .filter(({ key }) => key === "hot")
    .map(({ value }) => JSON.parse(value ?? "") as Decision<CorrelationEvent>)
    .map(({ events }) => events.flatMap((one) => (one.type === "EventMatched" ? [one.wait.instance] : [])));
  assert.ok(matches.every(({ length }) => length <= BATCH_MAX));
  assert.deepEqual(
    matches.flat(),
    Array.from({ length: WAITS }, (_, i) => `i${i}`),
  );
});
