import assert from "node:assert/strict";
import { test } from "node:test";
import { readItem } from "./item.ts";

const domain = {
  read: ({ value }: { readonly value: string | null }) => ({ key: "a", input: JSON.parse(`${value}`) }),
};
const fact = { offset: 3, timestampMs: 0, key: "a" };
const LONG = 100_001;

test("a record whose bytes are no text, or that has no value, is rejected before anybody reads it", () => {
  assert.deepEqual(readItem(domain, { ...fact, value: "{}", malformed: true }), {
    kind: "rejected",
    offset: 3,
    reason: "expected UTF-8, found other bytes",
    value: "{}",
  });
  assert.deepEqual(readItem(domain, { ...fact, value: null }), {
    kind: "rejected",
    offset: 3,
    reason: "expected a value, found none",
    value: "",
  });
});

test("of a long record that is rejected the beginning is kept, and it is said to be one", () => {
  const item = readItem(domain, { ...fact, value: "x".repeat(LONG) });
  assert.ok(item.kind === "rejected");
  assert.deepEqual([item.value.length, item.isCut], [LONG - 1, true]);
});
