import { run } from "./run.ts";
import { judge } from "./checks/judge.ts";
import { logsOf, factsIn } from "./checks/partition-facts.ts";
const seed = Number(process.argv[2]); const what = new RegExp(process.argv[3]!);
await run(seed, async (e) => {
  const logs = logsOf(e.broker);
  const rows: [number, string][] = [];
  for (const [name, parts] of Object.entries(logs)) for (const p of parts) for (const f of p.facts) {
    const t = JSON.stringify(f.decision);
    if (what.test(t) || what.test(f.key ?? "")) rows.push([f.decision.atMs - 1767225600000, `${name}/${p.partition}@${f.offset} ${f.key} ${t.slice(0, 1500)}`]);
  }
  for (const t of ["antiphon.commands", "antiphon.correlation", "antiphon.dead-letters"]) for (const p of [0, 1]) for (const f of factsIn(e.broker, t, p)) if (what.test(f.value!)) rows.push([f.timestampMs - 1767225600000, `  ${t}/${p}@${f.offset} ${f.value!.slice(0, 700)}`]);
  rows.sort((a, b) => a[0] - b[0]);
  for (const r of rows) console.log(r[0] / 1000, r[1]);
  return [];
});
process.exit(0);
