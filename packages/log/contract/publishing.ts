import assert from "node:assert/strict";
import { test } from "node:test";
import { RecordTooLargeError } from "../errors.ts";
import { partitionOf } from "../partition-of.ts";
import { BATCH_BYTES_MAX } from "../port.ts";
import { newTopic, readAll, record, valuesOf } from "./fixtures.ts";
import type { Open } from "./harness.ts";

const PARTITIONS = 4;

export function publishing(open: Open): void {
  test("messages go to the partition of their key and keep their order there", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log, PARTITIONS);
    const messages = Array.from({ length: 3_000 }, (_, i) => ({ topic, key: `key ${i % 17}`, value: `${i}` }));
    await log.publish(messages);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const expected = messages.filter(({ key }) => partitionOf(key, PARTITIONS) === partition);
      assert.deepEqual(
        valuesOf(await readAll(log, topic, partition)),
        expected.map(({ value }) => value),
      );
    }
  });

  test("a message may name its partition, and one without a key goes anywhere", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log, PARTITIONS);
    await log.publish([
      { topic, partition: 3, key: "k", value: "there", headers: { name: "value" } },
      { topic, key: null, value: "anywhere" },
    ]);
    const facts = await Promise.all(Array.from({ length: PARTITIONS }, (_, i) => readAll(log, topic, i)));
    const [there] = facts[3]?.filter(({ value }) => value === "there") ?? [];
    assert.deepEqual([there?.key, there?.headers], ["k", { name: "value" }]);
    assert.deepEqual(valuesOf(facts.flat()).toSorted(), ["anywhere", "there"]);
    await assert.rejects(log.publish([{ topic, partition: 4, key: "k", value: "v" }]), /partition 4 .* does not exist/);
  });

  test("what holds facts takes them by append alone", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log);
    const facts = `${topic}.facts`;
    await log.ensureTopics([{ name: facts, partitions: 1, retention: "forever", factual: true }]);
    const messages = [
      { topic, ...record("message") },
      { topic: facts, ...record("forged") },
    ];
    await assert.rejects(log.publish(messages), {
      message: `topic "${facts}" holds facts: expected append, found publish`,
    });
    assert.equal((await log.append(facts, 0, [record("fact")], { at: 0 })).status, "appended");
    assert.deepEqual([await readAll(log, topic, 0), valuesOf(await readAll(log, facts, 0))], [[], ["fact"]]);
  });

  test("one call reaches several topics", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const [one, other] = [await newTopic(log), await newTopic(log)];
    await log.publish([
      { topic: one, ...record("a") },
      { topic: other, ...record("b") },
      { topic: one, ...record("c") },
    ]);
    assert.deepEqual(valuesOf(await readAll(log, one, 0)), ["a", "c"]);
    assert.deepEqual(valuesOf(await readAll(log, other, 0)), ["b"]);
  });

  test("calls that overlap lose nothing, and each keeps its own order", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log);
    const calls = Array.from({ length: 50 }, (_, call) =>
      Array.from({ length: 5 }, (_, i) => ({ topic, ...record(`${call}: ${i}`) })),
    );
    await Promise.all(calls.map((messages) => log.publish(messages)));
    const values = valuesOf(await readAll(log, topic, 0));
    assert.equal(values.length, 250);
    for (const messages of calls) {
      const own = messages.map(({ value }) => value);
      assert.deepEqual(
        values.filter((value) => own.includes(value)),
        own,
      );
    }
  });

  test("a message that is too large is refused before any of its call is sent", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log);
    const tooLarge = { topic, key: null, value: "x".repeat(BATCH_BYTES_MAX + 1) };
    await assert.rejects(log.publish([{ topic, ...record("small") }, tooLarge]), RecordTooLargeError);
    assert.deepEqual(await log.bounds(topic, 0), { start: 0, end: 0 });
  });

  test("a writer that has not seen a published record does not append", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log);
    await log.publish([{ topic, ...record("published") }]);
    assert.deepEqual(await log.append(topic, 0, [record("appended")], { at: 0 }), { status: "conflict" });
    assert.deepEqual(valuesOf(await readAll(log, topic, 0)), ["published"]);
  });
}
