import assert from "node:assert/strict";
import { test } from "node:test";
import { formatJson } from "@antiphon/protocol";
import { HELD_CHARS_MAX, WAITS_MAX } from "./bucket.ts";
import { dueMs } from "./index.ts";
import { EXPIRIES_BYTES_MAX } from "./reach-time.ts";
import { SHARES_BYTES_MAX } from "./share.ts";
import { dropped, event, HOUR_MS, Key, offer, open, refuse, wait } from "./testing/node/key.ts";

const EXPIRED = "no wait with its correlation values opened in time";

function offerOf(id: string, data: string) {
  return { type: "OfferEvent", event: event(id, data), cardinality: "one", bufferMs: HOUR_MS } as const;
}

/** Text that makes an event as long as that. */
function filling(id: string, chars: number): string {
  return "x".repeat(chars - formatJson(event(id, "")).length);
}

test(`${WAITS_MAX} waits may be open on one key, and one more is refused`, () => {
  const key = new Key();
  const waits = Array.from({ length: WAITS_MAX - 1 }, (_, i) => wait(`i${i}`));
  key.bucket = { ...key.bucket, waits };
  assert.deepEqual(key.take(open("last")), [{ type: "WaitRegistered", wait: wait("last") }]);
  const reason = `expected at most ${WAITS_MAX} waits on one key, found one more`;
  assert.deepEqual(key.take(open("more")), [{ type: "WaitRefused", wait: wait("more"), reason }]);
});

test("events are held up to the very limit of characters", () => {
  const key = new Key();
  assert.equal(key.take(offerOf("e", filling("e", HELD_CHARS_MAX)))[0]?.type, "EventHeld");
  const other = new Key();
  assert.equal(other.take(offerOf("e", filling("e", HELD_CHARS_MAX + 1)))[0]?.type, "EventDropped");
});

test("events expire a batch at a time, the rest in the next", () => {
  const key = new Key();
  for (let i = 0; i < 250; i++) key.take(offer(`e${i}`));
  key.at(HOUR_MS);
  const batches = [1, 2, 3].map(() => key.take({ type: "ReachTime" }).length);
  assert.deepEqual(batches, [100, 100, 50]);
});

test("large events expire a few at a time, and one at least", () => {
  const key = new Key();
  for (const id of ["e", "f"]) key.take(offerOf(id, filling(id, EXPIRIES_BYTES_MAX - 10)));
  key.at(HOUR_MS);
  assert.deepEqual(
    [1, 2].map(() => key.take({ type: "ReachTime" }).length),
    [1, 1],
  );
  const larger = new Key();
  larger.take(offerOf("e", filling("e", EXPIRIES_BYTES_MAX + 1)));
  assert.equal(larger.at(HOUR_MS).take({ type: "ReachTime" })[0]?.type, "EventDropped");
});

test("events whose text is not ASCII expire by their bytes, as the log counts them", () => {
  const key = new Key();
  const ids = ["e", "f", "g"];
  for (const id of ids) key.take(offerOf(id, "\u20ac".repeat(EXPIRIES_BYTES_MAX / 4)));
  key.at(HOUR_MS);
  assert.deepEqual(
    ids.map(() => key.take({ type: "ReachTime" }).length),
    [1, 1, 1],
  );
});

test("a shared event whose text is not ASCII goes to so many waits at once as its bytes allow", () => {
  const key = new Key();
  for (let i = 0; i < 10; i++) key.take(open(`i${i}`));
  const shared = { ...offerOf("e", "\u20ac".repeat(SHARES_BYTES_MAX / 12)), cardinality: "all" } as const;
  assert.deepEqual(
    key.take(shared).map(({ type }) => type),
    ["EventHeld", ...Array(3).fill("EventMatched")],
  );
});

test("a key asks for its turn when the first of the events that it holds expires", () => {
  const key = new Key();
  key.take(offer("late"));
  key.take(offer("soon", "one", 5));
  assert.equal(dueMs(key.bucket), 5);
  assert.deepEqual(key.at(5).catchUp(), [dropped("soon", "expired", EXPIRED)]);
});

test("a key that only remembers asks for its turn when the last of what it remembers may be forgotten", () => {
  const key = new Key();
  for (const [id, bufferMs] of [
    ["e", 0],
    ["f", 3 * HOUR_MS],
  ] as const) {
    key.take(open("a", "one", id));
    key.take(offer(id, "one", bufferMs));
  }
  assert.equal(dueMs(key.bucket), 3 * HOUR_MS);
});

test("an event that goes to a further wait by a clock that was set back is remembered no shorter than it was", () => {
  const key = new Key();
  for (const instance of ["a", "b"]) key.take(open(instance));
  key.at(HOUR_MS).take(offer("e", "one", 1));
  assert.equal(key.at(0).take(refuse("a", "e"))[0]?.type, "EventMatched");
  assert.equal(key.at(2 * HOUR_MS - 1).take(offer("e"))[0]?.type, "EventDropped");
});
