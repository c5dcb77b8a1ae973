/** `npm run chaos`: services and workflows at work while everything breaks, and the account of it afterwards. */
import { runChaos } from "./chaos-run.ts";
import { figureLines } from "./figures.ts";
import { writeLogs } from "./logs.ts";
import { type Arguments, HELP, readArguments } from "./read-arguments.ts";

const MS_PER_MINUTE = 60_000;
const PROBLEMS_SHOWN = 40;

const { deployment, seed, minutes } = argumentsOrExit();
// What it has started ends with it, which a signal alone would not see to.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
console.log(`chaos: --deployment ${deployment} --seed ${seed} --minutes ${minutes}`);
const { problems, figures, logs } = await runChaos(deployment, seed, minutes * MS_PER_MINUTE, (line) =>
  console.log(`  ${line}`),
);
if (figures !== undefined) console.log(figureLines(figures).join("\n"));
console.log(`what all processes printed: ${writeLogs(deployment, seed, logs)}`);
if (problems.length === 0) console.log("all agrees: every instance, every event, the ledger and the audit");
else {
  console.error(`${problems.length} disagreements`);
  for (const problem of problems.slice(0, PROBLEMS_SHOWN)) console.error(`  ${problem}`);
}
process.exit(problems.length > 0 ? 1 : 0);

function argumentsOrExit(): Arguments {
  try {
    return readArguments(process.argv.slice(2), Date.now() % 1_000_000);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}
