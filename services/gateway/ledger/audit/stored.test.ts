import assert from "node:assert/strict";
import { test } from "node:test";
import { type InstanceEvent, type Json, topics } from "@antiphon/protocol";
import { eventKey } from "@antiphon/views";
import { checkEvents } from "./check-events.ts";
import { checkWaits } from "./check-waits.ts";
import { LogFold } from "./log-fold.ts";
import { AuditBench, awaited, placeIn, sampleEvent, started } from "./testing/audit-bench.ts";

const INSTANCES = `${topics.history}/0`;
const KEYS = `${topics.correlations}/0`;
const found = { by: "instance" } as const;
const failed: InstanceEvent = { type: "InstanceFaulted", error: { code: "e", message: "no", classes: [] } };

function kept(id: string): InstanceEvent {
  return { type: "EventBuffered", event: sampleEvent(id), expiresMs: 9_000 };
}

function taken(wait: string, id: string): InstanceEvent {
  return { type: "EventReceived", wait, event: sampleEvent(id), found };
}

/** One instance waits, one has ended, one has failed, one is expected; one event is held at a key. */
async function machine(): Promise<AuditBench> {
  const world = await AuditBench.open();
  await world.history({ events: [started("i1"), awaited("1.a", "k"), awaited("1.b"), taken("1.b", "t")] });
  await world.history({ events: [started("i2"), { type: "InstanceCompleted" }] }, "i2");
  await world.history({ events: [started("i3"), failed] }, "i3");
  await world.history({ events: [kept("e"), kept("f")] }, "i4");
  const wait = { instance: "i1", wait: "1.a" };
  await world.correlations({ from: placeIn(topics.history, 0), events: [{ type: "WaitRegistered", wait }] });
  await world.correlations({ events: [{ type: "EventHeld", event: sampleEvent("h"), expiresMs: 9_000 }] }, "other");
  return world;
}

function due(...instances: readonly string[]): readonly string[] {
  return instances.map((instance) => `000000000000009 ${instance}`);
}

test("a store that holds what follows from the facts agrees with them", async () => {
  const world = await machine();
  await world.remember(due("i1", "i4"));
  assert.deepEqual(await world.disagreements(), []);
  const { waits, heldEvents, instances, rounds } = await world.audit();
  assert.deepEqual(waits, { open: 1, registered: 1, onTheWay: 0 });
  assert.deepEqual([heldEvents, instances, rounds], [1, { live: 2, ended: 1 }, 1]);
});

test("a timer of an instance that has ended or failed is found, however many timers there are", async () => {
  const world = await machine();
  const live = Array.from({ length: 1_000 }, (_, n) => `${String(n).padStart(15, "0")} i1`);
  await world.remember([...live, "000000000002000 i2", "000000000002001 i3"]);
  assert.deepEqual(await world.disagreements(), [
    { kind: "timer-of-ended-instance", subject: { instance: "i2", dueMs: 2_000 } },
    { kind: "timer-of-ended-instance", subject: { instance: "i3", dueMs: 2_001 } },
  ]);
});

test("an instance that the store has with other waits than its facts say, or not at all, is found", async () => {
  const world = await AuditBench.open();
  await world.history({ events: [started("i1"), awaited("1.b"), awaited("1.a")] });
  await world.history({ events: [started("i2")] }, "i2");
  await world.history({ events: [awaited("1.c")] });
  await world.remember();
  await world.put(INSTANCES, "=i2", null);
  const { values } = await world.store.load(INSTANCES, ["=i1"]);
  const { state } = JSON.parse(values[0] ?? "") as { state: { waits: { [wait: string]: Json } } };
  delete state.waits["1.b"];
  await world.put(INSTANCES, "=i1", { state } as unknown as Json);
  assert.deepEqual(
    (await world.listed()).map(({ kind, subject, expected, found }) => [kind, subject, expected, found]),
    [
      ["instance-differs", { instance: "i1" }, "active, waits 1.a, 1.b, 1.c", "active, waits 1.a, 1.c"],
      ["instance-differs", { instance: "i2" }, "active, waits none", "nothing"],
    ],
  );
});

test("an event that its instance does not keep is found, also beside others, and where the instance is not there", async () => {
  const world = await machine();
  await world.history({ events: [kept("g")] }, "i5");
  await world.remember();
  const buffer = [{ event: sampleEvent("e"), expiresMs: 9_000 }] as unknown as Json;
  await world.put(INSTANCES, "=i4", { state: { status: "absent", buffer } });
  await world.put(INSTANCES, "=i5", null);
  assert.deepEqual(await world.disagreements(), [
    { kind: "buffered-event-not-held", subject: { instance: "i4", source: "/s", id: "f" } },
    { kind: "buffered-event-not-held", subject: { instance: "i5", source: "/s", id: "g" } },
  ]);
});

test("a store that is behind the facts is not compared", async () => {
  const world = await machine();
  await world.remember();
  await world.put(KEYS, "=k", null);
  await world.put(INSTANCES, "=i1", null);
  assert.equal((await world.disagreements()).length, 2);
  await world.history({ events: [{ type: "StateEntered", state: "S", visit: 1 }] });
  await world.correlations({});
  assert.deepEqual(await world.disagreements(), []);
});

test("an event that is held at no key, although the ledger says so, is found, and one that one of its keys holds is not", async () => {
  const world = await AuditBench.open();
  const held = (id: string) => ({ type: "EventHeld", event: sampleEvent(id), expiresMs: 9_000 }) as const;
  for (const key of ["k", "l"]) await world.correlations({ events: [held("e"), held("f")] }, key);
  await world.correlations({ events: [held("g")] }, "m");
  const fold = new LogFold(world.log, 1);
  await fold.advance();
  assert.deepEqual(checkEvents(fold).disagreements, []);
  fold.buckets.delete("l");
  assert.deepEqual(checkEvents(fold).disagreements, []);
  const bucket = fold.buckets.get("k");
  fold.buckets.set("k", { waits: [], events: bucket?.events.filter(({ id }) => id === "f") ?? [] });
  fold.buckets.set("m", { waits: [], events: [] });
  assert.deepEqual(checkEvents(fold).disagreements, [
    { kind: "buffered-event-not-held", subject: { source: "/s", id: "e" } },
    { kind: "buffered-event-not-held", subject: { source: "/s", id: "g" } },
  ]);
});

test("a copy that is held at a key while the event was taken elsewhere agrees, and one of an event that is dead does not", async () => {
  const world = await AuditBench.open();
  const event = sampleEvent("e");
  await world.correlations({ events: [{ type: "EventHeld", event, expiresMs: 9_000 }] });
  await world.history({ events: [started("i1"), awaited("1.a"), taken("1.a", "e")] });
  const fold = new LogFold(world.log, 1);
  await fold.advance();
  assert.deepEqual(checkWaits(fold).disagreements, []);
  const row = { ...event, atMs: 5, sinceMs: 5, disposition: "expired" } as const;
  fold.ledger.set(eventKey(event), new Map([["views", row]]));
  assert.deepEqual(checkWaits(fold).disagreements, [
    {
      kind: "held-event-not-buffered",
      subject: { source: "/s", id: "e", key: "k" },
      expected: "buffered",
      found: "expired",
    },
  ]);
});
