import assert from "node:assert/strict";
import { test } from "node:test";
import { bounds, listPrefix, spaceKeys } from "./keys.ts";

test("both keys of a space carry the space as their only hash tag, whatever braces it has", () => {
  assert.deepEqual(spaceKeys("antiphon", "antiphon.history/3"), {
    hash: "antiphon:{antiphon.history/3}:hash",
    lists: "antiphon:{antiphon.history/3}:lists",
  });
  assert.deepEqual(spaceKeys("antiphon", "}{%7B"), {
    hash: "antiphon:{%7D%7B%257B}:hash",
    lists: "antiphon:{%7D%7B%257B}:lists",
  });
});

test("no list's prefix is the beginning of another's", () => {
  const names = ["", "d", "due", "due2", "1", "1:", "3:due", "due:"];
  for (const one of names) {
    const clashing = names.filter((other) => other !== one && `${listPrefix(other)}x`.startsWith(listPrefix(one)));
    assert.deepEqual(clashing, []);
  }
});

test("a range without ends covers the list from its first possible entry past its last", () => {
  assert.deepEqual(bounds("due", { limit: 1 }), {
    low: "[3:due",
    high: Buffer.concat([Buffer.from("(3:due"), Buffer.of(0xff)]),
  });
  assert.deepEqual(bounds("due", { after: "a", before: "b", limit: 1 }), { low: "(3:duea", high: "(3:dueb" });
});
