import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { isJsonObject, type Json, parseJson } from "@antiphon/protocol";
import { compile, ExpressionError } from "./index.ts";
import { codeOf, Run } from "./jq/run.ts";
import { equal } from "./jq/values/order.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { type JqCase, readJqTests } from "./testing/jq-test-file.ts";
import { KNOWN_EXCEPTIONS } from "./testing/known-exceptions.ts";

/** jq's own tests are not ours to copy: they are run where they lie beside the repository. */
const FILE = new URL("../../../shared/conformance/jq/jq-1.7.1.test", import.meta.url);
/** Modules and streams of inputs are not part of an expression. */
const OUT_OF_SCOPE = /\b(?:import|include|module|modulemeta|input)\b(?!:)/;

if (existsSync(FILE)) {
  test("at least 98 % of jq 1.7.1's own tests pass, and the rest is known", (t) => {
    const cases = readJqTests(readFileSync(FILE, "utf8")).filter(({ program }) => !OUT_OF_SCOPE.test(program));
    const failed = cases.filter((one) => !passes(one)).map(({ program }) => program);
    const passed = cases.length - failed.length;
    t.diagnostic(
      `jq 1.7.1: ${passed} of ${cases.length} cases in scope (${((100 * passed) / cases.length).toFixed(1)} %)`,
    );
    for (const { program, reason } of KNOWN_EXCEPTIONS) t.diagnostic(`not ${program}: ${reason}`);
    assert.ok(passed / cases.length >= 0.98, `only ${passed} of ${cases.length} cases pass:\n${failed.join("\n")}`);
    assert.deepEqual([...new Set(failed)].sort(), KNOWN_EXCEPTIONS.map(({ program }) => program).sort());
  });
}

/** Whether a case has its outputs. As in jq's own runner, an error behind them does not count. */
function passes({ program, input, outputs }: JqCase): boolean {
  if (outputs === null) return !compiles(program);
  try {
    const expected = outputs.map((output) => parseTolerantly(output, null));
    const found = outputsOf(program, parseTolerantly(input, Number.NaN), expected.length);
    const run = new Run(DEFAULT_LIMITS, codeOf(""), {});
    return found.length === expected.length && found.every((value, i) => equal(value, expected[i] ?? null, run));
  } catch {
    return false;
  }
}

function outputsOf(program: string, input: Json, count: number): readonly Json[] {
  const compiled = compile(program);
  try {
    return compiled.run(input);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return compile(`limit(${count}; ${program})`).run(input);
  }
}

function compiles(program: string): boolean {
  try {
    compile(program);
    return true;
  } catch {
    return false;
  }
}

/** The tests have NaN and infinities in their JSON, as jq reads them. */
function parseTolerantly(text: string, nan: Json): Json {
  const marked = text.replace(/"(?:\\.|[^"\\])*"|-?\b(?:nan|Infinity)\b/gi, (word) => {
    if (word.startsWith('"')) return word;
    if (/nan/i.test(word)) return '"\ufdd0"';
    return word.startsWith("-") ? "-1.7976931348623157e308" : "1.7976931348623157e308";
  });
  return replaced(parseJson(marked), nan);
}

function replaced(value: Json, nan: Json): Json {
  if (value === "\ufdd0") return nan;
  if (Array.isArray(value)) return value.map((item: Json) => replaced(item, nan));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replaced(item, nan)]));
}
