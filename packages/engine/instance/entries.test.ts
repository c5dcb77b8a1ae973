import assert from "node:assert/strict";
import { test } from "node:test";
import { Copies, type Entries } from "./entries.ts";

const entries: Entries<number> = { "1.item[0].a": 1, "1.item[1].a": 2, "1.other": 3 };

test("a record that is not the fold's own is copied, once; then it is changed in place", () => {
  const copies = new Copies();
  const first = copies.with(entries, "1.item[2].a", 4);
  const second = copies.without(copies.with(first, "1.other", 5), "1.item[0].a");
  assert.equal(second, first);
  assert.deepEqual(Object.entries(second), [
    ["1.item[1].a", 2],
    ["1.other", 5],
    ["1.item[2].a", 4],
  ]);
  assert.deepEqual(entries, { "1.item[0].a": 1, "1.item[1].a": 2, "1.other": 3 });
  assert.notEqual(new Copies().with(second, "1.other", 6), second);
});

test("what changes nothing copies nothing", () => {
  const copies = new Copies();
  assert.equal(copies.without(entries, "1.item[7].a"), entries);
  assert.equal(copies.withoutBranch(entries, "1.item[7]"), entries);
  assert.equal(
    copies.only(entries, () => true),
    entries,
  );
});

test("a branch has what is named behind it and a dot: not what another number begins with, or an action is called", () => {
  const copies = new Copies();
  const named: Entries<number> = {
    "1.item[1].a": 1,
    "1.item[11].a": 2,
    "1.item[1].b[2].c": 3,
    "1.item[1]": 4,
    "2.x[1": 5,
  };
  assert.deepEqual(copies.idsIn(named, "1.item[1]"), ["1.item[1].a", "1.item[1].b[2].c"]);
  assert.deepEqual(Object.keys(copies.withoutBranch(named, "1.item[1]")), ["1.item[11].a", "1.item[1]", "2.x[1"]);
});

test("whatever is changed, the ids of a branch and whether there is anything are what a search would find", () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 0x7fffffff;
    return seed % below;
  };
  const copies = new Copies();
  let found: Entries<number> = {};
  let expected: Record<string, number> = {};
  for (let turn = 0; turn < 3_000; turn++) {
    const branch = `1.item[${random(4)}]`;
    const id = `${branch}.${"abc"[random(3)]}`;
    switch (random(5)) {
      case 0:
      case 1:
        found = copies.with(found, id, turn);
        expected = { ...expected, [id]: turn };
        break;
      case 2:
        found = copies.without(found, id);
        expected = Object.fromEntries(Object.entries(expected).filter(([one]) => one !== id));
        break;
      case 3:
        found = copies.withoutBranch(found, branch);
        expected = Object.fromEntries(Object.entries(expected).filter(([one]) => !one.startsWith(`${branch}.`)));
        break;
      case 4:
        if (random(20) === 0) found = { ...found };
    }
    assert.deepEqual(Object.entries(found), Object.entries(expected));
    assert.equal(copies.isEmpty(found), Object.keys(expected).length === 0);
    const ids = Object.keys(expected).filter((one) => one.startsWith(`${branch}.`));
    assert.deepEqual([...copies.idsIn(found, branch)].sort(), ids.sort());
  }
});
