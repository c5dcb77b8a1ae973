import assert from "node:assert/strict";
import { test } from "node:test";
import { correlationKey } from "./correlation-key.ts";

test("a key has tenant, type, and attributes in the order of their names, each behind its length", () => {
  assert.equal(correlationKey("t", "paid", { order: "7", leg: "1" }), "1:t4:paid3:leg1:15:order1:7");
  assert.equal(
    correlationKey("", "paid", { leg: "1", order: "7" }),
    correlationKey("", "paid", { order: "7", leg: "1" }),
  );
});

test("no two different keys look alike, whatever is in them", () => {
  const keys = [
    correlationKey("", "a", { b: "c" }),
    correlationKey("a", "", { b: "c" }),
    correlationKey("", "a1:b", { c: "" + "d" }),
    correlationKey("", "a", { b: "1:c" }),
    correlationKey("", "a", { b1: ":c" }),
    correlationKey("", "a", { b: "c", d: "e" }),
    correlationKey("", "a", { b: "c1:d1:e" }),
    correlationKey("", "a", { b: "ü" }),
  ];
  assert.equal(new Set(keys).size, keys.length);
});

test("a key without an attribute, or with one that is missing or empty, never matches", () => {
  assert.equal(correlationKey("", "a", {}), undefined);
  assert.equal(correlationKey("", "a", { b: undefined }), undefined);
  assert.equal(correlationKey("", "a", { b: "" }), undefined);
  assert.equal(correlationKey("", "a", { b: "1", c: "" }), undefined);
});
