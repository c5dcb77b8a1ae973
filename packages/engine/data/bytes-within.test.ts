import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesWithin, formatJson, type Json, parseJson } from "@antiphon/protocol";
import fc from "fast-check";

test("a value has as many bytes as its JSON", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("\ud800", '\n\u0001"\\', "\u{1f600}\udc00é€"));
  const property = fc.property(fc.oneof(fc.jsonValue(), text, fc.dictionary(text, text)), (found) => {
    const value = found as Json;
    assert.equal(bytesWithin(value, 400), Buffer.byteLength(formatJson(value)), formatJson(value));
  });
  fc.assert(property, { numRuns: 2_000, seed: 20261124 });
});

test("numbers that keep their digits, and members that are not there, count as they are written", () => {
  const value = { a: parseJson("12345678901234567890.10"), b: undefined, c: [], d: {}, e: [[1e21, -0.5]] };
  assert.equal(bytesWithin(value as unknown as Json, 10), formatJson(value as unknown as Json).length);
});

test("what is nested as deep as it may be has a size, one level more has none", () => {
  assert.deepEqual(
    [bytesWithin([[1]], 2), bytesWithin([[1]], 1), bytesWithin({ a: { b: [] } }, 2)],
    [5, undefined, undefined],
  );
});
