import assert from "node:assert/strict";
import { test } from "node:test";
import { TopicMismatchError } from "../errors.ts";
import type { Committed } from "../port.ts";
import { appendAtEnd, newTopic, readAll, record, until, valuesOf } from "./fixtures.ts";
import type { Open } from "./harness.ts";

export function topics(open: Open, durable: boolean): void {
  test("a topic that was made is known to every client, with its partitions", async () => {
    await using harness = await open();
    const [one, other] = [await harness.connect(), await harness.connect()];
    const topic = await newTopic(one, 3);
    assert.equal(await other.partitions(topic), 3);
    assert.equal(await other.partitions(`${topic}.not`), undefined);
  });

  test("a topic may be ensured again, by several at once, and keeps what it holds", async () => {
    await using harness = await open();
    const [one, other] = [await harness.connect(), await harness.connect()];
    const topic = await newTopic(one, 2);
    await appendAtEnd(one, topic, 1, [record("kept")]);
    const spec = { name: topic, partitions: 2, retention: "forever" } as const;
    await Promise.all([one.ensureTopics([spec]), other.ensureTopics([spec])]);
    assert.deepEqual(valuesOf(await readAll(other, topic, 1)), ["kept"]);
  });

  test("another number of partitions is refused, with the topic and both numbers", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log, 3);
    const refused = log.ensureTopics([{ name: topic, partitions: 4, retention: "forever" }]);
    await assert.rejects(refused, (error) => {
      return error instanceof TopicMismatchError && [topic, "3", "4"].every((part) => error.message.includes(part));
    });
    assert.equal(await log.partitions(topic), 3);
  });

  test("a topic and a partition that do not exist are named", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log, 2);
    const missing = `${topic}.not`;
    await assert.rejects(log.append(missing, 0, [record("a")], { at: 0 }), new RegExp(`${missing}.*does not exist`));
    await assert.rejects(log.publish([{ topic: missing, ...record("a") }]), new RegExp(`${missing}.*does not exist`));
    await assert.rejects(log.read(missing, 0, 0, 1), new RegExp(`${missing}.*does not exist`));
    await assert.rejects(log.bounds(topic, 2), new RegExp(`partition 2 of topic "${topic}" does not exist`));
    await assert.rejects(
      log.join("group", [missing], async () => {}),
      new RegExp(`${missing}.*does not exist`),
    );
  });

  if (!durable) return;
  test("a restart keeps topics, what they hold, and the positions of groups", async () => {
    await using harness = await open();
    assert.ok(harness.restart, "the harness of a durable log has `restart`");
    const before = await harness.connect();
    const topic = await newTopic(before, 3);
    await appendAtEnd(before, topic, 0, [record("a"), record("b")]);
    let committed = 0;
    const member = await before.join(topic, [topic], async (owned) => {
      await owned.commit({ offset: owned.partition, note: `of ${owned.partition}` });
      committed += 1;
    });
    await until("all positions are committed", () => committed === 3);
    await member[Symbol.asyncDispose]();

    await harness.restart();
    const after = await harness.connect();
    await assert.rejects(
      after.ensureTopics([{ name: topic, partitions: 2, retention: "forever" }]),
      TopicMismatchError,
    );
    assert.deepEqual(valuesOf(await readAll(after, topic, 0)), ["a", "b"]);
    const positions = new Map<number, Committed | undefined>();
    await using _member = await after.join(topic, [topic], async ({ partition, committed }) => {
      positions.set(partition, committed);
    });
    await until("all partitions are handed over", () => positions.size === 3);
    assert.deepEqual(
      [0, 1, 2].map((partition) => positions.get(partition)),
      [0, 1, 2].map((partition) => ({ offset: partition, note: `of ${partition}` })),
    );
  });
}
