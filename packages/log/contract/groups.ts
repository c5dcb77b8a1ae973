import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import type { Committed, Log, Owned } from "../port.ts";
import { aborted, newTopic, readAll, record, until, valuesOf } from "./fixtures.ts";
import type { Open } from "./harness.ts";
import { Owners } from "./owners.ts";

const PARTITIONS = 4;

export function groups(open: Open): void {
  test("members share out the partitions; one that leaves gives its own to the others", async () => {
    await using harness = await open();
    const [one, other] = [await harness.connect(), await harness.connect()];
    const topic = await newTopic(one, PARTITIONS);
    const owners = new Owners();
    await using _ = await one.join(topic, [topic], owners.run("one"));
    await until("one has all", () => owners.of("one").length === PARTITIONS);
    const joined = await other.join(topic, [topic], owners.run("other"));
    await until("both have some", () => owners.of("one").length === 2 && owners.of("other").length === 2);
    await joined[Symbol.asyncDispose]();
    await until("one has all again", () => owners.of("one").length === PARTITIONS);
    assert.equal(owners.overlaps, 0);
    assert.equal(owners.begun, PARTITIONS + 2 + 2);
  });

  test("groups do not share with each other, and a group may read several topics", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topics = [await newTopic(log, 2), await newTopic(log, 1)];
    const owners = [new Owners(), new Owners()];
    await using _one = await log.join(randomUUID(), topics, owners[0]?.run("a") ?? idle);
    await using _other = await log.join(randomUUID(), topics, owners[1]?.run("b") ?? idle);
    await until("both have all", () => owners[0]?.of("a").length === 3 && owners[1]?.of("b").length === 3);
  });

  test("a member that follows other topics keeps what it has of them undisturbed, and lets go of the rest", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const [kept, left, added] = [await newTopic(log, 2), await newTopic(log, 1), await newTopic(log, 1)];
    const [begun, running] = [[] as string[], new Set<string>()];
    await using member = await log.join(randomUUID(), [kept, left], async ({ topic, signal }) => {
      begun.push(topic);
      running.add(topic);
      await aborted(signal);
      running.delete(topic);
    });
    await until("all are worked on", () => begun.length === 3);
    await member.follow?.([kept, added]);
    await until("the new one is worked on, and the old one is not", () => running.has(added) && !running.has(left));
    assert.deepEqual(begun.toSorted(), [kept, kept, left, added].toSorted());
    await assert.rejects(member.follow?.([`${kept}.not`]) ?? Promise.resolve(), /does not exist/);
    assert.deepEqual([...running].toSorted(), [kept, added].toSorted());
  });

  test("a position outlives its owner, with its note", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log, 2);
    const seen: (Committed | undefined)[] = [];
    const note = "ü".repeat(1_000);
    const visit = async (owned: Owned): Promise<void> => {
      if (owned.partition !== 1) return;
      seen.push(owned.committed);
      if (owned.committed === undefined) await owned.commit({ offset: 3, note: "" });
      await owned.commit({ offset: (owned.committed?.offset ?? 6) + 1, note });
      seen.push(undefined);
    };
    for (let visits = 1; visits <= 3; visits++) {
      const member = await log.join(topic, [topic], visit);
      await until("the partition was visited", () => seen.length === visits * 2);
      await member[Symbol.asyncDispose]();
    }
    assert.deepEqual(
      seen.filter((_, i) => i % 2 === 0),
      [undefined, { offset: 7, note }, { offset: 8, note }],
    );
    const other = await harness.connect();
    assert.deepEqual(await other.committed(topic, topic, 1), { offset: 9, note });
    assert.equal(await other.committed(topic, topic, 0), undefined);
    assert.equal(await other.committed("another group", topic, 1), undefined);
  });

  test("leaving aborts every run and waits for its end", async () => {
    await using harness = await open();
    const log = await harness.connect();
    const topic = await newTopic(log, PARTITIONS);
    let running = 0;
    const member = await log.join(topic, [topic], async ({ signal }) => {
      running += 1;
      await aborted(signal);
      await new Promise(setImmediate);
      running -= 1;
    });
    await until("all run", () => running === PARTITIONS);
    await member[Symbol.asyncDispose]();
    assert.equal(running, 0);
    assert.equal(await member.stopped, undefined);
  });

  test("a run that fails ends its membership, and the others take over", async () => {
    await using harness = await open();
    const [one, other] = [await harness.connect(), await harness.connect()];
    const topic = await newTopic(one, PARTITIONS);
    const owners = new Owners();
    const failing = await one.join(topic, [topic], async ({ partition, signal }) => {
      if (partition === 2) throw new Error("cannot go on");
      await aborted(signal);
    });
    await assert.rejects(failing.stopped, /cannot go on/);
    await using _ = await other.join(topic, [topic], owners.run("other"));
    await until("the other has all", () => owners.of("other").length === PARTITIONS);
    await failing[Symbol.asyncDispose]();
  });

  test("a partition handed over while a batch is in flight goes on without a gap or a repetition", async () => {
    await using harness = await open();
    const topic = await newTopic(await harness.connect(), 2);
    const steady = await harness.connect();
    await using _ = await steady.join(
      topic,
      [topic],
      count(steady, topic, () => {}),
    );
    for (let i = 0; i < 3; i++) {
      const log = await harness.connect();
      let appended = 0;
      await using _member = await log.join(
        topic,
        [topic],
        count(log, topic, () => appended++),
      );
      await until("the new member has appended", () => appended >= 20);
    }
    for (const partition of [0, 1]) {
      const values = valuesOf(await readAll(steady, topic, partition));
      assert.deepEqual(
        values,
        values.map((_, i) => `${i}`),
      );
    }
  });
}

const idle = async (): Promise<void> => {};

/** An owner that appends how many facts it has folded, as fast as it can, and never looks whether it is still the owner. */
function count(log: Log, topic: string, appended: () => void): (owned: Owned) => Promise<void> {
  return async ({ partition, signal }) => {
    let [at, folded] = [0, 0];
    while (!signal.aborted) {
      const batch = await log.read(topic, partition, at, 1_000);
      folded += batch.records.length;
      at = batch.next;
      if (batch.next < batch.end) continue;
      const { status } = await log.append(topic, partition, [record(`${folded}`)], { at });
      if (status === "appended") appended();
      // Logs in memory answer so soon that nobody else would get a turn.
      await new Promise(setImmediate);
    }
  };
}
