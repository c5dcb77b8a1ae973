import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLog } from "@antiphon/log";
import type { InstanceEvent, PastDecision } from "@antiphon/protocol";
import { topicLayout, topics } from "@antiphon/protocol";
import { Decisions } from "./decisions.ts";
import { READ_MAX } from "./records-back.ts";
import { QueryBench } from "./testing/query-bench.ts";

interface Item {
  readonly offset: number;
  readonly at: string;
  readonly events: readonly { readonly type: string }[];
}

interface Page {
  readonly items: readonly Item[];
  readonly next?: string;
  readonly truncated?: true;
}

/** An instance that has visited six states, a decision each, among decisions about others. */
async function visited(): Promise<{
  readonly bench: QueryBench;
  readonly past: readonly PastDecision<InstanceEvent>[];
}> {
  const bench = await QueryBench.open();
  const others = ["x", "y", "z", "u", "v"];
  for (const other of others) await bench.start(other, 500);
  const past: PastDecision<InstanceEvent>[] = [];
  const start = await bench.start("one", 1_000);
  const pinned = { workflow: "w", version: "1", definition: "hash", data: { n: 1 }, headers: {}, correlation: {} };
  past.push({ offset: start, atMs: 1_000, events: [{ type: "InstanceStarted", instance: "one", ...pinned }] });
  for (let visit = 1; visit <= 6; visit++) {
    for (const other of others) await bench.decide(other, 1_500, { type: "StateEntered", state: "T", visit });
    const event: InstanceEvent = { type: "StateEntered", state: "Käse", visit };
    past.push({
      offset: await bench.decide("one", 1_000 * (visit + 1), event),
      atMs: 1_000 * (visit + 1),
      events: [event],
    });
  }
  return { bench, past };
}

async function pageOf(bench: QueryBench, size: number, cursor?: string): Promise<Page> {
  const more = cursor === undefined ? "" : `&cursor=${cursor}`;
  const { status, body } = await bench.get(`/v1/instances/one/history?limit=${size}${more}`);
  assert.equal(status, 200);
  return body as unknown as Page;
}

/** All pages from a cursor on: their items, and what the last page says. */
async function pagesOf(bench: QueryBench, size: number, cursor?: string) {
  const items: Item[] = [];
  for (let next = cursor; ; ) {
    const page = await pageOf(bench, size, next);
    items.push(...page.items);
    if (page.next === undefined) return { items, truncated: page.truncated };
    next = page.next;
  }
}

test("a copy is no part of a history, whether what it copies is still there or not", async () => {
  const { bench, past } = await visited();
  const whole = await pagesOf(bench, 50);
  assert.deepEqual(
    whole.items.map(({ offset }) => offset),
    past.map(({ offset }) => offset).toReversed(),
  );
  const copy = await bench.copy("one", 9_000, past);
  const later = await bench.decide("one", 10_000, { type: "StateEntered", state: "S", visit: 7 });
  for (const before of [0, past[3]?.offset ?? 0, copy]) {
    await bench.cutOff("one", before);
    for (const size of [1, 3, 8, 50]) {
      const { items, truncated } = await pagesOf(bench, size);
      assert.deepEqual(items.slice(1), whole.items, `${size} at once, from ${before}`);
      assert.deepEqual([items[0]?.offset, truncated], [later, undefined]);
    }
  }
});

test("a cursor is good when what it names was deleted, also if the copy that was passed then is gone", async () => {
  const { bench, past } = await visited();
  const old = await pageOf(bench, 2);
  const rest = past
    .map(({ offset }) => offset)
    .toReversed()
    .slice(2);
  const offsetsFrom = async (cursor: string | undefined) => {
    return (await pagesOf(bench, 2, cursor)).items.map(({ offset }) => offset);
  };
  const first = await bench.copy("one", 9_000, past);
  await bench.decide("one", 10_000, { type: "StateEntered", state: "S", visit: 7 });
  await bench.cutOff("one", first);
  assert.deepEqual(await offsetsFrom(old.next), rest);
  const passed = await pageOf(bench, 3);
  assert.match(Buffer.from(passed.next ?? "", "base64url").toString(), new RegExp(`^\\d+@${first}$`));
  const second = await bench.copy("one", 11_000, past);
  await bench.cutOff("one", second);
  assert.deepEqual(await offsetsFrom(passed.next), rest);
  assert.deepEqual(await offsetsFrom(old.next), rest);
});

test("where nothing has the older decisions any more, the last page says so", async () => {
  const { bench, past } = await visited();
  const old = await pageOf(bench, 6);
  const copy = await bench.copy("one", 9_000, past.slice(2));
  await bench.cutOff("one", copy);
  for (const size of [1, 2, 5, 50]) {
    const { items, truncated } = await pagesOf(bench, size);
    assert.deepEqual([items.length, truncated], [5, true], `${size} at once`);
  }
  assert.deepEqual(await pagesOf(bench, 6, old.next), { items: [], truncated: true });
});

test("what an instance's page says of its times is so of one that was copied, before the views know it", async () => {
  const { bench, past } = await visited();
  const shown = async () => (await bench.get("/v1/instances/one")).body as { startedAt?: string; updatedAt?: string };
  const { startedAt, updatedAt } = await shown();
  const copy = await bench.copy("one", 9_000, past);
  await bench.cutOff("one", copy);
  const after = await shown();
  assert.deepEqual([after.startedAt, after.updatedAt], [startedAt, updatedAt]);
  assert.ok(startedAt !== undefined);
});

const FACTS = 100_000;
const APPENDED_AT_ONCE = 10_000;

/** A log in which every so many records is one of the instance's. */
async function longLog(apart: number) {
  const log = memoryLog({ now: () => 0 });
  await log.ensureTopics(topicLayout(1));
  let [previous, newest]: (number | undefined)[] = [];
  for (let from = 0; from < FACTS; from += APPENDED_AT_ONCE) {
    const records = Array.from({ length: APPENDED_AT_ONCE }, (_, i) => {
      if ((from + i) % apart !== 0) return { key: "other", value: '{"atMs":1,"events":[]}' };
      const decision = { ...(previous !== undefined && { previous }), atMs: 1, events: [] };
      previous = from + i;
      newest = from + i;
      return { key: "one", value: JSON.stringify(decision) };
    });
    await log.append(topics.history, 0, records, { at: from });
  }
  return { log, newest: newest ?? 0 };
}

for (const [apart, readsMax] of [
  [1, 1],
  [20, 3],
  [100, 6],
  [1_000, 51],
] as const) {
  test(`a page of a long history, of which every ${apart}th record is one, takes at most ${readsMax} reads`, async () => {
    const { log, newest } = await longLog(apart);
    let [reads, records] = [0, 0];
    const counted = {
      async read(...asked: Parameters<typeof log.read>) {
        reads += 1;
        const batch = await log.read(...asked);
        records += batch.records.length;
        return batch;
      },
    };
    const offsets: number[] = [];
    for await (const { offset } of new Decisions(counted, 0, { instance: "one", newest, wanted: 51 }).back({
      offset: newest,
    })) {
      offsets.push(offset);
      if (offsets.length === 51) break;
    }
    assert.deepEqual(
      offsets,
      Array.from({ length: 51 }, (_, i) => newest - i * apart),
    );
    assert.ok(reads <= readsMax, `${reads} reads`);
    assert.ok(records <= readsMax * READ_MAX, `${records} records`);
  });
}
