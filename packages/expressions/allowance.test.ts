import assert from "node:assert/strict";
import { test } from "node:test";
import { Allowance, compile, readExpression } from "./index.ts";

const HUNDRED_STEPS = compile("[range(49)] | length");

test("runs take from what they may use together, until one wants more than is left", () => {
  const alone = new Allowance(1_000, 0, 0);
  HUNDRED_STEPS.json(null, {}, { allowance: alone });
  const each = alone.stepsUsed;
  assert.ok(each > 50 && each < 200);
  const limits = { steps: 10 * each };
  const allowance = new Allowance(3 * each - 1, 0, 0);
  HUNDRED_STEPS.json(null, {}, { allowance, limits });
  HUNDRED_STEPS.run(null, {}, { allowance, limits });
  // The last step was for having begun: what is left does for one run, and not for another.
  HUNDRED_STEPS.first(null, {}, { allowance, limits });
  assert.equal(allowance.stepsLeft, 0);
  assert.throws(() => HUNDRED_STEPS.json(null, {}, { allowance, limits }), {
    name: "ExpressionLimitError",
    message: `the expression exceeds its limit: steps of all runs ${3 * each - 1}`,
  });
});

test("a run that fails has used what it used", () => {
  const allowance = new Allowance(10_000, 0, 0);
  assert.throws(() => compile("[range(500)] | error").run(null, {}, { allowance }));
  assert.ok(allowance.stepsUsed > 500);
  assert.throws(() => compile("[range(1e6)]").run(null, {}, { allowance, limits: { steps: 100 } }), { limit: "steps" });
  assert.ok(allowance.stepsUsed < 2_000);
  const path = readExpression("$..*", { language: "jsonpath" });
  assert.ok(path.kind === "program");
  const before = allowance.stepsUsed;
  path.program.json([1, [2, 3]], {}, { allowance });
  assert.ok(allowance.stepsUsed > before);
});

test("many short runs end with the time that they have together", () => {
  let nowMs = 1_000;
  const clock = (): number => nowMs++;
  const allowance = new Allowance(Number.MAX_SAFE_INTEGER, 20, nowMs);
  let runs = 0;
  assert.throws(
    () => {
      for (; runs < 1_000; runs++) HUNDRED_STEPS.json(null, {}, { clock, allowance });
    },
    { limit: "timeMs of all runs", maximum: 20 },
  );
  assert.ok(runs > 20, `${runs} runs of fewer steps than are between two looks`);
});
