import assert from "node:assert/strict";
import { test } from "node:test";
import type { ScalarType, ValueTypes } from "@antiphon/definition";
import { exactNumber, formatJson, type Json, parseJson } from "@antiphon/protocol";
import { NUMBER_LENGTH_MAX, toScalar } from "./to-scalar.ts";
import { MISFITS_MAX, toTypes } from "./to-types.ts";

/** What becomes of each value, as JSON; null: it does not fit. */
function converted(type: ScalarType, ...values: readonly Json[]): readonly (string | null)[] {
  return values.map((value) => {
    const found = toScalar(type, value);
    return found === undefined ? null : formatJson(found);
  });
}

test("a text is a number in the digits that it has", () => {
  assert.deepEqual(converted("number", "110", " 37.50 ", "+1", "-.5", "5.", "007", "1e3", "9007199254740993"), [
    "110",
    "37.50",
    "1",
    "-0.5",
    "5",
    "7",
    "1e3",
    "9007199254740993",
  ]);
  assert.deepEqual(
    converted("number", "", " ", ".", "1,5", "0x10", "1e999", "NaN", "٣", true, [1], {}),
    Array(11).fill(null),
  );
  assert.deepEqual(converted("number", 1.5, exactNumber("1.50")), ["1.5", "1.50"]);
});

test("a number in a text has a most length", () => {
  const digits = "9".repeat(300);
  assert.deepEqual(converted("number", digits.padStart(NUMBER_LENGTH_MAX, "0")), [digits]);
  assert.deepEqual(converted("number", digits.padStart(NUMBER_LENGTH_MAX + 1, "0")), [null]);
});

test("a whole number loses nothing", () => {
  assert.deepEqual(converted("integer", "100", exactNumber("37.0"), "37.00", exactNumber("1e3"), "-0"), [
    "100",
    "37",
    "37",
    "1000",
    "-0",
  ]);
  assert.deepEqual(converted("integer", "18446744073709551615", 7), ["18446744073709551615", "7"]);
  assert.deepEqual(converted("integer", 37.9, "37.9", exactNumber("1e300"), true, "a"), Array(5).fill(null));
});

test("true and false may be texts, or one and nought", () => {
  assert.deepEqual(converted("boolean", true, "true", " FALSE ", 1, 0), ["true", "true", "false", "true", "false"]);
  assert.deepEqual(converted("boolean", 2, "yes", "", exactNumber("1.0")), Array(4).fill(null));
});

test("a number and a flag are texts as JSON writes them", () => {
  assert.deepEqual(converted("string", "é", 12, exactNumber("1.50"), false), ['"é"', '"12"', '"1.50"', '"false"']);
  assert.deepEqual(converted("string", {}, []), [null, null]);
});

// A tree: { value: number, name: string, children: [itself], *: boolean }
const TREE: ValueTypes = [
  { members: { value: 1, name: 2, children: 3 }, others: 4 },
  { scalar: "number" },
  { scalar: "string" },
  { items: 0 },
  { scalar: "boolean" },
];

test("members, other members and items are converted, at any depth", () => {
  const { value, misfits } = toTypes(
    TREE,
    parseJson(
      '{"value":"1","children":[{"value":"2.50","name":3},{"open":"true","children":[{"name":null}]}],"__proto__":"false"}',
    ),
  );
  assert.equal(
    formatJson(value),
    '{"value":1,"children":[{"value":2.50,"name":"3"},{"open":true,"children":[{"name":null}]}],"__proto__":false}',
  );
  assert.deepEqual(misfits, []);
});

test("a body that has its types already is the same object", () => {
  const body = { value: 1, children: [{ name: "a" }, "b", 7] };
  assert.equal(toTypes(TREE, body).value, body);
  assert.equal(toTypes([], body).value, body);
});

test("what does not fit stays, and is told without its content, a bounded number of times", () => {
  assert.deepEqual(toTypes(TREE, { value: "secret", name: { a: 1 }, children: [{ x: 5 }, { value: [] }] }), {
    value: { value: "secret", name: { a: 1 }, children: [{ x: 5 }, { value: [] }] },
    misfits: [
      "/value: expected a number, found a text",
      "/name: expected a text, found an object",
      "/children/0/x: expected true or false, found a number",
      "/children/1/value: expected a number, found a list",
    ],
  });
  const many = (count: number) => ({ children: Array(count).fill({ value: "?" }) });
  assert.equal(toTypes(TREE, many(MISFITS_MAX)).misfits.length, MISFITS_MAX);
  assert.equal(toTypes(TREE, many(MISFITS_MAX + 1)).misfits.length, MISFITS_MAX);
});
