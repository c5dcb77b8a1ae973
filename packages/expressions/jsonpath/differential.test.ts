import assert from "node:assert/strict";
import { test } from "node:test";
import { formatJson, type Json, parseJson } from "@antiphon/protocol";
import { query } from "json-p3";
import { ExpressionError, readExpression } from "../index.ts";
import { Chance, randomInput } from "../testing/random-program.ts";

const SEED = 9;
const PATHS = 3_000;

/**
 * Where Jayway and RFC 9535 agree, that is: on all but filters of objects, what follows a position behind `..`, and the
 * order in which `..` finds things.
 */
test("random paths find what an implementation of RFC 9535 finds, where Jayway does as the RFC says", () => {
  const chance = new Chance(SEED);
  const differences: string[] = [];
  let found = 0;
  for (let i = 0; i < PATHS; i++) {
    const [path, input] = [randomPath(chance), parseJson(randomInput(chance, 4))];
    const expected = query(path, plain(input)).values() as Json[];
    const ours = foundBy(path, input);
    if (expected.length > 0) found++;
    if (!sameValues(expected, ours)) differences.push(`${path} on ${formatJson(input)}: ${formatJson(ours)}`);
  }
  assert.deepEqual(differences, []);
  assert.ok(found > PATHS / 4, `only ${found} paths found anything`);
});

/** json-p3 wants its own words for JSON. */
function plain(input: Json): Parameters<typeof query>[1] {
  return JSON.parse(formatJson(input));
}

function foundBy(path: string, input: Json): readonly Json[] {
  const expression = readExpression(path, { language: "jsonpath" });
  assert.ok(expression.kind === "program", path);
  try {
    const value = expression.program.json(input);
    return isDefinite(path) ? [value] : (value as readonly Json[]);
  } catch (error) {
    // Where a definite path, or the beginning of another, leads to nothing, the RFC finds nothing.
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}

function isDefinite(path: string): boolean {
  return !/\.\.|\*|:|\?|,/.test(path);
}

function sameValues(expected: readonly Json[], found: readonly Json[]): boolean {
  const sorted = (values: readonly Json[]) => values.map(formatJson).sort();
  return formatJson(sorted(expected)) === formatJson(sorted(found));
}

function randomPath(chance: Chance): string {
  let path = "$";
  const steps = chance.below(4);
  for (let i = 0; i < steps; i++) path += randomStep(chance, i === steps - 1);
  return path;
}

function randomStep(chance: Chance, isLast: boolean): string {
  const name = chance.pick(["a", "b", "c", "d"]);
  const position = chance.pick(["0", "1", "-1", "2"]);
  switch (chance.below(isLast ? 10 : 8)) {
    case 0:
    case 1:
      return `.${name}`;
    case 2:
      return `['${name}']`;
    case 3:
      return `[${position}]`;
    case 4:
      return chance.pick(["[*]", ".*"]);
    case 5:
      return chance.pick(["[1:]", "[:2]", "[0:1]", "[-2:]"]);
    case 6:
      return `..${name}`;
    case 7:
      return `..*.${name}`;
    case 8:
      return `..[${position}]`;
    default:
      return `[0,${chance.pick(["1", "2"])}]`;
  }
}
