import assert from "node:assert/strict";
import { test } from "node:test";
import { beginningOf } from "./beginning-of.ts";

for (const [text, bytesMax, expected] of [
  ["abc", 3, "abc"],
  ["abcd", 3, "abc"],
  ["äöü", 6, "äöü"],
  ["äöü", 5, "äö"],
  ["äöü", 4, "äö"],
  ["a€", 3, "a"],
  ["a€", 4, "a€"],
  ["a😀b", 4, "a"],
  ["a😀b", 5, "a😀"],
  ["a😀", 2, "a"],
  ["😀", 0, ""],
] as const) {
  test(`of ${JSON.stringify(text)}, ${bytesMax} bytes hold ${JSON.stringify(expected)}`, () => {
    assert.equal(beginningOf(text, bytesMax), expected);
  });
}
