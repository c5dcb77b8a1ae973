import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { judge } from "./checks/judge.ts";
import { MUTANTS } from "./mutants/index.ts";
import { Pool } from "./pool.ts";
import { Report } from "./report.ts";
import { type Outcome, run } from "./run.ts";

const SEEDS = 500;
/** On a machine that is busy with something else they take several times as long as on one that is not. */
const TIMEOUT_MS = 600_000;
/** How much of a problem is told. */
const PROBLEM_CHARS_MAX = 160;

/** What must have gone wrong in the runs together, each so often at least: else they show nothing. */
const LEAST: Readonly<Record<string, number>> = {
  "requests lost": 500,
  "answers lost": 500,
  "requests late": 100,
  "requests landed twice": 200,
  "short reads": 5_000,
  "calls given up": 10,
  "partitions handed on before their owners let go": 2_000,
  "owners that heard late that they are none": 2_000,
  "positions lost": 1_000,
  "positions of former owners refused": 100,
  "leaders lost": 200,
  rebalances: 200,
  "processes killed": 200,
  "processes stopped": 200,
  "processes held up": 200,
  "clocks jumped": 200,
  "stores flushed": 200,
  "stores failed over to a stale copy": 200,
  "stores unreachable": 200,
  "store requests lost": 500,
  "store answers lost": 500,
  "store commits late": 100,
  "connections refused": 50,
  "connections broken": 50,
  "HTTP requests lost": 50,
  "HTTP requests twice": 50,
  "services out of order": 200,
  "answers at once": 500,
  "answers late": 500,
  "answers given again": 200,
  "second answers": 200,
  "answers never given": 100,
  "children that failed": 500,
  "events and orders from outside sent twice": 1_000,
};

const pool = new Pool();
after(() => pool[Symbol.asyncDispose]());

test(`${SEEDS} runs in which everything goes wrong end as if nothing had`, { timeout: TIMEOUT_MS }, async (t) => {
  const report = new Report();
  await pool.run({ from: 1, count: SEEDS }, (outcome) => report.take(outcome));
  t.diagnostic(report.text());
  const few = Object.entries(LEAST).filter(([what, least]) => (report.counts.get(what) ?? 0) < least);
  assert.deepEqual(
    report.failed.map(({ seed, problems }) => ({ seed, problems })),
    [],
  );
  assert.deepEqual(few, []);
});

test("one seed is one run, whatever happens on the machine, and whoever runs it", async () => {
  for (const seed of [3, 17, 29]) {
    const [one, other] = [await traced(seed), await traced(seed)];
    assert.ok(one.lines.length > 100, "expected a trace");
    assert.deepEqual(other, one);
    await pool.run({ from: seed, count: 1 }, (elsewhere) => assert.deepEqual(elsewhere, one.outcome));
  }
});

describe("what is wrong with how a process uses its ports is found out", { concurrency: true }, () => {
  for (const { name } of MUTANTS) {
    test(name, async (t) => {
      const found = await pool.firstFailure(name, SEEDS);
      assert.ok(found !== undefined, `expected a run that goes wrong among ${SEEDS}, found none`);
      t.diagnostic(`${name}: found out by seed ${found.seed}: ${found.problems[0]?.slice(0, PROBLEM_CHARS_MAX)}`);
    });
  }
});

async function traced(seed: number): Promise<{ readonly lines: readonly string[]; readonly outcome: Outcome }> {
  const lines: string[] = [];
  const outcome = await run(seed, judge, { tell: (line) => lines.push(line) });
  return { lines, outcome };
}
