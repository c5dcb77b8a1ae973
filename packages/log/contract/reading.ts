import assert from "node:assert/strict";
import { test } from "node:test";
import type { Log } from "../port.ts";
import { newTopic, readAll, record, tailFacts, valuesOf } from "./fixtures.ts";
import type { Open } from "./harness.ts";

export function reading(open: Open): void {
  test("reading begins anywhere, in the middle of a batch as well, and stops at its maximum", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await twoBatches(log);
    const { records, next, end } = await log.read(topic, 0, 2, 4);
    assert.deepEqual([valuesOf(records), next, end], [["2", "3", "4", "5"], 6, 10]);
    assert.deepEqual(
      records.map(({ offset }) => offset),
      [2, 3, 4, 5],
    );
  });

  test("what is written can be read backwards, one record at a time", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await twoBatches(log);
    const values: (string | null)[] = [];
    for (let offset = 9; offset >= 0; offset--) values.push(...valuesOf((await log.read(topic, 0, offset, 1)).records));
    assert.deepEqual(values, ["9", "8", "7", "6", "5", "4", "3", "2", "1", "0"]);
  });

  test("at the end there is nothing, nor beyond it", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await twoBatches(log);
    assert.deepEqual(await log.read(topic, 0, 10, 5), { records: [], next: 10, end: 10 });
    assert.deepEqual(await log.read(topic, 0, 50, 5), { records: [], next: 50, end: 10 });
    assert.deepEqual(await log.bounds(topic, 0), { start: 0, end: 10 });
  });

  test("what is deleted is gone, and readers from below go on behind it", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await twoBatches(log);
    await log.truncate(topic, 0, 4);
    assert.deepEqual(await log.bounds(topic, 0), { start: 4, end: 10 });
    assert.deepEqual(valuesOf((await log.read(topic, 0, 0, 3)).records), ["4", "5", "6"]);
    assert.deepEqual(valuesOf(await tailFacts(log, topic, 0, 1, 6)), ["4", "5", "6", "7", "8", "9"]);
    await log.truncate(topic, 0, 3);
    assert.deepEqual(await log.bounds(topic, 0), { start: 4, end: 10 });
    await harness.restart?.();
    const again = harness.restart === undefined ? log : await harness.connect();
    assert.deepEqual(await again.bounds(topic, 0), { start: 4, end: 10 });
    assert.deepEqual(await again.append(topic, 0, [record("10")], { at: 10 }), { status: "appended", next: 11 });
  });

  test("a partition that is emptied goes on at its end", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await twoBatches(log);
    await log.truncate(topic, 0, 50);
    assert.deepEqual(await log.bounds(topic, 0), { start: 10, end: 10 });
    assert.deepEqual(await log.read(topic, 0, 0, 5), { records: [], next: 10, end: 10 });
    assert.deepEqual(await log.append(topic, 0, [record("10")], { at: 10 }), { status: "appended", next: 11 });
    assert.deepEqual(valuesOf(await tailFacts(log, topic, 0, 0, 1)), ["10"]);
  });

  test("many read at once, each what it asked for", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await twoBatches(log);
    const offsets = Array.from({ length: 50 }, (_, i) => i % 10);
    const batches = await Promise.all(offsets.map((offset) => log.read(topic, 0, offset, 1)));
    assert.deepEqual(
      batches.map(({ records }) => valuesOf(records)),
      offsets.map((offset) => [`${offset}`]),
    );
  });

  test("partitions know nothing of each other", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log, 2);
    await log.append(topic, 1, [record("in 1")], { at: 0 });
    assert.deepEqual(await log.bounds(topic, 0), { start: 0, end: 0 });
    assert.deepEqual(await readAll(log, topic, 0), []);
    assert.deepEqual(valuesOf(await readAll(log, topic, 1)), ["in 1"]);
  });
}

/** A topic with the records 0 to 9, in two batches of five. */
async function twoBatches(log: Log): Promise<string> {
  const topic = await newTopic(log);
  for (const at of [0, 5]) {
    const records = [0, 1, 2, 3, 4].map((i) => record(`${at + i}`));
    assert.deepEqual(await log.append(topic, 0, records, { at }), { status: "appended", next: at + 5 });
  }
  return topic;
}
