import assert from "node:assert/strict";
import { test } from "node:test";
import { assignSticky } from "./assignment.ts";

const PLACES = ["0", "1", "2", "3", "4", "5"];
const everywhere = (id: string) => ({ id, places: new Set(PLACES) });

test("places are shared evenly among members that have none yet", () => {
  const assigned = assignSticky(ownedBy({}), [everywhere("a"), everywhere("b"), everywhere("c")]);
  assert.deepEqual(loadsOf(assigned), { a: 2, b: 2, c: 2 });
});

test("a member that joins gets its share, and no place moves that need not", () => {
  const before = ownedBy({ a: ["0", "1", "2"], b: ["3", "4", "5"] });
  const after = assignSticky(before, [everywhere("a"), everywhere("b"), everywhere("c")]);
  assert.deepEqual(loadsOf(after), { a: 2, b: 2, c: 2 });
  const moved = PLACES.filter((place) => after.get(place) !== before.get(place));
  assert.deepEqual(
    moved.map((place) => after.get(place)),
    ["c", "c"],
  );
});

test("the places of a member that left go to the others, who keep their own", () => {
  const after = assignSticky(ownedBy({ a: ["0", "1"], b: ["2", "3"], gone: ["4", "5"] }), [
    everywhere("a"),
    everywhere("b"),
  ]);
  assert.deepEqual(
    [...after].filter(([place]) => place < "4"),
    [
      ["0", "a"],
      ["1", "a"],
      ["2", "b"],
      ["3", "b"],
    ],
  );
  assert.deepEqual(loadsOf(after), { a: 3, b: 3 });
});

test("a place goes only to a member that can work on it, or to nobody", () => {
  const after = assignSticky(ownedBy({}), [
    { id: "a", places: new Set(["0", "1", "2", "3"]) },
    { id: "b", places: new Set(["0"]) },
  ]);
  assert.deepEqual(Object.fromEntries(after), { "0": "b", "1": "a", "2": "a", "3": "a" });
});

function ownedBy(owners: Record<string, string[]>): Map<string, string | undefined> {
  const ownerOf = (place: string) => Object.keys(owners).find((id) => owners[id]?.includes(place));
  return new Map(PLACES.map((place) => [place, ownerOf(place)]));
}

function loadsOf(assigned: ReadonlyMap<string, string>): Record<string, number> {
  const loads: Record<string, number> = {};
  for (const id of [...assigned.values()].toSorted()) loads[id] = (loads[id] ?? 0) + 1;
  return loads;
}
