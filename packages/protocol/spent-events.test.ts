import assert from "node:assert/strict";
import { test } from "node:test";
import { isSpent, SPENT_GROUP_MAX, type SpentEvents, withoutPast, withoutSpent, withSpent } from "./spent-events.ts";

const GROUPS_MAX = 3;

function event(n: number) {
  return { source: "/bänk", id: `e-${n}` };
}

function spentOf(count: number, untilMs = (n: number) => n): SpentEvents {
  let spent: SpentEvents = [];
  for (let n = 0; n < count; n++) spent = withSpent(spent, event(n), untilMs(n), GROUPS_MAX);
  return spent;
}

test("as many events are known as the groups have room for; one more, and the oldest group is forgotten", () => {
  const full = GROUPS_MAX * SPENT_GROUP_MAX;
  const known = spentOf(full);
  assert.equal(known.length, GROUPS_MAX);
  for (let n = 0; n < full; n++) assert.ok(isSpent(known, event(n)), `e-${n}`);
  assert.equal(isSpent(known, event(full)), false);
  const more = spentOf(full + 1);
  assert.equal(more.length, GROUPS_MAX);
  const found = [SPENT_GROUP_MAX - 1, SPENT_GROUP_MAX, full].map((n) => isSpent(more, event(n)));
  assert.deepEqual(found, [false, true, true]);
});

test("an event is known by source and id together, wherever one ends and the other begins", () => {
  const spent = withSpent([], { source: "ab", id: "c" }, 1, 1);
  const others = [
    { source: "a", id: "bc" },
    { source: "abc", id: "" },
    { source: "ab", id: "C" },
    { source: "", id: "abc" },
  ];
  assert.deepEqual(
    [isSpent(spent, { source: "ab", id: "c" }), ...others.map((one) => isSpent(spent, one))],
    [true, ...others.map(() => false)],
  );
});

test("of hundreds of thousands of events no two look alike", () => {
  const prints = new Set(Array.from({ length: 200_000 }, (_, n) => withSpent([], event(n), 1, 1)[0]?.prints));
  assert.equal(prints.size, 200_000);
});

test("a group is known until the last of its events may be forgotten, also where a clock was set back", () => {
  const spent = spentOf(SPENT_GROUP_MAX + 1, (n) => (n === 0 ? 5_000 : n));
  assert.equal(withoutPast(spent, 999), spent);
  assert.deepEqual(
    withoutPast(spent, 1_000).map(({ untilMs }) => untilMs),
    [5_000],
  );
  assert.ok(isSpent(withoutPast(spent, 4_999), event(999)));
  assert.deepEqual(withoutPast(spent, 5_000), []);
});

test("a fingerprint is found where it begins, not across two others", () => {
  const [one, other] = [withSpent([], event(1), 1, 1), withSpent([], event(2), 1, 1)].map(
    (spent) => spent[0]?.prints ?? "",
  );
  const across = `${"x".repeat(5)}${one}${"y".repeat(6)}${other}`;
  assert.equal(isSpent([{ untilMs: 1, prints: across }], event(1)), false);
  assert.equal(isSpent([{ untilMs: 1, prints: across }], event(2)), true);
  assert.equal(isSpent([{ untilMs: 1, prints: `${"x".repeat(5)}${one}${"y".repeat(6)}${one}` }], event(1)), true);
});

test("an event that is taken away may come again, and the others are known still", () => {
  const spent = spentOf(SPENT_GROUP_MAX + 1);
  const without = withoutSpent(spent, event(3));
  assert.deepEqual(
    [2, 3, 4, SPENT_GROUP_MAX].map((n) => isSpent(without, event(n))),
    [true, false, true, true],
  );
  assert.equal(withoutSpent(without, event(SPENT_GROUP_MAX)).length, 1, "a group of none is none");
  assert.equal(withoutSpent(without, event(3)), without);
});
