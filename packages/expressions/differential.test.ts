import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { type Json, parseJson } from "@antiphon/protocol";
import { compile, ExpressionError } from "./index.ts";
import { codeOf, Run } from "./jq/run.ts";
import { equal } from "./jq/values/order.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { Chance, randomInput, randomProgram } from "./testing/random-program.ts";

/** jq itself, compiled to WebAssembly. It throws at the first error, and then has no outputs. */
interface Oracle {
  raw(input: string, program: string, flags: readonly string[]): string | undefined;
}

const SEED = 4;
const PROGRAMS = 1_500;

test("random programs have the outputs that jq itself gives them, or fail where it fails", async (t) => {
  const oracle = (await createRequire(import.meta.url)("jq-web")) as Oracle;
  const chance = new Chance(SEED);
  const differences: string[] = [];
  let failing = 0;
  for (let i = 0; i < PROGRAMS; i++) {
    const program = randomProgram(chance, 1 + chance.below(3));
    const input = randomInput(chance, 3);
    const [expected, found] = [outputsOfJq(oracle, program, input), outputsOf(program, input)];
    if (expected === null) failing++;
    if (!same(expected, found)) differences.push(`${program} on ${input}: ${show(expected)} and not ${show(found)}`);
  }
  t.diagnostic(`${PROGRAMS - differences.length} of ${PROGRAMS} programs agree; ${failing} of them fail in jq`);
  assert.deepEqual(differences, []);
});

function outputsOfJq(oracle: Oracle, program: string, input: string): readonly Json[] | null {
  try {
    const text = oracle.raw(input, program, ["-c"]) ?? "";
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map(parseJson);
  } catch (error) {
    assert.match(String(error), /jq: error/, `jq itself broke on ${program}`);
    assert.doesNotMatch(String(error), /compile error/, `jq refused ${program}`);
    return null;
  }
}

function outputsOf(program: string, input: string): readonly Json[] | null {
  try {
    return compile(program).run(parseJson(input));
  } catch (error) {
    if (error instanceof ExpressionError) return null;
    throw error;
  }
}

function same(expected: readonly Json[] | null, found: readonly Json[] | null): boolean {
  if (expected === null || found === null) return expected === found;
  return equal(expected, found, new Run(DEFAULT_LIMITS, codeOf(""), {}));
}

function show(outputs: readonly Json[] | null): string {
  return outputs === null ? "an error" : JSON.stringify(outputs);
}
