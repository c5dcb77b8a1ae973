import assert from "node:assert/strict";
import { test } from "node:test";
import { LINES_MAX, LineLimit, WINDOW_MS } from "./line-limit.ts";

test("so many lines of a kind are written in a window, and the first of the next says how many were left out", () => {
  let nowMs = 1_000;
  const limit = new LineLimit(() => nowMs);
  const taken = Array.from({ length: LINES_MAX + 2 }, () => limit.take("a"));
  assert.deepEqual(taken, [...Array.from({ length: LINES_MAX }, () => 0), undefined, undefined]);
  assert.equal(limit.take("b"), 0);
  nowMs += WINDOW_MS - 1;
  assert.equal(limit.take("a"), undefined);
  nowMs += 1;
  assert.deepEqual([limit.take("a"), limit.take("a")], [3, 0]);
});
