import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeAssignment, encodeSubscription, type Place, shareOut } from "./subscription.ts";

const COUNTS = new Map([["t", 4]]);

test("a place that a member still works on is given to nobody, until it has let go", () => {
  const holding = share({ a: { held: places(0, 1, 2, 3), generation: 1 }, b: { held: [], generation: -1 } });
  assert.deepEqual(holding, { a: [2, 3], b: [] });
  const letGo = share({ a: { held: places(2, 3), generation: 2 }, b: { held: [], generation: 2 } });
  assert.deepEqual(letGo, { a: [2, 3], b: [0, 1] });
});

test("of two members that claim a place, the one that was given it later keeps it", () => {
  const shared = share({ old: { held: places(0, 1), generation: 3 }, newer: { held: places(1, 2), generation: 7 } });
  assert.deepEqual(shared, { old: [0, 3], newer: [1, 2] });
});

test("what nobody holds is shared out evenly", () => {
  const shared = share({ a: { held: [], generation: -1 }, b: { held: [], generation: -1 } });
  assert.deepEqual(shared, { a: [0, 2], b: [1, 3] });
});

test("a place that is no more is not given to anybody", () => {
  assert.deepEqual(share({ a: { held: places(0, 9), generation: 1 } }), { a: [0, 1, 2, 3] });
});

function share(members: Record<string, { held: Place[]; generation: number }>): Record<string, number[]> {
  const joined = Object.entries(members).map(([memberId, { held, generation }]) => ({
    memberId,
    memberMetadata: encodeSubscription({ topics: ["t"], held, generation }),
  }));
  return Object.fromEntries(
    shareOut(joined, COUNTS).map(({ memberId, memberAssignment }) => [
      memberId,
      decodeAssignment(memberAssignment).map(({ partition }) => partition),
    ]),
  );
}

function places(...partitions: number[]): Place[] {
  return partitions.map((partition) => ({ topic: "t", partition }));
}
