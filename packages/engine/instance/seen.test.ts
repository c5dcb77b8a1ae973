import assert from "node:assert/strict";
import { test } from "node:test";
import { SPENT_GROUP_MAX } from "@antiphon/protocol";
import { hasTaken, SEEN_MAX, SEEN_MS, SEEN_SPENT_GROUPS_MAX, withSeen } from "./seen.ts";

const NOW_MS = 1_000_000;

function event(n: number) {
  return { source: "/shop", id: `e-${n}` };
}

/** What is known after so many events, one a millisecond. */
function after(count: number): ReturnType<typeof withSeen> {
  let taken: ReturnType<typeof withSeen> = { seen: [] };
  for (let n = 0; n < count; n++) taken = withSeen(taken, event(n), NOW_MS + n, `${n}.wait`);
  return taken;
}

test("of one event less than the limit, and of exactly that many, the waits are known; of one more the oldest's is not", () => {
  for (const [count, spent] of [
    [SEEN_MAX - 1, 0],
    [SEEN_MAX, 0],
    [SEEN_MAX + 1, 1],
  ] as const) {
    const taken = after(count);
    assert.deepEqual([taken.seen.length, taken.seen[0]?.id], [count - spent, event(spent).id]);
    assert.equal(taken.spent?.length, spent === 0 ? undefined : 1);
    assert.ok(hasTaken(taken, event(0)), "it is known all the same");
  }
});

test("an event is known for its time, and no longer than that", () => {
  const taken = withSeen({ seen: [] }, event(0), NOW_MS);
  assert.ok(hasTaken(withSeen(taken, event(1), NOW_MS + SEEN_MS - 1), event(0)));
  assert.ok(!hasTaken(withSeen(taken, event(1), NOW_MS + SEEN_MS), event(0)));
  const many = after(SEEN_MAX + 1);
  assert.ok(hasTaken(withSeen(many, event(-1), NOW_MS + SEEN_MS - 1), event(0)));
  assert.equal(withSeen(many, event(-1), NOW_MS + SEEN_MS + SEEN_MAX).spent, undefined);
});

test("the memory of what came has a limit, beyond which the oldest are forgotten together", () => {
  const max = SEEN_MAX + SEEN_SPENT_GROUPS_MAX * SPENT_GROUP_MAX;
  const full = after(max);
  assert.ok(hasTaken(full, event(0)));
  const more = withSeen(full, event(max), NOW_MS + max);
  assert.deepEqual([hasTaken(more, event(SPENT_GROUP_MAX - 1)), hasTaken(more, event(SPENT_GROUP_MAX))], [false, true]);
});
