import { MUTANTS } from "./mutants.ts";
import { run } from "./run.ts";
import { judge } from "./checks/judge.ts";
for (const mutant of MUTANTS) {
  if (process.argv[2] && !mutant.name.includes(process.argv[2])) continue;
  const t = performance.now(); let found: string | undefined; let seed = 1;
  for (; seed <= Number(process.argv[3] ?? 60) && !found; seed++) { const o = await run(seed, judge, { mutant }); if (o.problems.length) found = o.problems[0]; }
  console.log(found ? "CAUGHT" : "MISSED", mutant.name, "seeds:", seed - 1, Math.round(performance.now() - t), "ms;", found?.slice(0, 200));
}
process.exit(0);
