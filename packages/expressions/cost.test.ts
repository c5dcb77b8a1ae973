import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Json } from "@antiphon/protocol";
import { Allowance, compile } from "./index.ts";
import { Run } from "./jq/run.ts";
import { problemWithCost } from "./testing/node/cost.ts";
import { largeOperands, randomCostlyProgram } from "./testing/random-costly-program.ts";
import { Chance } from "./testing/random-program.ts";

const SEED = 5;
const PROGRAMS = 80;

/** Compares joined texts of sixteen million characters, once the longest that a run of a second took: 41 of them. */
const COMPARING = '("abcdefghij" * 1600000) as $b | ($b + "x") as $c | [range(100000) | ($b + "y") < $c]';

test("no random program with large values takes longer than it is charged for", (t) => {
  const problems = problemsWith(PROGRAMS, 200_000);
  t.diagnostic(`${PROGRAMS} programs; more with npm run explore -- expressions`);
  assert.deepEqual(problems, []);
  assert.equal(problemWithCost(COMPARING, null, 5_000_000), null);
});

test("the search finds programs when lengths are charged too little", (t) => {
  chargeLittle(t);
  assert.match(problemWithCost(COMPARING, null, 20_000) ?? "", /ms for [\d.]+ steps|ms between two looks/);
  assert.ok(problemsWith(4, 20_000).length >= 1);
});

test("what reads a text is charged by its length", () => {
  for (const program of [
    ...[
      "$x < $y",
      "$x == $y",
      "[$x, $y] | sort",
      "[$x, $y] | unique",
      "[$x] - [$y]",
      "[$x] | index($y)",
      "$x | tojson",
    ],
    ...["$x | contains($y)", "$x | index($y)", "$x | split($y)", "$x | startswith($y)", "$x | endswith($y)"],
    ...[
      "$x | ltrimstr($y)",
      "$x | rtrimstr($y)",
      "{($x): 1}",
      "{} | .[$x]",
      "{} | has($x)",
      "$x | explode",
      "$x | length",
    ],
    ...[
      "$x | @uri",
      "$x | @html",
      "$x | @base64",
      "$x | @base64d?",
      "$x | @base32",
      "[$x] | @csv",
      "[$x] | @tsv",
      "$x | @sh",
    ],
    ...[
      "$x | trim",
      "$x | ascii_downcase",
      "$x | ascii_upcase",
      "$x | tonumber?",
      "$x | fromjson?",
      "$x | utf8bytelength",
    ],
    ...[
      '$x | test("[yz]")',
      '$x | [match("ä$")]',
      '$x | gsub("q"; "")',
      '$x | [splits("q")]',
      "$x[1:]",
      '"\\($x)!" | length',
    ],
    ...['($x + "é") | trim', '($x + "é") == ($y + "é")', '($x + "é") | test("^b")', '($x + "é") | startswith("b")'],
  ]) {
    const [once, twice] = [stepsOf(program, 20_000), stepsOf(program, 40_000)];
    assert.ok(twice - once >= 20_000 >> 7, `${program}: ${once} steps, and ${twice} for twice the length`);
  }
});

function problemsWith(programs: number, steps: number): readonly string[] {
  const input = largeOperands();
  const chance = new Chance(SEED);
  const problems: string[] = [];
  for (let i = 0; i < programs; i++) {
    const program = randomCostlyProgram(chance);
    const problem = problemWithCost(program, input, steps);
    if (problem !== null) problems.push(`${program}: ${problem}`);
  }
  return problems;
}

/** Breaks what is tested: what is charged by a length costs a small part of it. */
function chargeLittle(t: TestContext): void {
  const charge = Run.prototype.charge;
  t.mock.method(Run.prototype, "charge", function (this: Run, steps: number) {
    charge.call(this, steps < 4 ? steps : steps / 1_000);
  });
}

/** Steps that a program takes on two texts of a length that are the same up to their last character. */
function stepsOf(program: string, length: number): number {
  const allowance = new Allowance(Number.MAX_SAFE_INTEGER, 0, 0);
  const texts: Json = ["x", "y"].map((end) => `${"aä".repeat(length / 2)}${end}`);
  compile(`.[0] as $x | .[1] as $y | ${program}`).run(texts, {}, { allowance });
  return allowance.stepsUsed;
}
