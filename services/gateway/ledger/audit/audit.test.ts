import assert from "node:assert/strict";
import { test } from "node:test";
import { deadLetterMessage } from "@antiphon/host";
import { type Json, topics } from "@antiphon/protocol";
import { eventKey, viewSpace } from "@antiphon/views";
import { ROUNDS_MAX } from "./audit.ts";
import { checkWaits } from "./check-waits.ts";
import { LogFold } from "./log-fold.ts";
import { AuditBench, awaited, placeIn, sampleEvent, started } from "./testing/audit-bench.ts";

const found = { by: "instance" } as const;
const wait = { instance: "i1", wait: "1.a" };

test("where all that follows has followed, everything agrees", async () => {
  const world = await AuditBench.open();
  await world.input(topics.correlation, "k", {
    type: "OpenWait",
    key: "k",
    wait,
    cardinality: "one",
    from: placeIn(topics.history, 0),
  });
  await world.input(topics.correlation, "k", {
    type: "OfferEvent",
    key: "k",
    event: sampleEvent("e"),
    cardinality: "one",
    bufferMs: 1,
  });
  await world.history({ events: [started("i1"), awaited("1.a", "k")] });
  await world.correlations({ input: 0, from: placeIn(topics.history, 0), events: [{ type: "WaitRegistered", wait }] });
  await world.correlations({
    input: 1,
    events: [{ type: "EventMatched", wait, event: sampleEvent("e"), expiresMs: 9 }],
  });
  const byKey = { by: "key", wait: "1.a", key: "k" } as const;
  await world.history({
    from: placeIn(topics.correlations, 1),
    events: [
      { type: "EventReceived", wait: "1.a", event: sampleEvent("e"), found: byKey, keys: ["k"] },
      { type: "InstanceCompleted" },
    ],
  });
  await world.view();
  const { startedAt: _, endedAt: __, upTo, ...told } = await world.audit();
  assert.deepEqual(told, {
    agrees: true,
    events: { received: 1, sum: 1, dispositions: { resolved: 1 } },
    inputs: { waiting: 0 },
    waits: { open: 0, registered: 0, onTheWay: 0 },
    heldEvents: 0,
    actions: { underWay: 0 },
    instances: { live: 0, ended: 1 },
    deadLetters: { all: 0, open: 0 },
    disagreements: { count: 0, kinds: {}, listed: [] },
    behind: [],
    rounds: 1,
  });
  assert.deepEqual(upTo, { "antiphon.dead-letters/0": 0, "antiphon.correlations/0": 2, "antiphon.history/0": 2 });
});

test("what is on its way between instances and keys is no disagreement, however long it is", async () => {
  const world = await AuditBench.open();
  await world.history({ events: [started("i1"), awaited("1.a", "k")] });
  assert.deepEqual(await world.disagreements(), []);
  await world.correlations({
    from: placeIn(topics.history, 0),
    events: [{ type: "EventMatched", wait, event: sampleEvent("e"), expiresMs: 9 }],
  });
  assert.deepEqual(await world.disagreements(), []);
  const { waits, agrees } = await world.audit();
  assert.deepEqual([waits, agrees], [{ open: 1, registered: 0, onTheWay: 1 }, true]);
});

test("a wait that is open, and that its key has heard of and not registered, is found", async () => {
  const world = await AuditBench.open();
  await world.history({ events: [started("i1"), awaited("1.a", "k")] });
  await world.correlations({ from: placeIn(topics.history, 0) });
  assert.deepEqual(await world.disagreements(), [{ kind: "wait-not-registered", subject: { ...wait, key: "k" } }]);
  assert.equal(world.rounds, ROUNDS_MAX - 1);
});

test("a wait that is registered, and not open, is found", async () => {
  const world = await AuditBench.open();
  await world.correlations({ events: [{ type: "WaitRegistered", wait }] });
  assert.deepEqual(await world.disagreements(), [{ kind: "wait-registered-not-open", subject: { ...wait, key: "k" } }]);
});

test("a match that has reached its instance, which tells nothing of it, is found", async () => {
  const world = await AuditBench.open();
  await world.correlations({ events: [{ type: "EventMatched", wait, event: sampleEvent("e"), expiresMs: 9 }] });
  await world.history({ from: placeIn(topics.correlations, 0) });
  const subject = { source: "/s", id: "e", ...wait };
  assert.deepEqual(await world.disagreements(), [{ kind: "match-without-answer", subject }]);
});

test("an event that came in and was handled without a trace is found", async () => {
  const world = await AuditBench.open();
  await world.input(topics.commands, "i1", { type: "DeliverEvent", instance: "i1", event: sampleEvent("e"), found });
  await world.input(topics.commands, "i1", {
    type: "DeliverEvent",
    instance: "i1",
    event: sampleEvent("later"),
    found,
  });
  await world.history({ input: 0 });
  const subject = { source: "/s", id: "e", topic: topics.commands, partition: 0, offset: 0 };
  assert.deepEqual(await world.disagreements(), [{ kind: "event-without-trace", subject }]);
  assert.deepEqual((await world.audit()).inputs, { waiting: 1 });
});

test("an event whose input was rejected is accounted for by its letter", async () => {
  const world = await AuditBench.open();
  const command = { type: "DeliverEvent", instance: "i1", event: sampleEvent("e"), found };
  await world.input(topics.commands, "i1", command);
  await world.history({ input: 0, rejected: { reason: "no", value: JSON.stringify(command) } });
  assert.deepEqual(await world.disagreements(), []);
});

test("an event that was put aside without a dead letter is found, and no more once its letter is there", async () => {
  const world = await AuditBench.open();
  const dropped = { event: sampleEvent("e"), disposition: "expired", reason: "in vain" } as const;
  await world.correlations({ events: [{ type: "EventDropped", ...dropped }] });
  assert.deepEqual(await world.disagreements(), [{ kind: "dead-letter-missing", subject: { source: "/s", id: "e" } }]);
  world.meanwhile = async () => {
    await world.log.publish([deadLetterMessage({ atMs: 5, ...dropped, from: placeIn(topics.correlations, 0) })]);
  };
  assert.deepEqual(await world.disagreements(), []);
  assert.deepEqual((await world.audit()).deadLetters, { all: 1, open: 1 });
});

test("an event that an instance is said to keep, and does not, is found", async () => {
  const world = await AuditBench.open();
  await world.history({ events: [{ type: "EventBuffered", event: sampleEvent("e"), expiresMs: 9 }] });
  await world.put(`${topics.history}/0`, "=i1", { state: { status: "absent", buffer: [] } }, [], 1);
  const subject = { instance: "i1", source: "/s", id: "e" };
  assert.deepEqual(await world.disagreements(), [{ kind: "buffered-event-not-held", subject }]);
  await world.put(`${topics.history}/0`, "=i1", {
    state: { status: "absent", buffer: [{ event: sampleEvent("e"), expiresMs: 9 }] },
  });
  assert.deepEqual(await world.disagreements(), []);
});

test("an event that is held, and that the ledger does not know as kept, is found", async () => {
  const world = await AuditBench.open();
  await world.correlations({ events: [{ type: "EventHeld", event: sampleEvent("e"), expiresMs: 9 }] });
  const fold = new LogFold(world.log, 1);
  await fold.advance();
  assert.deepEqual(checkWaits(fold).disagreements, []);
  fold.ledger.clear();
  const subject = { source: "/s", id: "e", key: "k" };
  assert.deepEqual(checkWaits(fold).disagreements, [
    { kind: "held-event-not-buffered", subject, expected: "buffered", found: "nothing" },
  ]);
});

test("what the store has at a key, of an instance, as a timer and in the ledger is compared with what follows from the facts", async () => {
  const world = await AuditBench.open();
  await world.history({ events: [started("i1"), awaited("1.a", "k")] });
  await world.history({ events: [started("i2"), { type: "InstanceCompleted" }] }, "i2");
  await world.correlations({ from: placeIn(topics.history, 0), events: [{ type: "WaitRegistered", wait }] });
  await world.correlations({ events: [{ type: "EventHeld", event: sampleEvent("e"), expiresMs: 9 }] }, "other");
  await world.correlations({ events: [{ type: "EventHeld", event: sampleEvent("f"), expiresMs: 9 }] }, "third");
  await world.view();
  const views = viewSpace(topics.correlations, 0);
  await world.put(views, eventKey(sampleEvent("e")), null);
  await world.put(views, eventKey(sampleEvent("f")), {
    ...sampleEvent("f"),
    disposition: "expired",
    atMs: 5,
    sinceMs: 5,
  });
  await world.put(`${topics.correlations}/0`, "=k", null, [], 3);
  await world.put(`${topics.history}/0`, "=i1", null, ["000000000000009 i2"], 2);
  const kept = [
    { kind: "ledger-row-missing", subject: { source: "/s", id: "e", space: views } },
    { kind: "ledger-row-differs", subject: { source: "/s", id: "f", space: views } },
    { kind: "bucket-differs", subject: { key: "k" } },
    { kind: "bucket-differs", subject: { key: "other" } },
    { kind: "bucket-differs", subject: { key: "third" } },
    { kind: "instance-differs", subject: { instance: "i1" } },
    { kind: "timer-of-ended-instance", subject: { instance: "i2", dueMs: 9 } },
  ];
  assert.deepEqual(await world.disagreements(), kept);
  const { events, agrees, disagreements } = await world.audit();
  assert.deepEqual([events, agrees], [{ received: 2, sum: 1, dispositions: { expired: 1 } }, false]);
  const { kinds, listed } = disagreements as { kinds: Json; listed: readonly Json[] };
  assert.deepEqual(kinds, {
    "ledger-row-missing": 1,
    "ledger-row-differs": 1,
    "bucket-differs": 3,
    "instance-differs": 1,
    "timer-of-ended-instance": 1,
  });
  const [, , , bucket] = listed;
  assert.deepEqual(bucket, {
    kind: "bucket-differs",
    subject: { key: "other" },
    expected: 'waits none; held ["/s","e"]',
    found: "waits none; held none",
    meaning: "the store has something else at a key than the facts say",
  });
});

test("a view that has not caught up is told, and not compared", async () => {
  const world = await AuditBench.open();
  await world.correlations({ events: [{ type: "EventHeld", event: sampleEvent("e"), expiresMs: 9 }] });
  world.view = async () => {};
  const { agrees, behind, disagreements } = await world.audit();
  assert.deepEqual([agrees, (disagreements as { count: number }).count], [false, 0]);
  assert.deepEqual(behind, [{ space: viewSpace(topics.correlations, 0), position: null, end: 1 }]);
});
