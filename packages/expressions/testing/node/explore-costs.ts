/** Random programs with large values, as many and from whatever seed one likes: `npm run explore -- expressions 5000 7`. */

import { largeOperands, randomCostlyProgram } from "../random-costly-program.ts";
import { Chance } from "../random-program.ts";
import { problemWithCost } from "./cost.ts";

/** A tenth of what a run may use. */
const STEPS = 500_000;

const [programs = 2_000, seed = 1] = process.argv.slice(2).map(Number);
const chance = new Chance(seed);
const input = largeOperands();
let found = 0;
for (let i = 0; i < programs; i++) {
  const program = randomCostlyProgram(chance);
  const problem = problemWithCost(program, input, STEPS);
  if (problem === null) continue;
  found++;
  console.log(`${program}\n  ${problem}`);
}
console.log(`${programs} programs from seed ${seed}: ${found} take longer than they are charged for`);
process.exitCode = found === 0 ? 0 : 1;
