/** `npm run explore`: goes through every world, the large ones too, and ends with 1 at the first broken state. */
import { explore } from "./explore.ts";
import { LARGE_SCENARIOS, SCENARIOS } from "./scenarios.ts";

let all = 0;
for (const scenario of [...SCENARIOS, ...LARGE_SCENARIOS]) {
  const begunMs = performance.now();
  const { states, quiet, counterexample } = explore(scenario);
  const seconds = ((performance.now() - begunMs) / 1000).toFixed(1);
  all += states;
  console.log(`${scenario.name}: ${states} states, in ${quiet} of which nothing is on the way, ${seconds} s`);
  if (counterexample === undefined) continue;
  console.log(`  ${counterexample.problem}\n${counterexample.steps.map((step) => `    ${step}`).join("\n")}`);
  process.exit(1);
}
console.log(`${all} states of ${SCENARIOS.length + LARGE_SCENARIOS.length} worlds, none broken`);
