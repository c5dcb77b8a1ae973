import assert from "node:assert/strict";
import { test } from "node:test";
import { deriveId, newId } from "./index.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("the same text gives the same id on every machine and in every release", () => {
  assert.equal(deriveId("hello/1/order-4711"), "1443011c-cb96-8ab8-bc80-4172831cc977");
  assert.equal(UUID.exec(deriveId("hello"))?.[1], "8");
});

test("another text gives another id", () => {
  assert.equal(new Set(["", "a", "b", "ab", "ä", "A"].map(deriveId)).size, 6);
});

test("new ids are UUIDs that differ", () => {
  assert.match(newId(), UUID);
  assert.notEqual(newId(), newId());
});
