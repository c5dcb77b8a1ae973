import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CorrelationInput } from "@antiphon/protocol";
import { REFUSALS_MAX } from "./bucket.ts";
import { emptyBucket } from "./index.ts";
import { event, HOUR_MS, Key, offer, open, wait } from "./testing/node/key.ts";

type Refusal = Extract<CorrelationInput, { type: "RefuseEvent" }>;

/** The instance of an open wait could not take an event. */
function refuseOpen(instance: string, id: string, more: Pick<Refusal, "isCut"> = {}) {
  return { type: "RefuseEvent", ...wait(instance), event: event(id), isOpen: true, ...more } as const;
}

const ref = (id: string) => ({ source: "/shop", id, type: "paid" });

describe("an event that an open wait could not take", () => {
  test("is held for others, and the wait gets the next event, not this one again", () => {
    const key = new Key();
    key.take(open("a"));
    key.take(offer("bad"));
    assert.deepEqual(key.take(refuseOpen("a", "bad")), [
      { type: "EventHeld", event: event("bad"), expiresMs: HOUR_MS, refusedBy: wait("a") },
      { type: "WaitReturned", wait: wait("a"), event: ref("bad") },
    ]);
    assert.deepEqual(key.take(refuseOpen("a", "bad")), [], "a repetition changes nothing");
    const good = { type: "EventMatched", wait: wait("a"), event: event("good"), expiresMs: HOUR_MS } as const;
    assert.deepEqual(key.take(offer("good")), [good]);
    const taken = { type: "EventMatched", wait: wait("b"), event: event("bad"), expiresMs: HOUR_MS } as const;
    assert.deepEqual(key.take(open("b")), [taken]);
  });

  test("goes to the wait behind it, and from there to a third, but to none of them twice", () => {
    const key = new Key();
    for (const instance of ["a", "b"]) key.take(open(instance));
    key.take(offer("bad"));
    const matched = (instance: string) => ({
      type: "EventMatched",
      wait: wait(instance),
      event: event("bad"),
      expiresMs: HOUR_MS,
    });
    assert.deepEqual(key.take(refuseOpen("a", "bad")), [
      { ...matched("b"), refusedBy: wait("a") },
      { type: "WaitReturned", wait: wait("a"), event: ref("bad") },
    ]);
    assert.deepEqual(key.take(refuseOpen("b", "bad")), [
      { type: "EventHeld", event: event("bad"), expiresMs: HOUR_MS, refusedBy: wait("b") },
      { type: "WaitReturned", wait: wait("b"), event: ref("bad") },
    ]);
    assert.deepEqual(key.take(open("c")), [matched("c")]);
  });

  test("gives its wait the next event that is held meanwhile", () => {
    const key = new Key();
    key.take(open("a"));
    for (const id of ["bad", "good"]) key.take(offer(id));
    assert.deepEqual(key.take(refuseOpen("a", "bad")), [
      { type: "EventHeld", event: event("bad"), expiresMs: HOUR_MS, refusedBy: wait("a") },
      { type: "WaitReturned", wait: wait("a"), event: ref("bad") },
      { type: "EventMatched", wait: wait("a"), event: event("good"), expiresMs: HOUR_MS },
    ]);
  });

  test("is no further one's where it is for all, but goes on being the others'", () => {
    const key = new Key();
    for (const instance of ["a", "b"]) key.take(open(instance, "all"));
    key.take(offer("bad", "all"));
    const [held, returned, ...more] = key.take(refuseOpen("a", "bad"));
    assert.deepEqual([held?.type, returned?.type, more], ["EventHeld", "WaitReturned", []]);
    assert.deepEqual(key.catchUp(), []);
    assert.equal(key.take(open("c", "all"))[0]?.type, "EventMatched");
  });

  test("is dropped where it could not be written down whole, and its wait goes on all the same", () => {
    const key = new Key();
    key.take(open("a"));
    key.take(offer("bad"));
    const reason = "wait 1 of instance a could not take it";
    assert.deepEqual(key.take(refuseOpen("a", "bad", { isCut: true })), [
      { type: "EventDropped", event: event("bad"), disposition: "rejected", reason, isCut: true },
      { type: "WaitReturned", wait: wait("a"), event: ref("bad") },
    ]);
  });

  test("is expired where it has been forgotten, and its wait goes on all the same", () => {
    const key = new Key();
    const [dropped, returned] = key.take(refuseOpen("a", "gone"));
    assert.deepEqual([dropped?.type, returned?.type], ["EventDropped", "WaitReturned"]);
    assert.notEqual(key.bucket, emptyBucket);
  });

  test(`is dropped once ${REFUSALS_MAX} waits could not take it`, () => {
    const key = new Key();
    for (let n = 0; n <= REFUSALS_MAX; n++) key.take(open(`i${n}`));
    key.take(offer("bad"));
    for (let n = 0; n < REFUSALS_MAX; n++) assert.equal(key.take(refuseOpen(`i${n}`, "bad"))[0]?.type, "EventMatched");
    const [dropped, returned] = key.take(refuseOpen(`i${REFUSALS_MAX}`, "bad"));
    assert.deepEqual(
      [dropped?.type === "EventDropped" && dropped.disposition, returned?.type],
      ["rejected", "WaitReturned"],
    );
    assert.equal(key.bucket.waits.length, REFUSALS_MAX + 1);
  });
});
