/**
 * `npm run simulate -- --seeds 100000 [--from N]` runs that many seeds and says which have failed;
 * `npm run simulate -- --seed 4711 [--trace]` runs one, and tells what happens in it, in order. With `--mutant NAME` the
 * runs have that mistake in them.
 */
import { judge } from "./checks/judge.ts";
import { MUTANTS } from "./mutants/index.ts";
import { Pool } from "./pool.ts";
import { type Asked, readArguments } from "./read-arguments.ts";
import { problemText, Report } from "./report.ts";
import { run } from "./run.ts";

// Whoever reads along may have read enough.
process.stdout.on("error", () => process.exit(1));

const TELL_MS = 10_000;

let asked: Asked;
try {
  asked = readArguments(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}
process.exit((await ("seed" in asked ? runOne(asked) : runMany(asked))) ? 0 : 1);

async function runMany(seeds: Exclude<Asked, { readonly seed: number }>): Promise<boolean> {
  await using pool = new Pool();
  const report = new Report();
  let toldMs = performance.now();
  await pool.run(seeds, (outcome) => {
    report.take(outcome);
    if (outcome.problems.length > 0) console.log(problemText(outcome));
    if (performance.now() - toldMs > TELL_MS) {
      toldMs = performance.now();
      console.log(report.line());
    }
  });
  console.log(report.text());
  return report.failed.length === 0;
}

async function runOne({ seed, trace, mutant: name }: Extract<Asked, { readonly seed: number }>): Promise<boolean> {
  const mutant = MUTANTS.find((one) => one.name === name);
  const outcome = await run(seed, judge, {
    ...(trace && { tell: (line: string) => console.log(line) }),
    ...(mutant !== undefined && { mutant }),
  });
  const { problems, counts } = outcome;
  for (const [what, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(`${count} ${what}`);
  console.log(problems.length === 0 ? `seed ${seed}: nothing is wrong` : problemText(outcome));
  return problems.length === 0;
}
