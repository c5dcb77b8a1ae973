import { parseArgs } from "node:util";
import { judge } from "./checks/judge.ts";
import { MUTANTS } from "./mutants.ts";
import { Pool } from "./pool.ts";
import { Report } from "./report.ts";
import { run } from "./run.ts";

/**
 * `npm run simulate -- --seeds 100000 [--from N] [--mutant NAME]` runs that many seeds and says which have failed;
 * `npm run simulate -- --seed 4711 [--trace]` runs one, and tells what happens in it, in order.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
    mutant: { type: "string" },
  },
});

const TELL_MS = 10_000;

process.exit(values.seed === undefined ? await runMany() : await runOne(wholeNumber("seed", values.seed)));

async function runMany(): Promise<number> {
  const count = wholeNumber("seeds", values.seeds ?? "500");
  const from = wholeNumber("from", values.from);
  await using pool = new Pool();
  const report = new Report();
  let toldMs = performance.now();
  await pool.run({ from, count, ...(values.mutant !== undefined && { mutant: values.mutant }) }, (outcome) => {
    report.take(outcome);
    if (outcome.problems.length > 0) console.log(`seed ${outcome.seed}: ${outcome.problems.join("\n  ")}`);
    if (performance.now() - toldMs > TELL_MS) {
      toldMs = performance.now();
      console.log(report.line());
    }
    return "go on";
  });
  console.log(report.text());
  return report.failed.length === 0 ? 0 : 1;
}

async function runOne(seed: number): Promise<number> {
  const mutant = MUTANTS.find(({ name }) => name === values.mutant);
  const { problems, counts } = await run(seed, judge, {
    ...(values.trace && { tell: (line: string) => console.log(line) }),
    ...(mutant !== undefined && { mutant }),
  });
  for (const [what, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(`${count} ${what}`);
  console.log(problems.length === 0 ? `seed ${seed}: nothing is wrong` : `seed ${seed}: ${problems.join("\n  ")}`);
  return problems.length === 0 ? 0 : 1;
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  console.error(`--${name}: expected a whole number, found ${text}`);
  process.exit(2);
}
