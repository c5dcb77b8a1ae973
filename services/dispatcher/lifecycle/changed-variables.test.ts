import assert from "node:assert/strict";
import { test } from "node:test";
import { exactNumber, type Json } from "@antiphon/protocol";
import { changedVariables, VARIABLES_MAX } from "./changed-variables.ts";

test("only what has changed is told, each by its path", () => {
  const before = { n: 1, order: { state: "new", lines: [1], at: "ä" }, gone: true };
  const after = { n: 1, order: { state: "paid", lines: [1, 2], at: "ä" }, additionalData: { a: { b: 1 } } };
  assert.deepEqual(changedVariables(before, after), [
    ["workflowdata.order.state", "paid"],
    ["workflowdata.order.lines", [1, 2]],
    ["workflowdata.additionalData", { a: { b: 1 } }],
    ["workflowdata.gone", null],
  ]);
});

test("what is no object, or of which nobody knows what it was, is told as a whole", () => {
  const whole = (before: Json | undefined, after: Json) =>
    assert.deepEqual(changedVariables(before, after), [["workflowdata", after]]);
  whole(undefined, { n: 1 });
  whole({}, "text");
  whole([1], { n: 1 });
  whole(null, [2]);
});

test("a number is another one if its digits are", () => {
  const number = (text: string) => ({ n: exactNumber(text) });
  assert.deepEqual(changedVariables(number("1.10"), number("1.10")), []);
  assert.equal(changedVariables(number("12345678901234567890"), number("12345678901234567891")).length, 1);
});

test("as many variables as may be are told, and one more are the whole", () => {
  const data = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));
  assert.equal(changedVariables({}, data(VARIABLES_MAX)).length, VARIABLES_MAX);
  assert.deepEqual(changedVariables({}, data(VARIABLES_MAX + 1)), [["workflowdata", data(VARIABLES_MAX + 1)]]);
});
