import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { newTopic, readAll, record, tailFacts, until, valuesOf } from "./contract/fixtures.ts";
import { RECENT_LIMITS } from "./disk-partition.ts";
import { embeddedLog } from "./embedded-log.ts";
import type { Fact } from "./port.ts";
import { STEP_RECORDS_MAX } from "./sweep.ts";

const HOUR_MS = 3_600_000;
const STARTS_MAX = 200;

describe("embedded log, on disk", () => {
  test("a folder is for one log at a time; when that is closed the next may have it", async () => {
    await using folder = await temporary();
    const first = embeddedLog(folder.path);
    assert.throws(() => embeddedLog(folder.path), /in use: one process at a time/);
    await first[Symbol.asyncDispose]();
    await using _ = embeddedLog(folder.path);
  });

  test("a tail that is far behind gets everything from disk, then what comes", async () => {
    await using folder = await temporary();
    await using log = embeddedLog(folder.path);
    const topic = await newTopic(log);
    const values = Array.from({ length: 3 * RECENT_LIMITS.records }, (_, i) => `${i}`);
    for (let at = 0; at < values.length; at += 500) {
      await log.append(topic, 0, values.slice(at, at + 500).map(record), { at });
    }
    const facts = tailFacts(log, topic, 0, 0, values.length + 1);
    await log.append(topic, 0, [record("the newest")], { at: values.length });
    assert.deepEqual(valuesOf(await facts), [...values, "the newest"]);
  });

  test("records older than their topic's retention go, step by step, and the bounds tell", async () => {
    await using folder = await temporary();
    let now = 0;
    const options = { now: () => now, upkeepIntervalMs: 1 };
    let log = embeddedLog(folder.path, options);
    await log.ensureTopics([{ name: "t", partitions: 1, retention: HOUR_MS }]);
    const old = Array.from({ length: 2 * STEP_RECORDS_MAX + 1 }, (_, i) => record(`old ${i}`));
    await log.append("t", 0, old, { at: 0 });
    now = HOUR_MS;
    await log.append("t", 0, [record("young")], { at: old.length });
    let start = 0;
    const expired = async (expected: number): Promise<void> => {
      await until(`the log starts at ${expected}`, () => {
        void log.bounds("t", 0).then((bounds) => {
          start = bounds.start;
        });
        return start === expected;
      });
    };
    now += 1;
    await expired(old.length);
    assert.deepEqual(valuesOf(await readAll(log, "t", 0)), ["young"]);
    now += HOUR_MS;
    await expired(old.length + 1);

    await log[Symbol.asyncDispose]();
    log = embeddedLog(folder.path, options);
    assert.deepEqual(await log.bounds("t", 0), { start: old.length + 1, end: old.length + 1 });
    const appended = await log.append("t", 0, [record("next")], { at: old.length + 1 });
    assert.deepEqual(appended, { status: "appended", next: old.length + 2 });
    await log[Symbol.asyncDispose]();
  });

  test("a compact topic keeps the last record of each key, and those without a key", async () => {
    await using folder = await temporary();
    const first = embeddedLog(folder.path, { upkeepIntervalMs: 1 });
    await first.ensureTopics([{ name: "t", partitions: 1, retention: "compact" }]);
    await first.append("t", 0, [{ key: null, value: "no key" }], { at: 0 });
    const many = Array.from({ length: STEP_RECORDS_MAX + 500 }, (_, i) => ({ key: `${i % 3}`, value: `${i}` }));
    await first.append("t", 0, many, { at: 1 });
    await first.append("t", 0, [{ key: "0", value: null }], { at: many.length + 1 });
    await first[Symbol.asyncDispose]();

    // Only what is read after a restart is surely read from disk.
    let facts: Fact[] = [];
    for (let starts = 0; facts.length !== 4 && starts < STARTS_MAX; starts++) {
      await using log = embeddedLog(folder.path, { upkeepIntervalMs: 1 });
      facts = await readAll(log, "t", 0);
      await sleep(5);
    }
    await using log = embeddedLog(folder.path);
    const last = many.length;
    assert.deepEqual(
      facts.map(({ offset, key, value }) => ({ offset, key, value })),
      [
        { offset: 0, key: null, value: "no key" },
        { offset: last - 1, key: "1", value: `${last - 2}` },
        { offset: last, key: "2", value: `${last - 1}` },
        { offset: last + 1, key: "0", value: null },
      ],
    );
    assert.deepEqual(valuesOf(await tailFacts(log, "t", 0, 5, 3)), [`${last - 2}`, `${last - 1}`, null]);
  });

  test("an ephemeral topic is there after a restart, empty", async () => {
    await using folder = await temporary();
    const spec = { name: "t", partitions: 2, retention: HOUR_MS, ephemeral: true } as const;
    const first = embeddedLog(folder.path);
    await first.ensureTopics([spec]);
    await first.publish([{ topic: "t", partition: 1, ...record("gone") }]);
    assert.deepEqual(valuesOf(await readAll(first, "t", 1)), ["gone"]);
    await first[Symbol.asyncDispose]();
    await using log = embeddedLog(folder.path);
    assert.equal(await log.partitions("t"), 2);
    assert.deepEqual(await log.bounds("t", 1), { start: 0, end: 0 });
  });

  test("what is asked for in one turn of the event loop lands together, in the order of asking", async () => {
    await using folder = await temporary();
    await using log = embeddedLog(folder.path);
    const topic = await newTopic(log, 2);
    const outcomes = await Promise.all([
      log.append(topic, 0, [record("a"), record("b")], { at: 0 }),
      log.append(topic, 0, [record("lost")], { at: 0 }),
      log.append(topic, 0, [record("c")], { at: 2 }),
      log.publish([{ topic, partition: 0, ...record("d") }]),
      log.append(topic, 1, [record("elsewhere")], { at: 0 }),
    ]);
    assert.deepEqual(outcomes, [
      { status: "appended", next: 2 },
      { status: "conflict" },
      { status: "appended", next: 3 },
      undefined,
      { status: "appended", next: 1 },
    ]);
    const facts = await readAll(log, topic, 0);
    assert.deepEqual(valuesOf(facts), ["a", "b", "c", "d"]);
    assert.equal(new Set(facts.map(({ timestampMs }) => timestampMs)).size, 1);
  });
});

async function temporary(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "log-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
