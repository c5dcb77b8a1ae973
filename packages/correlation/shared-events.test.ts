import assert from "node:assert/strict";
import { test } from "node:test";
import { dueMs, emptyBucket } from "./index.ts";
import { dropped, event, HOUR_MS, Key, offer, open, refuse, shared, wait } from "./testing/node/key.ts";

const TOO_LATE = "no wait with its correlation values is open, and its time to be held is over";
const held = { type: "EventHeld", event: event("e"), expiresMs: HOUR_MS, shared: true } as const;

function large(chars: number) {
  return { type: "OfferEvent", event: event("e", "x".repeat(chars)), cardinality: "all", bufferMs: HOUR_MS } as const;
}

test("of two waits of one instance an event for all goes to the first alone", () => {
  const key = new Key();
  for (const id of ["1", "2"]) key.take(open("a", "all", id));
  assert.deepEqual(key.take(offer("e", "all")), [held, shared("a", "e")]);
  assert.deepEqual(key.bucket.waits, [wait("a", "2")]);
  assert.deepEqual(key.catchUp(), []);
});

test("whoever asked is answered by the first instance that an event for all goes to", () => {
  const key = new Key();
  for (const instance of ["a", "b"]) key.take(open(instance, "all"));
  const reply = { gateway: "g", request: "r" };
  const asked = { type: "OfferEvent", event: event("e"), cardinality: "all", bufferMs: HOUR_MS, reply } as const;
  assert.deepEqual(key.take(asked), [held, { ...shared("a", "e"), reply }, shared("b", "e")]);
});

test("a key that has waits left to give an event to asks for its turn at once, and not when the event expires", () => {
  const key = new Key();
  for (let i = 0; i < 101; i++) key.take(open(`i${i}`, "all"));
  key.take(offer("e", "all"));
  assert.equal(dueMs(key.bucket), 0);
  assert.deepEqual(key.catchUp(), [shared("i100", "e")]);
  assert.equal(dueMs(key.bucket), HOUR_MS);
});

test("a large event for all goes to fewer waits at once, and to one at least", () => {
  for (const [chars, batch] of [
    [300_000, 3],
    [1_500_000, 1],
  ] as const) {
    const key = new Key();
    for (const instance of ["a", "b", "c", "d"]) key.take(open(instance, "all"));
    assert.equal(key.take(large(chars)).length, 1 + batch);
    assert.equal(key.catchUp().length, 4 - batch);
  }
});

test("an event for all that is not to be held, and that nobody waits for, expires at once", () => {
  const key = new Key();
  assert.deepEqual(key.take(offer("e", "all", 0)), [dropped("e", "expired", TOO_LATE)]);
  assert.equal(key.bucket, emptyBucket);
});

test("an event for all needs room as any other", () => {
  const key = new Key();
  for (let i = 0; i < 1_000; i++) key.take(offer(`e${i}`));
  const reason = "expected at most 1000 events held with its correlation values, found one more";
  assert.deepEqual(key.take(offer("more", "all")), [dropped("more", "rejected", reason)]);
});

test("an event for all that goes to as many as are remembered is held for no further one", () => {
  const key = new Key();
  for (let i = 0; i < 10_000; i++) key.bucket = { ...key.bucket, waits: [...key.bucket.waits, wait(`i${i}`)] };
  key.take(offer("e", "all"));
  key.catchUp();
  assert.deepEqual(key.take(open("more", "all")), [{ type: "WaitRegistered", wait: wait("more") }]);
});

test("an event for all that one instance refuses when its time is over stays with the others", () => {
  const key = new Key();
  for (const instance of ["a", "b"]) key.take(open(instance, "all"));
  key.take(offer("e", "all", 10));
  key.at(10).take(refuse("a", "e"));
  assert.deepEqual(key.bucket.events[0]?.takers, [wait("b")]);
  assert.deepEqual(key.take(open("a", "all", "2")), [{ type: "WaitRegistered", wait: wait("a", "2") }]);
  assert.deepEqual(key.catchUp(), []);
});

test("an event for all that every instance refuses when its time is over is a dead letter, not lost", () => {
  const key = new Key();
  for (const instance of ["a", "b"]) key.take(open(instance, "all"));
  key.take(offer("e", "all", 0));
  key.at(10).take(refuse("a", "e"));
  assert.deepEqual(key.take(refuse("b", "e")), [dropped("e", "expired", TOO_LATE)]);
  assert.equal(key.bucket.events.length, 0);
});

test("an event for all that comes back when there is no room is held for nobody, and a dead letter if it comes back from all", () => {
  const key = new Key();
  for (const instance of ["a", "b"]) key.take(open(instance, "all"));
  key.take(offer("e", "all", HOUR_MS));
  // Held for later ones, it has its place already; what is no longer held does not get one back.
  key.bucket = { ...key.bucket, events: key.bucket.events.map(({ held: _, ...known }) => known) };
  for (let i = 0; i < 1_000; i++) key.take(offer(`e${i}`));
  key.take(refuse("a", "e"));
  assert.equal(key.bucket.events.filter((known) => known.held !== undefined).length, 1_000);
  const reason = "expected at most 1000 events held with its correlation values, found one more";
  assert.deepEqual(key.take(refuse("b", "e")), [dropped("e", "rejected", reason)]);
});

test("an event for all that is held no longer is held again when it comes back in time", () => {
  const key = new Key();
  key.take(open("a", "all"));
  key.take(offer("e", "all"));
  key.bucket = { ...key.bucket, events: key.bucket.events.map(({ held: _, ...known }) => known) };
  assert.deepEqual(key.take(refuse("a", "e")), [{ ...held, refused: wait("a") }]);
  assert.deepEqual(key.take(open("c", "all")), [shared("c", "e")]);
});
