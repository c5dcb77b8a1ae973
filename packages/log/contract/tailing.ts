import assert from "node:assert/strict";
import { test } from "node:test";
import { PlaceLostError } from "../errors.ts";
import type { Batch, Log } from "../port.ts";
import { appendAtEnd, newTopic, readAll, record, tailFacts, valuesOf } from "./fixtures.ts";
import type { Open } from "./harness.ts";

export function tailing(open: Open): void {
  test("a tail tells first where the end is, even if there is nothing to read", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log);
    assert.deepEqual(await firstBatch(log, topic, 0), { records: [], next: 0, end: 0 });
    await log.append(topic, 0, [record("a"), record("b")], { at: 0 });
    assert.deepEqual(await firstBatch(log, topic, 2), { records: [], next: 2, end: 2 });
    const { records, next, end } = await firstBatch(log, topic, 1);
    assert.deepEqual([valuesOf(records), next, end], [["b"], 2, 2]);
  });

  test("a tail yields what is there and what comes, each once and in order, and nothing that lost", async () => {
    await using harness = await open();
    const [writer, reader] = [await harness.connect(), await harness.connect()];
    const topic = await newTopic(writer);
    const expected: string[] = [];
    const write = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const values = [`${expected.length}`, `${expected.length + 1}`];
        await appendAtEnd(writer, topic, 0, values.map(record));
        expected.push(...values);
        if (i % 5 === 0) await writer.append(topic, 0, [record("of a writer that lost")], { at: 0 });
      }
    };
    await write(20);
    const [facts] = await Promise.all([tailFacts(reader, topic, 0, 0, 120), write(40)]);
    assert.deepEqual(valuesOf(facts), expected);
    assert.deepEqual(facts, await readAll(writer, topic, 0));
  });

  test("a tail that begins beyond the end learns that its place is lost, and where to go on", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log);
    await log.append(topic, 0, [record("a"), record("b")], { at: 0 });
    await assert.rejects(firstBatch(log, topic, 3), (error) => {
      return error instanceof PlaceLostError && error.next === 0 && error.message.includes(`"${topic}"`);
    });
  });

  test("several tails of a partition, begun in different places, do not disturb each other", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log);
    await log.append(topic, 0, ["0", "1", "2", "3"].map(record), { at: 0 });
    const tails = [0, 2, 3, 4].map((from) => tailFacts(log, topic, 0, from, 6 - from));
    await appendAtEnd(log, topic, 0, [record("4")]);
    await appendAtEnd(log, topic, 0, [record("5")]);
    assert.deepEqual((await Promise.all(tails)).map(valuesOf), [
      ["0", "1", "2", "3", "4", "5"],
      ["2", "3", "4", "5"],
      ["3", "4", "5"],
      ["4", "5"],
    ]);
  });

  test("a tail ends without an error when its signal aborts, while it waits and while its reader is busy", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log);
    const leave = new AbortController();
    const { signal } = leave;
    const waiting = log.tail(topic, 0, 0, { signal })[Symbol.asyncIterator]();
    const busy = log.tail(topic, 0, 0, { signal })[Symbol.asyncIterator]();
    await Promise.all([waiting.next(), busy.next()]);
    const next = waiting.next();
    leave.abort();
    assert.deepEqual(await next, { done: true, value: undefined });
    assert.deepEqual(await busy.next(), { done: true, value: undefined });
    assert.deepEqual(await log.tail(topic, 0, 0, { signal })[Symbol.asyncIterator]().next(), {
      done: true,
      value: undefined,
    });
  });

  test("a reader that is slow stalls no other, and misses nothing", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log, 2);
    const leave = new AbortController();
    const slow = log.tail(topic, 0, 0, { signal: leave.signal })[Symbol.asyncIterator]();
    await slow.next();

    const values = Array.from({ length: 6_000 }, (_, i) => `${i}`);
    const others = [0, 1].map((partition) => tailFacts(log, topic, partition, 0, values.length));
    for (let i = 0; i < values.length; i += 300) {
      const records = values.slice(i, i + 300).map(record);
      await Promise.all([0, 1].map((partition) => appendAtEnd(log, topic, partition, records)));
    }
    for (const facts of await Promise.all(others)) assert.deepEqual(valuesOf(facts), values);

    const late: (string | null)[] = [];
    while (late.length < values.length) {
      const { value } = await slow.next();
      late.push(...valuesOf(value?.records ?? []));
    }
    leave.abort();
    assert.deepEqual(late, values);
  });
}

async function firstBatch(log: Log, topic: string, from: number): Promise<Batch> {
  const leave = new AbortController();
  for await (const batch of log.tail(topic, 0, from, { signal: leave.signal })) {
    leave.abort();
    return batch;
  }
  throw new Error("expected a first batch, found the end of the tail");
}
