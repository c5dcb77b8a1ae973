import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@antiphon/protocol";
import {
  compile,
  ExpressionError,
  ExpressionLimitError,
  ExpressionSyntaxError,
  type Limits,
  readExpression,
} from "./index.ts";

/** The limit that a program, or a run of it, meets. */
function limitOf(program: string, input: Json = null, limits: Partial<Limits> = {}): string {
  try {
    compile(program).run(input, {}, { limits });
  } catch (error) {
    if (error instanceof ExpressionLimitError) return error.limit;
    throw error;
  }
  return "none";
}

test("what would go on for ever ends at the limit of steps", () => {
  for (const program of [
    "[range(1e12)]",
    "reduce range(1e12) as $i (0; . + 1)",
    "last(range(1e12))",
    "until(false; .)",
    "[while(true; .)]",
    "last(repeat(1))",
    "[recurse(.)]",
    "[recurse(.; true)]",
    "first(repeat(empty))",
    "[limit(1e9; repeat(1))]",
    "[limit(1e9; repeat(.))]",
    "[range(1e9)]",
    "[range(1e9)] | sort",
    "range(0; 1; 1e-300)",
    'range("a"; "b"; "")',
    "[range(3000)] | combinations(3)",
    "[range(100)] | [.[] as $a | .[] as $b | .[] as $c | .[] as $d | 1] | length",
    "def f: 1, f; last(limit(1e9; f))",
  ]) {
    assert.match(limitOf(program, null, { steps: 300_000 }), /^(?:steps|depth)$/, program);
  }
});

test("recursion without an end meets the limit of depth, and not JavaScript's", () => {
  for (const program of [
    "def f: f; f",
    "def f: 1 + f; f",
    "def f: [f]; f",
    "def f: (f, f); f",
    "def f(g): g | f(g); f(.)",
    "def f(g): f(g | g); f(.)",
    "def f: def g: f; g; f",
    "def f: . as [$x] | f; f",
    "def f: try f catch f; f",
    "path(def f: f; f)",
    "def f: reduce f as $x (0; .); f",
    "[limit(3; def f: .[]?, f; f)]",
    "[1] | walk(def f: f; f)",
    "reduce range(100000) as $i (null; [.]) | tojson",
    "reduce range(100000) as $i (null; [.]) | flatten",
    "reduce range(100000) as $i (null; [.]) | . == [.]",
    "reduce range(100000) as $i (null; {a: .}) | . * .",
    "reduce range(100000) as $i (null; [.]) | [paths] | length",
    "reduce range(100000) as $i ([]; . + [0]) | . as $path | null | setpath($path; 1)",
  ]) {
    assert.match(limitOf(program), /^(?:depth|steps)$/, program);
  }
});

test("a text that doubles meets the limit of its length before it is made", () => {
  for (const program of [
    'reduce range(100) as $i ("x"; . + .)',
    '"x" * 1e9',
    '"x" * 1e9 * 1e9',
    'reduce range(100) as $i ("x"; "\\(.)\\(.)")',
    'reduce range(40) as $i ("x"; [., .] | join("y"))',
    'reduce range(30) as $i ("x"; gsub("x"; "xx"))',
    "reduce range(100) as $i ([0]; [., .]) | tojson",
    "reduce range(100) as $i ([0]; [., .]) | @text",
    "reduce range(60) as $i ([0]; tojson)",
  ]) {
    assert.match(limitOf(program, null, { textLength: 200_000 }), /^(?:textLength|steps)$/, program);
  }
});

test("an array that grows without measure meets the limit of steps", () => {
  assert.equal(limitOf("reduce range(100) as $i ([0]; . + .)"), "steps");
  assert.equal(limitOf("[range(1000000)] | [.[], .[], .[], .[], .[], .[]]"), "steps");
  assert.equal(limitOf(".[5e8] = 1"), "steps");
  assert.equal(limitOf("setpath([5e8]; 1)"), "steps");
  assert.throws(() => compile(".[1e9] = 1").run(null), new ExpressionError("Array index too large"));
});

test("outputs that share their parts are measured as they would be written", () => {
  assert.equal(limitOf("reduce range(100) as $i ([0]; [., .])"), "outputSize");
  assert.equal(limitOf(`.${" | [., .]".repeat(100)}`), "outputSize");
  assert.equal(limitOf(`.${" | {a: ., b: .}".repeat(100)}`), "outputSize");
  assert.equal(limitOf('("x" * 1e6) as $big | [range(1000) | $big]'), "outputSize");
  assert.equal(limitOf("reduce range(1000) as $i (null; [.])"), "outputDepth");
  assert.equal(limitOf("[range(100)]", null, { outputSize: 50 }), "outputSize");
});

test("a source that is too long or too deeply nested is refused when it is compiled", () => {
  assert.equal(limitOf(`${"(".repeat(20_000)}.${")".repeat(20_000)}`), "source nesting");
  assert.equal(limitOf(`${"[".repeat(20_000)}1${"]".repeat(20_000)}`), "source nesting");
  assert.equal(limitOf(`${'"\\('.repeat(10_000)}1${')"'.repeat(10_000)}`), "source nesting");
  assert.equal(limitOf(`${"-".repeat(20_000)}1`), "source nesting");
  assert.equal(limitOf(`. as ${"[".repeat(20_000)}$x${"]".repeat(20_000)} | $x`), "source nesting");
  assert.equal(limitOf(`.${".a".repeat(20_000)}`.slice(1)), "program depth");
  assert.equal(limitOf(`1${" + 1".repeat(10_000)}`), "program depth");
  assert.equal(limitOf(`${"if . then . el".repeat(4_000)}se . end`), "program depth");
  assert.equal(limitOf(`1${" | 1".repeat(16_000)}`), "program depth");
  assert.equal(limitOf(" ".repeat(70_000)), "source length");
  const doubling = Array.from({ length: 40 }, (_, i) => `def f${i + 1}: f${i}, f${i};`).join(" ");
  assert.match(limitOf(`def f0: 1; ${doubling} f40`), /steps|program size/);
});

test("a regular expression takes linear time, and what cannot is refused", () => {
  const many = `${"a".repeat(5_000)}!`;
  assert.deepEqual(compile('test("^(a+)+$")').run(many), [false]);
  assert.deepEqual(compile('test("(a|a)*b")').run(many), [false]);
  assert.equal(limitOf('[match("a(.*b)?"; "g")]', many, { steps: 300_000 }), "steps");
  for (const [regex, reason] of [
    ["(?=a)", "look-around"],
    ["(?<!a)b", "look-around"],
    ["(a)\\\\1", "back-references"],
    ["(?>a)", "atomic groups"],
    ["a++", "possessive repetition"],
  ]) {
    assert.throws(() => compile(`test("${regex}")`).run("aa"), {
      name: "ExpressionError",
      message: new RegExp(`is not a valid regex: ${reason} would take more than linear time`),
    });
  }
  assert.throws(() => compile("test(.)").run("(".repeat(5_000)), { message: /too long, at most 4096 are read/ });
  assert.throws(() => compile('test("((a{1000}){1000}){1000}")').run("a"), {
    message: /is too large: repetitions and classes count/,
  });
});

test("outputs that multiply cost steps, whoever takes them", () => {
  const doubled = Array.from({ length: 50 }, () => "(1, 2)").join(" | ");
  for (const program of [`first(${doubled} | empty)`, `[path(${doubled.replaceAll("1, 2", "., .")} | empty)]`]) {
    assert.equal(limitOf(program, null, { steps: 300_000 }), "steps");
  }
});

test("a text that is no number is found out in linear time", () => {
  const digits = "1".repeat(300_000);
  for (const [program, text] of [
    ["tonumber", `${digits}x`],
    ["fromjson", `nan"${'\\"'.repeat(150_000)}`],
    ["fromjson", `[nan, ${digits}`],
    ["@base64d", `${"=".repeat(300_000)}!`],
  ] as const) {
    assert.throws(() => compile(program).run(text), ExpressionError, program);
  }
});

test("a source takes time in proportion to its length, up to its limits", () => {
  const path = Array.from({ length: 60 }).reduce<string>((inner) => `@..[?(${inner})]`, "@.a");
  assert.equal(readExpression(`$${path.slice(1)}`, { language: "jsonpath" }).kind, "program");
  assert.deepEqual(compile(`[${"\n$__loc__.line,".repeat(900)}1] | length, .[-2]`).run(null), [901, 901]);
  const names = (count: number): string => Array.from({ length: count }, (_, i) => `$a${i}`).join(", ");
  assert.deepEqual(compile(`. as [${names(1_000)}] | $a999`).run([]), [null]);
  assert.throws(() => compile(`. as [${names(1_001)}] | 1`), { limit: "names in a pattern", maximum: 1_000 });
});

test("a regular expression is compiled if its size is within the limit, and that is charged", () => {
  assert.deepEqual(compile(`test("^${"a{1000}".repeat(9)}a{998}$")`).run("a".repeat(9_998)), [true]);
  assert.throws(() => compile(`test("^${"a{1000}".repeat(9)}a{999}$")`).run("a"), { message: /size 10001 is too/ });
  assert.equal(
    limitOf('. as $t | [range(1000) | tostring as $n | $t | test("é{900}\\($n)")]', "x", { steps: 1_000_000 }),
    "steps",
  );
});

test("a limit is named, with its value, and no program can catch it", () => {
  assert.throws(() => compile("try [range(1e9)] catch 1").run(null, {}, { limits: { steps: 1_000 } }), {
    name: "ExpressionLimitError",
    message: "the expression exceeds its limit: steps 1000",
    limit: "steps",
    maximum: 1_000,
  });
  assert.throws(() => compile("[range(1e9)]? // 1").run(null), ExpressionLimitError);
  assert.throws(() => compile("first(def f: f; f)").run(null, {}, { limits: { depth: 10 } }), {
    limit: "depth",
    maximum: 10,
  });
});

test("nothing outside can be reached, and the refusal says so", () => {
  for (const program of [
    "input",
    "inputs",
    "env",
    "$ENV",
    "halt",
    'halt_error("x")',
    "debug",
    'debug("x")',
    "stderr",
  ]) {
    assert.throws(() => compile(program, { variables: "any" }), {
      name: "ExpressionSyntaxError",
      message: /is not available: an expression/,
    });
  }
  for (const program of ['import "a" as a; .', 'include "a"; .', "module {}; ."]) {
    assert.throws(() => compile(program), ExpressionSyntaxError);
  }
});

test("the names that JavaScript gives to all objects are names like any other", () => {
  const input = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}') as Json;
  assert.equal(JSON.stringify(compile(".").run(input)), '[{"__proto__":{"a":1},"constructor":2}]');
  assert.deepEqual(compile('.__proto__.a, .constructor, .toString, has("valueOf")').run(input), [1, 2, null, false]);
  assert.deepEqual(compile(".__proto__, .constructor, .toString").run({}), [null, null, null]);
  for (const program of [
    ".__proto__.polluted = 1",
    '.["__proto__"].polluted |= 1',
    'setpath(["__proto__", "polluted"]; 1)',
    'setpath(["constructor", "prototype", "polluted"]; 1)',
    '. * {"__proto__": {"polluted": 1}}',
    '{"__proto__": {"polluted": 1}}',
    '{("__proto__", "x"): {"polluted": 1}}',
    '[{key: "__proto__", value: {polluted: 1}}] | from_entries',
    '. + ("{\\"__proto__\\": {\\"polluted\\": 1}}" | fromjson)',
    'with_entries(.key = "__proto__")',
    'reduce ("__proto__") as $k ({}; .[$k].polluted = 1)',
    '"x" | capture("(?<__proto__>x)")',
  ]) {
    const [output = null] = compile(program).run({ a: { b: 1 } });
    assert.ok(Object.getPrototypeOf(output) === Object.prototype, program);
    assert.equal(({} as { polluted?: unknown }).polluted, undefined, program);
  }
  assert.equal(JSON.stringify(compile(".__proto__.polluted = 1").run({})), '[{"__proto__":{"polluted":1}}]');
});
