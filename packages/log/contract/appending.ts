import assert from "node:assert/strict";
import { test } from "node:test";
import { RecordTooLargeError } from "../errors.ts";
import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX, type Log } from "../port.ts";
import { appendAtEnd, newTopic, readAll, record, valuesOf } from "./fixtures.ts";
import type { Open } from "./harness.ts";

const RACED_RECORDS = 40;
const RACE_TRIES_MAX = 2_000;

export function appending(open: Open): void {
  test("records are read as they were appended", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log);
    const records = [
      { key: "k", value: "v", headers: { "content-type": "text/plain", empty: "" } },
      { key: null, value: "no key" },
      { key: "tombstone", value: null },
      { key: "Grüße 🙂", value: '{"text":"漢字\\u0000\n"}' },
      { key: "", value: "" },
    ];
    assert.deepEqual(await log.append(topic, 0, records, { at: 0 }), { status: "appended", next: 5 });
    const facts = await readAll(log, topic, 0);
    assert.deepEqual(
      facts,
      records.map((record, offset) => ({ offset, timestampMs: facts[0]?.timestampMs, ...record })),
    );
  });

  test("what was appended is seen by every client at once", async () => {
    await using harness = await open();
    const [writer, reader] = [await harness.connect(), await harness.connect()];
    const topic = await newTopic(writer);
    for (let at = 0; at < 20; at++) {
      await writer.append(topic, 0, [record(`${at}`)], { at });
      const { records, next, end } = await reader.read(topic, 0, at, 10);
      assert.deepEqual([valuesOf(records), next, end], [[`${at}`], at + 1, at + 1]);
    }
  });

  test("an append that is not at the end is a conflict, and nothing of it counts", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log);
    await log.append(topic, 0, [record("a"), record("b")], { at: 0 });
    for (const at of [0, 1, 99]) {
      assert.deepEqual(await log.append(topic, 0, [record(`at ${at}`)], { at }), { status: "conflict" });
    }
    await appendAtEnd(log, topic, 0, [record("c")]);
    assert.deepEqual(valuesOf(await readAll(log, topic, 0)), ["a", "b", "c"]);
  });

  test("a writer that has missed a fact writes none, however late it comes", async () => {
    await using harness = await open();
    const [zombie, successor] = [await harness.connect(), await harness.connect()];
    const topic = await newTopic(successor);
    await zombie.append(topic, 0, [record("of the old owner")], { at: 0 });
    await successor.append(topic, 0, [record("of the new owner")], { at: 1 });
    const late = await zombie.append(topic, 0, [record("late"), record("later")], { at: 1 });
    assert.deepEqual(late, { status: "conflict" });
    await appendAtEnd(successor, topic, 0, [record("the next")]);
    assert.deepEqual(await zombie.append(topic, 0, [record("later still")], { at: 2 }), { status: "conflict" });
    const expected = ["of the old owner", "of the new owner", "the next"];
    assert.deepEqual(valuesOf(await readAll(successor, topic, 0)), expected);
    assert.deepEqual(valuesOf(await readAll(zombie, topic, 0)), expected);
  });

  test("of two writers that race each writes all of its records once, and both read the same", async () => {
    await using harness = await open();
    const writers = [await harness.connect(), await harness.connect()];
    const topic = await newTopic(writers[0] ?? (await harness.connect()));
    await Promise.all(writers.map((log, i) => race(log, topic, `writer ${i}`)));
    const [facts, others] = await Promise.all(writers.map((log) => readAll(log, topic, 0)));
    assert.deepEqual(facts, others);
    for (const [i] of writers.entries()) {
      const own = valuesOf(facts ?? []).filter((value) => value?.startsWith(`writer ${i}`));
      assert.deepEqual(
        own,
        Array.from({ length: RACED_RECORDS }, (_, n) => `writer ${i}: ${n}`),
      );
    }
    assert.equal(facts?.length, writers.length * RACED_RECORDS);
  });

  test("a batch of the largest size is appended; one byte more is refused with both sizes", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log);
    const half = "ü".repeat(BATCH_BYTES_MAX / 4);
    const largest = [
      { key: null, value: half },
      { key: "12345", value: half.slice(10), headers: { "1234567890": "12345" } },
    ];
    const over = [...largest, { key: null, value: "x" }];
    await assert.rejects(log.append(topic, 0, over, { at: 0 }), (error) => {
      return (
        error instanceof RecordTooLargeError &&
        error.sizeBytes === BATCH_BYTES_MAX + 1 &&
        error.limitBytes === BATCH_BYTES_MAX
      );
    });
    assert.deepEqual(await log.bounds(topic, 0), { start: 0, end: 0 });
    assert.deepEqual(await log.append(topic, 0, largest, { at: 0 }), { status: "appended", next: 2 });
    const values = valuesOf(await readAll(log, topic, 0));
    assert.equal(values.length, 2);
    assert.ok(values[0] === half && values[1] === half.slice(10));
  });

  test("a batch of the largest number of records is appended; none and one more are refused", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log);
    const most = Array.from({ length: BATCH_RECORDS_MAX }, (_, i) => ({ key: null, value: `${i}` }));
    await assert.rejects(log.append(topic, 0, [], { at: 0 }), RangeError);
    await assert.rejects(log.append(topic, 0, [...most, record("more")], { at: 0 }), RangeError);
    const appended = await log.append(topic, 0, most, { at: 0 });
    assert.deepEqual(appended, { status: "appended", next: BATCH_RECORDS_MAX });
    assert.deepEqual(
      valuesOf(await readAll(log, topic, 0)),
      most.map(({ value }) => value),
    );
  });
}

/** Appends numbered records one by one, reading on whenever another was first. */
async function race(log: Log, topic: string, name: string): Promise<void> {
  let at = 0;
  for (let written = 0, tries = 0; written < RACED_RECORDS; tries++) {
    if (tries > RACE_TRIES_MAX) throw new Error(`expected ${name} to win a place within ${RACE_TRIES_MAX} tries`);
    const appended = await log.append(topic, 0, [record(`${name}: ${written}`)], { at });
    if (appended.status === "appended") {
      written += 1;
      at = appended.next;
    } else at = (await log.read(topic, 0, at, 1_000)).next;
  }
}
