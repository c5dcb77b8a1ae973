/** `npm run chaos [-- --seed N] [--seconds S] [--on kafka|embedded]`: everything at work while everything breaks. */
import { parseArgs } from "node:util";
import { runChaos } from "./chaos-run.ts";
import { writeLogs } from "./logs.ts";

const SECONDS_DEFAULT = 300;
const SECONDS_MAX = 600;
const PROBLEMS_SHOWN = 40;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: `${Date.now() % 1_000_000}` },
    seconds: { type: "string", default: `${SECONDS_DEFAULT}` },
    on: { type: "string", default: "kafka" },
  },
});
const [seed, seconds] = [Number(values.seed), Number(values.seconds)];
if (!Number.isInteger(seed) || !(seconds > 0 && seconds <= SECONDS_MAX) || !/^(kafka|embedded)$/.test(values.on)) {
  console.error(
    `expected --seed (a whole number), --seconds (up to ${SECONDS_MAX}) and --on (kafka or embedded), found ${JSON.stringify(values)}`,
  );
  process.exit(2);
}
// What it has started ends with it, which a signal alone would not see to.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
console.log(`chaos on ${values.on}: --seed ${seed} --seconds ${seconds}`);
const { problems, figures, logs } = await runChaos(
  values.on === "embedded" ? "embedded" : "kafka",
  seed,
  seconds * 1_000,
  (line) => console.log(`  ${line}`),
);
console.log(
  Object.entries(figures)
    .map(([name, number]) => `${number} ${name}`)
    .join(", "),
);
if (problems.length > 0) {
  const file = writeLogs(values.on, seed, logs);
  console.error(`${problems.length} problems with --seed ${seed}; the logs of all processes are in ${file}`);
  for (const problem of problems.slice(0, PROBLEMS_SHOWN)) console.error(`  ${problem}`);
}
process.exit(problems.length > 0 ? 1 : 0);
