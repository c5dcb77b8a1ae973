import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fact, Log, LogRecord } from "../port.ts";

const TRIES_MAX = 1_000;
const UNTIL_MS_MAX = 30_000;
const POLL_MS = 10;
const READ_MAX = 1_000;

/** Makes a topic that no other test knows, and answers with its name. */
export async function newTopic(log: Log, partitions = 1): Promise<string> {
  const name = `contract.${randomUUID()}`;
  await log.ensureTopics([{ name, partitions, retention: "forever" }]);
  return name;
}

/** A record with a value and the same key each time. */
export function record(value: string): LogRecord {
  return { key: "key", value };
}

/** All facts of a partition from an offset on. */
export async function readAll(log: Log, topic: string, partition: number, from = 0): Promise<Fact[]> {
  const facts: Fact[] = [];
  for (let next = from, end = from + 1; next < end; ) {
    const batch = await log.read(topic, partition, next, READ_MAX);
    facts.push(...batch.records);
    ({ next, end } = batch);
  }
  return facts;
}

/** Their values, in order. */
export function valuesOf(facts: readonly Fact[]): (string | null)[] {
  return facts.map(({ value }) => value);
}

/** Appends where the partition ends, trying again when somebody else was first, as a writer does; answers with its `next`. */
export async function appendAtEnd(
  log: Log,
  topic: string,
  partition: number,
  records: readonly LogRecord[],
): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const { end } = await log.bounds(topic, partition);
    const appended = await log.append(topic, partition, records, { at: end });
    if (appended.status === "appended") return appended.next;
  }
  throw new Error(`expected to append within ${TRIES_MAX} tries`);
}

/** Follows a partition until so many facts were seen. */
export async function tailFacts(
  log: Log,
  topic: string,
  partition: number,
  from: number,
  count: number,
): Promise<Fact[]> {
  const enough = new AbortController();
  const facts: Fact[] = [];
  for await (const { records } of log.tail(topic, partition, from, { signal: enough.signal })) {
    facts.push(...records);
    if (facts.length >= count) enough.abort();
  }
  return facts;
}

/** Waits until something has come true. */
export async function until(what: string, isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + UNTIL_MS_MAX;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`expected within ${UNTIL_MS_MAX} ms: ${what}`);
    await sleep(POLL_MS);
  }
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
