import { run } from "./run.ts";
import { judge } from "./checks/judge.ts";
const from = Number(process.argv[2] ?? 1), to = Number(process.argv[3] ?? from);
const t = performance.now();
let bad = 0;
for (let seed = from; seed <= to; seed++) {
  const lines: string[] = [];
  const o = await run(seed, judge, process.argv[4] ? { tell: (l) => lines.push(l) } : {});
  if (o.problems.length) { bad++; console.log(seed, o.turns, o.problems.slice(0, 6).map(p=>p.slice(0,700))); if (process.argv[4]) console.log(lines.join("\n")); }
}
console.log(bad, "bad", performance.now() - t, "ms");
process.exit(0);
