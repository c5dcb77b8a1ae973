import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@antiphon/protocol";
import { Allowance, compile, ExpressionLimitError, readExpression } from "./index.ts";

test("a run that was given a clock ends when its time is over, whatever it has left of its steps", () => {
  let nowMs = 0;
  const clock = (): number => (nowMs += 10);
  assert.throws(() => compile("[range(1e6)] | length").run(null, {}, { clock, limits: { timeMs: 50 } }), {
    name: "ExpressionLimitError",
    message: "the expression exceeds its limit: timeMs 50",
    limit: "timeMs",
    maximum: 50,
  });
  const wide = Array.from({ length: 20_000 }, (_, i) => i);
  const expression = readExpression("$..*", { language: "jsonpath" });
  assert.ok(expression.kind === "program");
  const { program } = expression;
  assert.throws(() => program.json(wide, {}, { clock, limits: { timeMs: 50 } }), { limit: "timeMs" });
  assert.deepEqual(compile("[range(1e5)] | length").run(null, {}, { clock: () => 0, limits: { timeMs: 0 } }), [1e5]);
  assert.throws(() => compile("[range(1e7)]").run(null, {}, { clock: () => 0 }), { limit: "steps" });
});

test("a run looks at its clock often enough that no builtin can hold it up for long", () => {
  const text = "ab ".repeat(20_000);
  const numbers = Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 20_011);
  for (const [program, input] of [
    ["sort", numbers],
    ["group_by(. % 10)", numbers],
    ["unique", numbers],
    ['[.[] | tojson] | join(",")', numbers],
    ["tojson | fromjson", numbers],
    ['split(" ") | length', text],
    ['[scan("a")]', text],
    ['gsub("a"; "b")', text],
    ["explode | implode", text],
    ["@base64 | @base64d", text],
    ["ascii_downcase", text.repeat(20)],
    ["to_entries | from_entries", Object.fromEntries(numbers.map((n) => [`k${n}`, n]))],
    ["[limit(1e9; repeat(.))]", 1],
    ["indices(1)", numbers.map((n) => n % 2)],
    ["flatten", [numbers, [numbers]]],
    [". - [1]", numbers],
    ['index("zz")', text.repeat(20)],
  ] as const satisfies readonly (readonly [string, Json])[]) {
    assert.equal(limitOfTime(program, input), "timeMs of all runs", program);
  }
});

test("a run looks at its clock whenever a program catches an error, since its words may have cost much", () => {
  for (const program of ["try error catch .", ".a?", ". as [$a] ?// $b | 1", "try (1, error) catch 2"]) {
    let looks = 0;
    compile(`last(${program}), 1`).run("a", {}, { clock: () => ++looks, limits: { timeMs: 1_000 } });
    assert.equal(looks, 1, program);
  }
});

/** The limit that a program meets whose time is over at the first look at the clock. */
function limitOfTime(program: string, input: Json): string {
  const allowance = new Allowance(Number.MAX_SAFE_INTEGER, 5, 0);
  try {
    compile(program).run(input, {}, { clock: () => 10, allowance });
  } catch (error) {
    if (error instanceof ExpressionLimitError) return error.limit;
    throw error;
  }
  return "none";
}
