import assert from "node:assert/strict";
import { test } from "node:test";
import { SPENT_GROUP_MAX } from "@antiphon/protocol";
import { REMEMBERED_MAX, SPENT_GROUPS_MAX } from "./bucket.ts";
import { dueMs, emptyBucket } from "./index.ts";
import {
  dropped,
  event,
  giveBack,
  HOUR_MS,
  Key,
  matched,
  offer,
  open,
  refuse,
  returned,
  shared,
  TOO_LATE,
  wait,
} from "./testing/node/key.ts";

test("an event goes to the wait that is open for it", () => {
  const key = new Key();
  assert.deepEqual(key.take(open("a")), [{ type: "WaitRegistered", wait: wait("a") }]);
  assert.deepEqual(key.take(offer("e")), [matched("a", "e")]);
  assert.deepEqual(key.bucket.waits, []);
});

test("whoever asked is answered by the instance that the event goes to", () => {
  const key = new Key();
  const reply = { gateway: "g", request: "r" };
  key.take(open("a"));
  const asked = { type: "OfferEvent", event: event("e"), cardinality: "one", bufferMs: HOUR_MS, reply } as const;
  assert.deepEqual(key.take(asked), [{ ...matched("a", "e"), reply }]);
});

test("an event that comes first is held, and goes to the wait as soon as that opens", () => {
  const key = new Key();
  assert.deepEqual(key.take(offer("e")), [{ type: "EventHeld", event: event("e"), expiresMs: HOUR_MS }]);
  assert.deepEqual(key.at(5).take(open("a")), [matched("a", "e")]);
});

test("of several waits the oldest gets the first event, and each event goes to one wait", () => {
  const key = new Key();
  for (const instance of ["a", "b", "c"]) key.take(open(instance));
  assert.deepEqual(key.take(offer("e1")), [matched("a", "e1")]);
  assert.deepEqual(key.take(offer("e2")), [matched("b", "e2")]);
  assert.deepEqual(key.bucket.waits, [wait("c")]);
});

test("of several held events the oldest goes to the first wait", () => {
  const key = new Key();
  for (const id of ["e1", "e2"]) key.take(offer(id));
  assert.deepEqual(key.take(open("a")), [matched("a", "e1")]);
  assert.deepEqual(key.take(open("b")), [matched("b", "e2")]);
});

test("an event that comes again is a duplicate, held or gone to a wait", () => {
  const key = new Key();
  key.take(offer("e"));
  const before = "an event with this source and id came before and";
  assert.deepEqual(key.take(offer("e")), [dropped("e", "duplicate", `${before} is held until a wait opens`)]);
  key.take(open("a"));
  assert.deepEqual(key.take(offer("e")), [dropped("e", "duplicate", `${before} went to wait 1 of instance a`)]);
  key.take(open("b"));
  assert.deepEqual(key.bucket.waits, [wait("b")]);
});

test("a duplicate is told for as long as the event could have been held, and for an hour at least", () => {
  for (const [bufferMs, rememberedMs] of [
    [0, HOUR_MS],
    [3 * HOUR_MS, 3 * HOUR_MS],
  ] as const) {
    const key = new Key();
    key.take(open("a"));
    key.take(offer("e", "one", bufferMs));
    assert.equal(key.at(rememberedMs - 1).take(offer("e"))[0]?.type, "EventDropped");
    assert.deepEqual(key.at(rememberedMs).take(offer("e", "one", 1))[0]?.type, "EventHeld");
  }
});

test("the same id from another source is another event", () => {
  const key = new Key();
  key.take(offer("e"));
  const other = { ...event("e"), source: "/other" };
  const facts = key.take({ type: "OfferEvent", event: other, cardinality: "one", bufferMs: 1 });
  assert.deepEqual(facts, [{ type: "EventHeld", event: other, expiresMs: 1 }]);
});

test("an event that nobody waited for in time expires", () => {
  const key = new Key();
  key.take(offer("e"));
  assert.equal(dueMs(key.bucket), HOUR_MS);
  assert.deepEqual(key.at(HOUR_MS - 1).catchUp(), []);
  assert.deepEqual(key.at(HOUR_MS).catchUp(), [dropped("e", "expired", TOO_LATE)]);
  assert.equal(key.bucket, emptyBucket);
});

test("a wait that opens when an event's time is over does not get it, even if nobody looked at the clock", () => {
  const key = new Key();
  key.take(offer("e"));
  assert.deepEqual(key.at(HOUR_MS).take(open("a")), [
    dropped("e", "expired", TOO_LATE),
    { type: "WaitRegistered", wait: wait("a") },
  ]);
});

test("an event that is not to be held is dropped at once when nobody waits", () => {
  const key = new Key();
  const reason = "no wait with its correlation values is open, and its time to be held is over";
  assert.deepEqual(key.take(offer("e", "one", 0)), [dropped("e", "expired", reason)]);
  assert.equal(key.bucket, emptyBucket);
});

test("an event that expired can be sent through again", () => {
  const key = new Key();
  key.take(offer("e", "one", 1));
  key.at(1).catchUp();
  key.take(open("a"));
  assert.deepEqual(key.take(offer("e")), [matched("a", "e", 1 + HOUR_MS)]);
});

test("a closed wait gets no event", () => {
  const key = new Key();
  key.take(open("a"));
  assert.deepEqual(key.take({ type: "CloseWait", ...wait("a") }), [{ type: "WaitRemoved", wait: wait("a") }]);
  assert.deepEqual(key.take(offer("e"))[0]?.type, "EventHeld");
});

test("a wait that is opened, or closed, again changes nothing", () => {
  const key = new Key();
  key.take(open("a"));
  assert.deepEqual(key.take(open("a")), []);
  key.take(offer("e"));
  assert.deepEqual(key.take(open("a")), []);
  assert.deepEqual(key.take({ type: "CloseWait", ...wait("a") }), []);
});

test("an event that its wait refused goes to the next one", () => {
  const key = new Key();
  for (const instance of ["a", "b"]) key.take(open(instance));
  key.take(offer("e"));
  assert.deepEqual(key.take(refuse("a", "e")), [matched("b", "e")]);
});

test("a refused event goes to who waited behind the one that refused it, also after its time", () => {
  const key = new Key();
  for (const instance of ["a", "b"]) key.take(open(instance));
  key.take(offer("e", "one", 0));
  assert.deepEqual(key.at(10).take(refuse("a", "e")), [matched("b", "e", 0)]);
});

test("a refused event that nobody else waits for is held for what is left of its time", () => {
  const key = new Key();
  key.take(open("a"));
  key.take(offer("e"));
  assert.deepEqual(key.at(5).take(refuse("a", "e")), [{ type: "EventHeld", event: event("e"), expiresMs: HOUR_MS }]);
  assert.deepEqual(key.take(refuse("a", "e")), []);
  assert.deepEqual(key.at(HOUR_MS).catchUp()[0], dropped("e", "expired", TOO_LATE));
});

test("a refused event keeps its place before events that came later", () => {
  const key = new Key();
  key.take(open("a"));
  key.take(offer("e1"));
  key.take(offer("e2"));
  key.take(refuse("a", "e1"));
  assert.deepEqual(key.take(open("b")), [matched("b", "e1")]);
});

test("a refusal of what was given to somebody else since changes nothing", () => {
  const key = new Key();
  for (const instance of ["a", "b"]) key.take(open(instance));
  key.take(offer("e"));
  key.take(refuse("a", "e"));
  assert.deepEqual(key.take(refuse("a", "e")), []);
});

test("an event that is refused after it was forgotten is a dead letter, not lost", () => {
  const key = new Key();
  key.take(open("a"));
  key.take(offer("e"));
  key.at(HOUR_MS);
  const reason = "wait 1 of instance a refused it after it was forgotten here";
  assert.deepEqual(key.take(refuse("a", "e")), [dropped("e", "expired", reason)]);
});

test("where one wait only is allowed, a second is refused until the first is closed", () => {
  const key = new Key();
  key.take(open("a", "reject"));
  const reason = "expected no other wait on this key, found wait 1 of instance a";
  assert.deepEqual(key.take(open("b", "reject")), [{ type: "WaitRefused", wait: wait("b"), reason }]);
  assert.deepEqual(key.take(offer("e", "reject")), [matched("a", "e")]);
  assert.deepEqual(key.take(open("c", "reject")), [{ type: "WaitRegistered", wait: wait("c") }]);
});

test("an event for all goes to every wait that is open, and to those that open before it expires", () => {
  const key = new Key();
  for (const instance of ["a", "b"]) key.take(open(instance, "all"));
  assert.deepEqual(key.take(offer("e", "all")), [
    { type: "EventHeld", event: event("e"), expiresMs: HOUR_MS, shared: true },
    shared("a", "e"),
    shared("b", "e"),
  ]);
  assert.deepEqual(key.at(HOUR_MS - 1).take(open("c", "all")), [shared("c", "e")]);
  assert.deepEqual(key.at(HOUR_MS).take(open("d", "all")), [{ type: "WaitRegistered", wait: wait("d") }]);
  assert.deepEqual(key.catchUp(), []);
});

test("an event for all goes to each instance once, so that a loop does not live on it", () => {
  const key = new Key();
  key.take(open("a", "all"));
  key.take(offer("e", "all"));
  assert.deepEqual(key.take(open("a", "all", "2")), [{ type: "WaitRegistered", wait: wait("a", "2") }]);
  assert.deepEqual(key.catchUp(), []);
  assert.deepEqual(key.take(offer("f", "all")).at(-1), shared("a", "f", "2"));
});

test("an instance that refused an event for all gets it when it waits again", () => {
  const key = new Key();
  for (const instance of ["a", "b"]) key.take(open(instance, "all"));
  key.take(offer("e", "all"));
  assert.deepEqual(key.take(refuse("a", "e")), [
    { type: "EventHeld", event: event("e"), expiresMs: HOUR_MS, shared: true, refused: wait("a") },
  ]);
  assert.deepEqual(key.take(open("a", "all", "2")), [shared("a", "e", "2")]);
});

test("a wait whose match its instance had already is first in turn again, or gets the next event that is held", () => {
  const key = new Key();
  for (const instance of ["a", "b"]) key.take(open(instance));
  assert.deepEqual(key.take(offer("e")), [matched("a", "e")]);
  assert.deepEqual(key.take(giveBack("a", "e")), [returned("a", "e")]);
  assert.deepEqual(key.bucket.waits, [wait("a"), wait("b")]);
  assert.deepEqual(key.take(giveBack("a", "e")), []);
  assert.equal(key.take(offer("e"))[0]?.type, "EventDropped");
  assert.deepEqual(key.take(offer("f")), [matched("a", "f")]);

  const held = new Key();
  held.take(open("a"));
  for (const id of ["e", "f"]) held.take(offer(id));
  assert.deepEqual(held.take(giveBack("a", "e")), [returned("a", "e"), matched("a", "f")]);
  assert.deepEqual(held.bucket.waits, []);
});

test("an event for all that nobody took expires, and one that somebody took is let go of without a word", () => {
  const key = new Key();
  key.take(offer("e", "all"));
  assert.deepEqual(key.at(HOUR_MS).catchUp(), [dropped("e", "expired", TOO_LATE)]);
  key.at(0).take(offer("f", "all"));
  key.take(open("a", "all"));
  assert.deepEqual(key.at(HOUR_MS).catchUp(), [{ type: "EventsForgotten" }]);
  assert.equal(key.bucket, emptyBucket);
});

test("an event for all reaches many waits in batches, and none of them twice", () => {
  const key = new Key();
  const instances = Array.from({ length: 250 }, (_, i) => `i${i}`);
  for (const instance of instances) key.take(open(instance, "all"));
  assert.equal(key.take(offer("e", "all", 0)).length, 101);
  assert.equal(dueMs(key.bucket), 0);
  assert.deepEqual(
    key.catchUp(),
    instances.slice(100).map((instance) => ({ ...shared(instance, "e"), expiresMs: 0 })),
  );
});

test("more events than may be held are rejected with the reason", () => {
  const key = new Key();
  for (let i = 0; i < 1_000; i++) assert.equal(key.take(offer(`e${i}`))[0]?.type, "EventHeld");
  const reason = "expected at most 1000 events held with its correlation values, found one more";
  assert.deepEqual(key.take(offer("more")), [dropped("more", "rejected", reason)]);
  key.take(open("a"));
  assert.equal(key.take(offer("more"))[0]?.type, "EventHeld");
});

test("more text than may be held is rejected with the reason", () => {
  const key = new Key();
  const large = (id: string) => ({
    type: "OfferEvent" as const,
    event: event(id, "x".repeat(1_200_000)),
    cardinality: "one" as const,
    bufferMs: HOUR_MS,
  });
  assert.equal(key.take(large("e1"))[0]?.type, "EventHeld");
  const [fact] = key.take(large("e2"));
  assert.match(fact?.type === "EventDropped" ? fact.reason : "", /^expected at most 2000000 characters held/);
});

test("an event that is refused after many others have come is dropped, and may be sent through again", () => {
  const key = new Key();
  for (let id = 0; id <= REMEMBERED_MAX; id++) {
    key.take(open("a", "one", `${id}`));
    key.take(offer(`e${id}`));
  }
  const [fact] = key.take({ ...refuse("a", "e0"), wait: "0" } as Parameters<Key["take"]>[0]);
  assert.deepEqual([fact?.type, fact?.type === "EventDropped" && fact.disposition], ["EventDropped", "expired"]);
  assert.equal(key.take(offer("e0"))[0]?.type, "EventHeld");
});

test("events are told from their duplicates for their time, however many come after them, up to a limit", () => {
  const key = new Key();
  const come = (id: number) => {
    key.take(open("a", "one", `${id}`));
    key.take(offer(`e${id}`));
  };
  for (let i = 0; i <= REMEMBERED_MAX; i++) come(i);
  assert.equal(key.bucket.events.length, REMEMBERED_MAX);
  for (const id of ["e0", "e1", `e${REMEMBERED_MAX}`]) {
    const [fact] = key.take(offer(id));
    assert.deepEqual([fact?.type, fact?.type === "EventDropped" && fact.disposition], ["EventDropped", "duplicate"]);
  }
  assert.deepEqual(key.bucket.spent?.length, 1);
  // As if so many more had come that the group of the first one is forgotten.
  const { spent: [first] = [] } = key.bucket;
  assert.ok(first !== undefined);
  const full = { ...first, prints: "x".repeat(first.prints.length * SPENT_GROUP_MAX) };
  key.bucket = {
    ...key.bucket,
    spent: [
      { ...full, prints: first.prints + full.prints.slice(first.prints.length) },
      ...Array.from({ length: SPENT_GROUPS_MAX - 1 }, () => full),
    ],
  };
  assert.equal(key.take(offer("e0"))[0]?.type, "EventDropped");
  come(REMEMBERED_MAX + 1);
  assert.equal(key.bucket.spent?.length, SPENT_GROUPS_MAX);
  assert.equal(key.take(offer("e0"))[0]?.type, "EventHeld");
  key.take(open("a", "one", "last"));
  assert.deepEqual(key.at(HOUR_MS).catchUp(), [{ type: "EventsForgotten" }]);
  assert.equal(key.bucket, emptyBucket);
});
