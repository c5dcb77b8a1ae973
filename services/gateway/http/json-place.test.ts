import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonErrorPlace, SEARCHED_LENGTH_MAX } from "./json-place.ts";

for (const [text, line, column] of [
  ["x", 1, 1],
  ['{"a": 1,}', 1, 9],
  ['{"a" 1}', 1, 6],
  ["[1, 2\n  3]", 2, 3],
  ['{"a": "b\nc"}', 1, 9],
  ['{"a": tru }', 1, 10],
  ['{"a": 01}', 1, 8],
  ['{"a": "\\x"}', 1, 9],
  ["{}{}", 1, 3],
  ['{"a": [1, 2', 1, 12],
  ['{"a": "b', 1, 9],
] as const) {
  test(`${JSON.stringify(text)} stops being JSON at line ${line}, column ${column}`, () => {
    const place = jsonErrorPlace(text);
    assert.deepEqual([place?.line, place?.column], [line, column]);
  });
}

test("a text that is too long is not searched", () => {
  assert.equal(jsonErrorPlace(`"${"x".repeat(SEARCHED_LENGTH_MAX)}`), undefined);
});
