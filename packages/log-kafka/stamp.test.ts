import assert from "node:assert/strict";
import { test } from "node:test";
import { counts, formatStamp, parseStamp } from "./stamp.ts";

test("a stamp is read as it was written", () => {
  const stamp = { at: 9_007_199_254_740_991, index: 9_999, nonce: "aZ-_09" };
  assert.equal(formatStamp(stamp), "9007199254740991+9999/aZ-_09");
  assert.deepEqual(parseStamp(formatStamp(stamp)), stamp);
});

test("a header that is no stamp of ours is none", () => {
  for (const text of ["", "1042", "1042+3", "1042+3/", "+3/n", "-1+3/n", "1042+3/n n", "1042+3/n\n", "x1042+3/n"]) {
    assert.equal(parseStamp(text), undefined, text);
  }
});

test("a record counts at its place in a batch that lies where it should, and without a stamp anywhere", () => {
  assert.equal(counts(1045, { at: 1042, index: 3, nonce: "n" }), true);
  assert.equal(counts(1046, { at: 1042, index: 3, nonce: "n" }), false);
  assert.equal(counts(1044, { at: 1042, index: 3, nonce: "n" }), false);
  assert.equal(counts(7, undefined), true);
});
