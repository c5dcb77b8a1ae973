import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  equalJson,
  exactNumber,
  formatJson,
  isExactNumber,
  isJsonObject,
  JSON_DEPTH_MAX,
  JsonSyntaxError,
  parseJson,
} from "./json.ts";

describe("a number that a double would change comes out in the digits that it came in with", () => {
  for (const digits of [
    "68.0",
    "9007199254740993",
    "-0",
    "1e400",
    "1E5",
    "0.10",
    "123456789012345678901234567890",
    "0.1234567890123456789",
    "-12.500",
  ]) {
    for (const shape of [`${digits}`, `{"a":${digits}}`, `[1,${digits}]`, `{"a" : {"b": [ ${digits} ] }}`]) {
      test(shape, () => {
        assert.equal(formatJson(parseJson(shape)), shape.replaceAll(/\s/g, ""));
      });
    }
  }
});

test("a number that a double holds exactly is a plain number", () => {
  assert.deepEqual(parseJson('{"a":1,"b":0.5,"c":-3,"d":9007199254740991,"e":[12,0]}'), {
    a: 1,
    b: 0.5,
    c: -3,
    d: 9007199254740991,
    e: [12, 0],
  });
});

test("a text that looks like such a number stays a text", () => {
  assert.deepEqual(parseJson('{"68.0":": 68.0","a":"[1.50, -0]"}'), { "68.0": ": 68.0", a: "[1.50, -0]" });
});

test("an exact number is no object", () => {
  const number = parseJson("68.0");
  assert.deepEqual([isExactNumber(number), isJsonObject(number)], [true, false]);
  assert.deepEqual([isExactNumber({ rawJSON: "1" }), isExactNumber(null), isExactNumber(1)], [false, false, false]);
});

test("equality goes by what is there, not by its order; exact numbers are equal by their digits", () => {
  assert.equal(equalJson({ a: 1, b: [true, null] }, { b: [true, null], a: 1 }), true);
  assert.equal(equalJson({ a: 1 }, { a: 1, b: 2 }), false);
  assert.equal(equalJson({ a: 1, b: 2 }, { a: 1, c: 2 }), false);
  assert.equal(equalJson([1, 2], [2, 1]), false);
  assert.equal(equalJson([], {}), false);
  assert.equal(equalJson(null, {}), false);
  assert.equal(equalJson(exactNumber("1.0"), exactNumber("1.0")), true);
  assert.equal(equalJson(exactNumber("1.0"), exactNumber("1.00")), false);
  assert.equal(equalJson(exactNumber("1.0"), 1), false);
  assert.equal(equalJson({ a: exactNumber("1.0") }, { a: { rawJSON: "1.0" } }), false);
});

test("a name that objects inherit is no member", () => {
  assert.equal(equalJson({ toString: 1 }, { a: 1 }), false);
  assert.equal(formatJson(parseJson('{"__proto__":{"a":1}}')), '{"__proto__":{"a":1}}');
});

test("what is nested too deeply is refused, up to that it is read", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  assert.equal(formatJson(parseJson(nested(JSON_DEPTH_MAX))), nested(JSON_DEPTH_MAX));
  assert.throws(() => parseJson(nested(JSON_DEPTH_MAX + 2)), JsonSyntaxError);
  assert.throws(() => parseJson(`[${"1".repeat(30)},${nested(2_000)}]`), JsonSyntaxError);
});

test("what is no JSON is refused in the engine's own words", () => {
  for (const text of ["", "{", '{"a":}', "01", "68.", "nul", '{"a":1}x', "\u0000"]) {
    assert.throws(() => parseJson(text), JsonSyntaxError, text);
  }
});
