import assert from "node:assert/strict";
import { test } from "node:test";
import { dueBefore, dueEntry, readDueEntry } from "./due-index.ts";

test("the line of a time between two milliseconds stands at the later one, so that nothing is due early", () => {
  const line = dueEntry(1_000.25, "a") ?? "";
  assert.deepEqual(readDueEntry(line), { dueMs: 1_001, key: "a" });
  assert.ok(line > dueBefore(1_000));
  assert.ok(line < dueBefore(1_001));
});

test("lines are in the order of their times, whatever their keys, and a time before all times is the first", () => {
  const lines = [dueEntry(-5, "z"), dueEntry(9, "y"), dueEntry(10, "a b"), dueEntry(1e14, "")];
  assert.deepEqual(lines.toSorted(), lines);
  assert.deepEqual(readDueEntry(lines[2] ?? ""), { dueMs: 10, key: "a b" });
});
