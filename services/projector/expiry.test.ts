import assert from "node:assert/strict";
import { test } from "node:test";
import { deadLetterMessage } from "@antiphon/host";
import { memoryLog } from "@antiphon/log";
import { type CloudEvent, type CorrelationEvent, type InstanceEvent, topicLayout, topics } from "@antiphon/protocol";
import { memoryStore } from "@antiphon/store";
import { aboutOf, lists, type ViewedTopic, viewSpace } from "@antiphon/views";
import { ANEW_MS, EXPIRED_MAX, Expiry, LETTERS_TIMES, REST_MS } from "./expiry.ts";
import { PartitionViews } from "./partition-views.ts";

const QUIET = { info() {}, warn() {}, error() {} };
const DAY_MS = 86_400_000;
const found = { by: "instance" } as const;

function event(id: string): CloudEvent {
  return { specversion: "1.0", id, source: "/s", type: "t" };
}

/** One partition of each log, and its views. */
class Bench {
  readonly log = memoryLog({ now: () => 0 });
  readonly store = memoryStore();
  readonly partitions = 1;
  readonly logger = QUIET;

  static async open(): Promise<Bench> {
    const bench = new Bench();
    await bench.log.ensureTopics(topicLayout(1));
    return bench;
  }

  async decide(topic: ViewedTopic, key: string | null, atMs: number, rest: object): Promise<void> {
    const { end } = await this.log.bounds(topic, 0);
    const value = JSON.stringify({ atMs, events: [], ...rest });
    await this.log.append(topic, 0, [{ key, value }], { at: end });
  }

  async views(topic: ViewedTopic): Promise<PartitionViews> {
    const views = await PartitionViews.open(this, topic, 0);
    await views.take(await this.log.read(topic, 0, views.next, 10_000));
    return views;
  }

  /** Expires all there is at a time. Answers with the most rows that one turn took away. */
  async expire(expiry: Expiry, topic: ViewedTopic, nowMs: number): Promise<number> {
    const views = await this.views(topic);
    let most = 0;
    for (;;) {
      const removal = await expiry.next(nowMs);
      if (removal === undefined) return most;
      most = Math.max(most, removal.values.size);
      await views.remove(removal);
    }
  }

  async listed(topic: ViewedTopic, index: string): Promise<readonly string[]> {
    return (await this.store.scan(viewSpace(topic, 0), index, { limit: 10_000 })).map(aboutOf);
  }
}

const of = (...ids: readonly string[]) => ids.map((id) => JSON.stringify(["/s", id]));

test("a row of the ledger is gone when its time is over, but not while its event is held, and its lists with it", async () => {
  const bench = await Bench.open();
  const { correlations } = topics;
  const held: CorrelationEvent = { type: "EventHeld", event: event("held"), expiresMs: 9 };
  const gone: CorrelationEvent = {
    type: "EventDropped",
    event: event("Käse"),
    disposition: "expired",
    reason: "in vain",
  };
  await bench.decide(correlations, "k", 1_000, { events: [held, gone] });
  await bench.decide(correlations, "k", 2_000, { events: [{ ...gone, event: event("later") }] });
  const expiry = new Expiry(bench, correlations, 0, DAY_MS);
  await bench.expire(expiry, correlations, 1_000 + DAY_MS);
  assert.deepEqual(await bench.listed(correlations, lists.events), of("Käse", "held", "later"));
  await bench.expire(expiry, correlations, 1_001 + DAY_MS + REST_MS);
  assert.deepEqual(await bench.listed(correlations, lists.events), of("held"));
  for (const index of [lists.eventsOfType("t"), lists.eventsWithKey("k"), lists.eventsHeld]) {
    assert.deepEqual(await bench.listed(correlations, index), of("held"), index);
  }
  assert.deepEqual(await bench.listed(correlations, lists.eventsThatWere("expired")), []);
  const { position, values } = await bench.store.load(viewSpace(correlations, 0), ['event/["/s","Käse"]']);
  assert.deepEqual([position, values], [2, [null]]);
  // Held no longer, it goes on the next day.
  await bench.decide(correlations, "k", 3_000, { events: [{ ...gone, event: event("held") }] });
  await bench.expire(expiry, correlations, 2 * DAY_MS);
  assert.deepEqual(await bench.listed(correlations, lists.events), of("held"));
  await bench.expire(expiry, correlations, 2 * DAY_MS + ANEW_MS);
  assert.deepEqual(await bench.listed(correlations, lists.events), []);
});

for (const count of [EXPIRED_MAX - 1, EXPIRED_MAX, EXPIRED_MAX + 1]) {
  test(`of ${count} rows whose time is over, at most ${EXPIRED_MAX} are taken away at once, and all in the end`, async () => {
    const bench = await Bench.open();
    const dropped = Array.from({ length: count }, (_, i): CorrelationEvent => {
      return { type: "EventDropped", event: event(`e${i}`), disposition: "expired", reason: "in vain" };
    });
    await bench.decide(topics.correlations, "k", 1_000, { events: dropped });
    const expiry = new Expiry(bench, topics.correlations, 0, DAY_MS);
    const most = await bench.expire(expiry, topics.correlations, 2 * DAY_MS);
    assert.equal(most, Math.min(count, EXPIRED_MAX));
    assert.deepEqual(await bench.listed(topics.correlations, lists.events), []);
  });
}

test("dead letters are kept longer, and what became of their events as long as they are", async () => {
  const bench = await Bench.open();
  const { history, deadLetters } = topics;
  const received = (id: string): InstanceEvent => ({ type: "EventReceived", wait: "1.a", event: event(id), found });
  await bench.decide(history, "i1", 2_000, { events: [received("again"), received("once")] });
  const from = { topic: topics.correlations, partition: 0, offset: 0, index: 0 };
  const about = { disposition: "unmatched", reason: "nobody", from } as const;
  await bench.log.publish([deadLetterMessage({ atMs: 1_000, event: event("again"), ...about })]);
  await bench.views(deadLetters);
  const [ledger, letters] = [new Expiry(bench, history, 0, DAY_MS), new Expiry(bench, deadLetters, 0, DAY_MS)];
  for (const nowMs of [2_001 + DAY_MS, 1_000 + LETTERS_TIMES * DAY_MS]) {
    await bench.expire(letters, deadLetters, nowMs);
    await bench.expire(ledger, history, nowMs);
    assert.deepEqual(await bench.listed(history, lists.events), of("again"));
    assert.equal((await bench.listed(deadLetters, lists.deadLetters)).length, 1);
  }
  const laterMs = 1_001 + LETTERS_TIMES * DAY_MS + REST_MS;
  await bench.expire(letters, deadLetters, laterMs);
  for (const index of [lists.deadLetters, lists.deadLettersToLookAt, lists.events]) {
    assert.deepEqual(await bench.listed(deadLetters, index), [], index);
  }
  await bench.expire(ledger, history, laterMs + ANEW_MS);
  assert.deepEqual(await bench.listed(history, lists.events), []);
});

test("an instance that its owner has forgotten is in no list, and one that has not ended stays", async () => {
  const bench = await Bench.open();
  const started = (instance: string): InstanceEvent => {
    const facts = { workflow: "w", version: "1", definition: "h", data: {}, headers: {}, correlation: {} };
    return { type: "InstanceStarted", instance, businessKey: "B", ...facts };
  };
  await bench.decide(topics.history, "ended", 1_000, { events: [started("ended"), { type: "InstanceCompleted" }] });
  await bench.decide(topics.history, "alive", 1_000, { events: [started("alive")] });
  await bench.decide(topics.history, null, 2_000, { forgotten: ["ended", "alive", "never was"] });
  await bench.views(topics.history);
  const completed = lists.instancesThatAre("completed");
  for (const index of [lists.instances, lists.instancesOf("w"), lists.instancesWithBusinessKey("B"), completed]) {
    assert.deepEqual(await bench.listed(topics.history, index), index === completed ? [] : ["alive"], index);
  }
  const { values } = await bench.store.load(viewSpace(topics.history, 0), ["instance/ended", "instance/never was"]);
  assert.deepEqual(values, [null, null]);
});
