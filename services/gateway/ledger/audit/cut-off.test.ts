import assert from "node:assert/strict";
import { test } from "node:test";
import { type JsonObject, topics } from "@antiphon/protocol";
import { AuditBench, awaited, placeIn, sampleEvent, started } from "./testing/audit-bench.ts";

const INPUT = "antiphon.history/0";
const BACK = "antiphon.correlations/0";
const ALIVE = { instances: ["i1", "early", "busy", "failed"], keys: ["k", "other"] };
const byKey = { by: "key", wait: "1.b", key: "l" } as const;
const wait = (name: string) => ({ instance: "i1", wait: name });

/**
 * One instance waits at a key and has taken an event by another one, one is expected and keeps an event, one performs an action, one
 * has failed, one has ended; one event is held at a key.
 */
async function machine(): Promise<AuditBench> {
  const world = await AuditBench.open();
  const taken = sampleEvent("taken");
  await world.history({ events: [started("i1"), awaited("1.a", "k"), awaited("1.b", "l")] });
  const offer = { type: "OfferEvent", key: "l", event: taken, cardinality: "one", bufferMs: 1 };
  await world.input(topics.correlation, "l", offer);
  await world.correlations({
    from: placeIn(topics.history, 0),
    events: [{ type: "WaitRegistered", wait: wait("1.a") }],
  });
  await world.correlations({ events: [{ type: "WaitRegistered", wait: wait("1.b") }] }, "l");
  await world.correlations(
    { input: 0, events: [{ type: "EventMatched", wait: wait("1.b"), event: taken, expiresMs: 9 }] },
    "l",
  );
  await world.correlations({ events: [{ type: "EventHeld", event: sampleEvent("held"), expiresMs: 9_000 }] }, "other");
  const received = { type: "EventReceived", wait: "1.b", event: taken, found: byKey, keys: ["l"] } as const;
  await world.history({ from: placeIn(topics.correlations, 2), events: [received] });
  await world.history({ events: [started("gone"), { type: "InstanceCompleted" }] }, "gone");
  await world.history({ events: [{ type: "EventBuffered", event: sampleEvent("early"), expiresMs: 9_000 }] }, "early");
  const requested = { type: "ActionRequested", action: "1.x", function: "f", request: { kind: "rest" } };
  await world.history({ events: [started("busy"), requested as never] }, "busy");
  const error = { code: "e", message: "no", classes: [] };
  await world.history({ events: [started("failed"), { type: "InstanceFaulted", error }] }, "failed");
  await world.remember(["000000000000009 early"]);
  await world.put(`${topics.correlations}/0`, "mark", null, ["000000000000009 other"]);
  await world.view();
  return world;
}

const SOURCES = { history: { [BACK]: [2, 0] }, correlations: { [INPUT]: [1, 0] } } as const;

/** Cuts both logs off below what was copied forward. */
async function cutOff(world: AuditBench, history = 6, correlations = 4): Promise<void> {
  await world.log.truncate(topics.history, 0, history);
  await world.log.truncate(topics.correlations, 0, correlations);
}

const AGREED = {
  waits: { open: 1, registered: 1, onTheWay: 0 },
  held: 1,
  actions: { underWay: 1 },
};

test("what was copied forward agrees with the store, wherever the logs are cut off", async () => {
  for (let history = 0; history <= 6; history++) {
    for (let correlations = 0; correlations <= 4; correlations++) {
      const world = await machine();
      await world.copyForward(ALIVE, SOURCES);
      await cutOff(world, history, correlations);
      const where = `from ${history} and ${correlations}`;
      assert.deepEqual(await world.listed(), [], where);
      const { agrees, waits, heldEvents: held, actions, instances } = await world.audit();
      assert.deepEqual({ waits, held, actions }, AGREED, where);
      assert.deepEqual([agrees, (instances as { live: number }).live], [true, 3], where);
    }
  }
});

test("what goes on from copies agrees, and what was settled before them is not on its way", async () => {
  const world = await machine();
  await world.copyForward(ALIVE, SOURCES);
  await cutOff(world);
  await world.correlations(
    { events: [{ type: "EventDropped", event: sampleEvent("held"), disposition: "duplicate", reason: "again" }] },
    "other",
  );
  await world.history({ events: [awaited("1.c", "m")] });
  await world.put(`${topics.history}/0`, "mark", null, [], 11);
  const { waits, disagreements } = await world.audit();
  // The store is behind by then, and is not compared.
  assert.deepEqual(waits, { open: 2, registered: 1, onTheWay: 1 });
  assert.deepEqual((disagreements as { kinds: JsonObject }).kinds, {});
});

const dropped: Readonly<Record<string, readonly string[]>> = {
  i1: ["alive-without-facts", "wait-registered-not-open"],
  early: ["alive-without-facts"],
  busy: ["alive-without-facts"],
  failed: ["alive-without-facts"],
  k: ["wait-not-registered"],
  other: ["alive-without-facts"],
};

for (const [lost, kinds] of Object.entries(dropped)) {
  test(`a copy of ${lost} that is missing is found`, async () => {
    const world = await machine();
    await world.copyForward(ALIVE, SOURCES, (key, state) => (key === lost ? undefined : state));
    await cutOff(world);
    const found = (await world.listed()).map(({ kind }) => String(kind));
    assert.deepEqual([...new Set(found)].sort(), kinds);
  });
}

const changes: Readonly<Record<string, readonly [key: string, change: object, kinds: readonly string[]]>> = {
  "an instance without its wait": ["i1", { waits: {} }, ["instance-differs", "wait-registered-not-open"]],
  "a failed instance as an active one": ["failed", { status: "active" }, ["instance-differs"]],
  "a key without its wait": ["k", { waits: [] }, ["bucket-differs", "wait-not-registered"]],
  "a key without its event": ["other", { events: [] }, ["alive-without-facts", "bucket-differs"]],
};

for (const [what, [key, change, kinds]] of Object.entries(changes)) {
  test(`a copy of ${what} is found, whether its facts are still there or not`, async () => {
    const world = await machine();
    await world.copyForward(ALIVE, SOURCES, (one, state) => (one === key ? { ...state, ...change } : state));
    const differs = (await world.listed()).map(({ kind, subject }) => [kind, Object.values(subject as JsonObject)]);
    assert.deepEqual(differs, [["copy-differs", [key]]]);
    await cutOff(world);
    const found = (await world.listed()).map(({ kind }) => String(kind));
    assert.deepEqual([...new Set(found)].sort(), kinds);
  });
}

test("a copy of an instance that has ended, or never was, is found", async () => {
  const world = await machine();
  await world.copyForward({ instances: [...ALIVE.instances, "gone"], keys: ALIVE.keys }, SOURCES, (key, state) => {
    return key === "gone" ? { ...state, status: "active", waits: {}, timers: {}, actions: {}, buffer: [] } : state;
  });
  const found = (await world.listed()).map(({ kind, subject }) => [kind, subject]);
  assert.deepEqual(found, [["copy-differs", { instance: "gone" }]]);
});

test("an event that was handled before the log begins leaves no trace, and one that is handled after does", async () => {
  const world = await machine();
  const lost = { type: "OfferEvent", key: "l", event: sampleEvent("lost"), cardinality: "one", bufferMs: 1 };
  await world.copyForward(ALIVE, SOURCES);
  await cutOff(world);
  assert.deepEqual(await world.disagreements(), []);
  await world.input(topics.correlation, "l", lost);
  await world.correlations({ input: 1 }, "l");
  const subject = { source: "/s", id: "lost", topic: topics.correlation, partition: 0, offset: 1 };
  assert.deepEqual(await world.disagreements(), [{ kind: "event-without-trace", subject }]);
});
