import assert from "node:assert/strict";
import { test } from "node:test";
import { type Log, memoryLog } from "@antiphon/log";
import { FakeClock } from "@antiphon/processor/testing";
import { type CorrelationEvent, type InstanceEvent, topicLayout, topics } from "@antiphon/protocol";
import { type MemoryStore, memoryStore } from "@antiphon/store";
import { viewedTopics, viewSpace } from "@antiphon/views";
import { Registry } from "prom-client";
import { startProjector } from "./index.ts";
import { LETTERS_FRESH_MS } from "./view-metrics.ts";

const QUIET = { info() {}, warn() {}, error() {} };
const HISTORY = { topic: topics.history, partition: 0, offset: 0, index: 0 };
const HTTP = { topic: "http", partition: 0, offset: 0, index: 0 };
const found = { by: "instance" } as const;

function event(id: string) {
  return { specversion: "1.0", id, source: "/s", type: "t" } as const;
}

class Bench {
  readonly log: Log = memoryLog({ now: () => 0 });
  readonly store: MemoryStore = memoryStore();
  readonly clock = new FakeClock();
  readonly registry = new Registry();

  async history(...events: InstanceEvent[]): Promise<void> {
    await this.#append(topics.history, "a", { atMs: 5, events });
  }

  async correlations(...events: CorrelationEvent[]): Promise<void> {
    await this.#append(topics.correlations, "k", { atMs: 5, events });
  }

  async letter(id: string, from: object): Promise<void> {
    const letter = { id, atMs: 5, reason: "nobody", disposition: "unmatched", event: event(id), from };
    await this.log.publish([{ topic: topics.deadLetters, partition: 0, key: id, value: JSON.stringify(letter) }]);
  }

  async start(): Promise<AsyncDisposable> {
    const { log, store, clock, registry: metrics } = this;
    const ports = { log, store, clock, logger: QUIET, health: { set() {} }, partitions: 1, metrics };
    return await startProjector(ports, { viewsDelayMs: 0 });
  }

  /** Resolves when the store holds all of the logs. */
  async folded(): Promise<void> {
    for (const topic of viewedTopics) {
      for (;;) {
        const { end } = await this.log.bounds(topic, 0);
        const { position } = await this.store.load(viewSpace(topic, 0), []);
        await new Promise((resolve) => setImmediate(resolve));
        if ((position ?? 0) === end) break;
      }
    }
  }

  /** All that is not zero. */
  async told(): Promise<Readonly<Record<string, number>>> {
    const lines = (await this.registry.metrics()).split("\n").filter((line) => line.startsWith("antiphon_"));
    const values = lines.map((line) => line.replace("antiphon_", "").split(" "));
    return Object.fromEntries(values.flatMap(([name = "", value]) => (value === "0" ? [] : [[name, Number(value)]])));
  }

  async #append(topic: string, key: string, decision: object): Promise<void> {
    const { end } = await this.log.bounds(topic, 0);
    await this.log.append(topic, 0, [{ key, value: JSON.stringify(decision) }], { at: end });
  }
}

async function bench(): Promise<Bench> {
  const made = new Bench();
  await made.log.ensureTopics(topicLayout(1));
  return made;
}

const started = {
  type: "InstanceStarted",
  instance: "a",
  workflow: "w",
  version: "1",
  definition: "h",
} as InstanceEvent;
const awaited = (wait: string): InstanceEvent => ({
  type: "EventAwaited",
  wait,
  events: [{ name: "n", eventType: "t" }],
});

test("dispositions are counted as they are given, and what is open is told", async () => {
  const world = await bench();
  await using _ = await world.start();
  await world.history(started, awaited("1.a"), awaited("1.b"), {
    type: "EventReceived",
    wait: "1.a",
    event: event("e1"),
    found,
  });
  await world.history({ type: "EventIgnored", event: event("e2"), disposition: "unmatched", reason: "", found });
  await world.correlations({ type: "EventHeld", event: event("e3"), expiresMs: 99 });
  await world.correlations({ type: "EventHeld", event: event("e4"), expiresMs: 99 });
  await world.correlations({
    type: "EventMatched",
    event: event("e4"),
    expiresMs: 99,
    wait: { instance: "a", wait: "1.b" },
  });
  await world.letter("e2", HISTORY);
  await world.letter("e5", HTTP);
  await world.folded();
  assert.deepEqual(await world.told(), {
    'events_total{disposition="resolved"}': 1,
    'events_total{disposition="buffered"}': 2,
    'events_total{disposition="unmatched"}': 2,
    waits_open: 1,
    events_buffered: 1,
    dead_letters_open: 2,
  });
});

test("a dead letter whose event was taken meanwhile is not among the open ones", async () => {
  const world = await bench();
  await using _ = await world.start();
  await world.letter("e1", HTTP);
  await world.folded();
  assert.equal((await world.told()).dead_letters_open, 1);
  await world.history(started, awaited("1.a"), { type: "EventReceived", wait: "1.a", event: event("e1"), found });
  await world.folded();
  world.clock.turn(LETTERS_FRESH_MS);
  assert.equal((await world.told()).dead_letters_open, undefined);
});

test("views that are made again, and those of an earlier process, are not counted again", async () => {
  const world = await bench();
  await world.history(started, awaited("1.a"), { type: "EventReceived", wait: "1.a", event: event("e1"), found });
  {
    await using _ = await world.start();
    await world.folded();
  }
  world.registry.clear();
  await using _ = await world.start();
  await world.history(awaited("1.b"));
  await world.folded();
  assert.deepEqual(await world.told(), { waits_open: 1 });
  await world.store.wipe(viewSpace(topics.history, 0));
  await world.history({ type: "EventReceived", wait: "1.b", event: event("e2"), found });
  world.clock.turn(1_000);
  await world.folded();
  assert.deepEqual(await world.told(), { 'events_total{disposition="resolved"}': 1 });
});

test("to count many dead letters lets others have their turns, and is done once for all who ask at the time", async () => {
  const world = await bench();
  await using _ = await world.start();
  const LETTERS = 1_000;
  for (let i = 0; i < LETTERS; i++) await world.letter(`e${i}`, HTTP);
  await world.folded();
  let looks = 0;
  const scan = world.store.scan.bind(world.store);
  world.store.scan = async (...args) => {
    looks += 1;
    return await scan(...args);
  };
  let turns = 0;
  let isCounted = false;
  const turning = (async () => {
    for (; !isCounted; turns++) await new Promise((resolve) => setImmediate(resolve));
  })();
  const [one, other] = await Promise.all([world.told(), world.told()]);
  isCounted = true;
  await turning;
  assert.deepEqual([one.dead_letters_open, other.dead_letters_open], [LETTERS, LETTERS]);
  assert.ok(looks > 1 && turns >= looks - 1, `${turns} turns in ${looks} looks`);
  assert.equal(looks, LETTERS / 100 + 1);
});
