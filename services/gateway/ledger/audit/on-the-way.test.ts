import assert from "node:assert/strict";
import { test } from "node:test";
import { deadLetterMessage } from "@antiphon/host";
import { topics } from "@antiphon/protocol";
import { AuditBench, awaited, placeIn, sampleEvent, started } from "./testing/audit-bench.ts";

const KEYED = { type: "WaitRegistered", wait: { instance: "i1", wait: "1.a" } } as const;
const MATCHED = { type: "EventMatched", wait: KEYED.wait, event: sampleEvent("e"), expiresMs: 9 } as const;
const byKey = { by: "key", wait: "1.a", key: "k" } as const;

/** An instance that waits at keys, which know of it. */
async function waiting(...keys: readonly string[]): Promise<AuditBench> {
  const world = await AuditBench.open();
  await world.history({ events: [started("i1"), awaited("1.a", ...keys)] });
  for (const key of keys) await world.correlations({ from: placeIn(topics.history, 0), events: [KEYED] }, key);
  return world;
}

test("a wait that only its instance knows of, because it has no key, is registered nowhere and agrees", async () => {
  const world = await AuditBench.open();
  await world.history({ events: [started("i1"), awaited("1.a")] });
  assert.deepEqual(await world.disagreements(), []);
});

test("a wait that was closed is registered until its key has heard of it, and no longer", async () => {
  const world = await waiting("k");
  assert.deepEqual((await world.audit())["waits"], { open: 1, registered: 1, onTheWay: 0 });
  await world.history({ events: [{ type: "WaitClosed", wait: "1.a", reason: "timeout", keys: ["k"] }] });
  assert.deepEqual(await world.disagreements(), []);
  assert.deepEqual((await world.audit())["waits"], { open: 0, registered: 1, onTheWay: 1 });
  await world.correlations({ from: placeIn(topics.history, 1) });
  const subject = { ...KEYED.wait, key: "k" };
  assert.deepEqual(await world.disagreements(), [{ kind: "wait-registered-not-open", subject }]);
});

test("a wait that closes without keys tells none", async () => {
  const world = await waiting("k");
  await world.history({ events: [{ type: "WaitClosed", wait: "1.a", reason: "timeout" }] });
  assert.equal((await world.disagreements()).length, 1);
});

test("an event that came by one of several keys closes the others, and not the one that it came by", async () => {
  const world = await waiting("k", "other");
  await world.correlations({ events: [MATCHED] });
  const received = { type: "EventReceived", wait: "1.a", event: sampleEvent("e"), found: byKey } as const;
  await world.history({ from: placeIn(topics.correlations, 2), events: [{ ...received, keys: ["k", "other"] }] });
  assert.deepEqual(await world.disagreements(), []);
  assert.deepEqual((await world.audit())["waits"], { open: 0, registered: 1, onTheWay: 1 });
  // The one that it came by has let go of the wait itself: nobody tells it.
  await world.correlations({ events: [KEYED] });
  const kind = "wait-registered-not-open";
  assert.deepEqual(await world.disagreements(), [{ kind, subject: { ...KEYED.wait, key: "k" } }]);
  await world.correlations({ from: placeIn(topics.history, 1) }, "other");
  assert.deepEqual(await world.disagreements(), [
    { kind, subject: { ...KEYED.wait, key: "k" } },
    { kind, subject: { ...KEYED.wait, key: "other" } },
  ]);
});

test("an event that came by its instance's id closes all keys", async () => {
  const world = await waiting("k");
  const received = { type: "EventReceived", wait: "1.a", event: sampleEvent("e"), found: { by: "instance" } } as const;
  await world.history({ events: [{ ...received, keys: ["k"] }] });
  assert.deepEqual(await world.disagreements(), []);
});

test("an event that an instance has refused is on its way back to the key, until that has heard of it", async () => {
  const world = await waiting("k");
  await world.correlations({ events: [MATCHED] });
  assert.deepEqual(await world.disagreements(), []);
  const ignored = { type: "EventIgnored", event: sampleEvent("e"), reason: "no", found: byKey } as const;
  await world.history({ from: placeIn(topics.correlations, 1), events: [{ ...ignored, disposition: "unmatched" }] });
  assert.deepEqual(await world.disagreements(), []);
  await world.correlations({ from: placeIn(topics.history, 1) });
  assert.deepEqual(await world.disagreements(), [
    { kind: "wait-not-registered", subject: { ...KEYED.wait, key: "k" } },
    { kind: "match-without-answer", subject: { source: "/s", id: "e", ...KEYED.wait } },
  ]);
});

test("a duplicate that was matched is told to the key if the wait waits on, and else it is not", async () => {
  for (const isWaiting of [true, false]) {
    const world = await waiting("k");
    await world.correlations({ events: [MATCHED] });
    const ignored = { type: "EventIgnored", event: sampleEvent("e"), reason: "no", found: byKey } as const;
    const duplicate = { ...ignored, disposition: "duplicate", ...(isWaiting && { isWaiting }) } as const;
    await world.history({ from: placeIn(topics.correlations, 1), events: [duplicate] });
    const kinds = (await world.listed()).map(({ kind }) => kind);
    assert.equal(kinds.includes("wait-not-registered"), !isWaiting);
  }
});

test("an event that was not taken by its instance's id tells no key", async () => {
  const world = await waiting("k");
  await world.correlations({ events: [MATCHED] });
  const ignored = { type: "EventIgnored", event: sampleEvent("f"), reason: "no", found: { by: "instance" } } as const;
  await world.history({ from: placeIn(topics.correlations, 1), events: [{ ...ignored, disposition: "duplicate" }] });
  const kinds = (await world.listed()).map(({ kind }) => kind);
  assert.ok(kinds.includes("wait-not-registered"));
});

test("what has not reached a partition from which nothing came at all is on its way", async () => {
  const world = await AuditBench.open();
  await world.history({ events: [started("i1"), awaited("1.a", "k")] });
  assert.deepEqual((await world.audit())["waits"], { open: 1, registered: 0, onTheWay: 1 });
});

test("an event that was put aside at one key and matched at another is on its way from there", async () => {
  const world = await waiting("k");
  const dropped = { disposition: "rejected", reason: "full", event: sampleEvent("e") } as const;
  await world.correlations({ events: [{ type: "EventDropped", ...dropped }] }, "other");
  await world.log.publish([deadLetterMessage({ atMs: 5, ...dropped, from: placeIn(topics.correlations, 1) })]);
  await world.correlations({ atMs: 6, events: [MATCHED] });
  assert.deepEqual(await world.disagreements(), []);
});

test("an event for all that is held at one key, went to a wait there and was put aside at another key agrees", async () => {
  const world = await waiting("k");
  const held = { type: "EventHeld", event: sampleEvent("e"), expiresMs: 9_000, shared: true } as const;
  await world.correlations({ events: [held, { ...MATCHED, expiresMs: 9_000, shared: true }] });
  const dropped = { disposition: "rejected", reason: "full", event: sampleEvent("e") } as const;
  await world.correlations({ events: [{ type: "EventDropped", ...dropped }] }, "other");
  await world.log.publish([deadLetterMessage({ atMs: 5, ...dropped, from: placeIn(topics.correlations, 2) })]);
  assert.deepEqual(await world.disagreements(), []);
});
