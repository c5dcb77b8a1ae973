import { parentPort } from "node:worker_threads";
import { judge } from "./checks/judge.ts";
import { MUTANTS } from "./mutants/index.ts";
import { type Outcome, run } from "./run.ts";

/** Seeds that one worker runs, one after the other. */
export interface Task {
  readonly from: number;
  readonly count: number;
  /** The name of what is wrong; absent: nothing. */
  readonly mutant?: string;
  /** It ends with the first seed that fails. */
  readonly untilFailure?: boolean;
}

const port = parentPort;
if (port === null) throw new Error("expected to be a worker, found no parent");
port.on("message", async ({ from, count, mutant: name, untilFailure = false }: Task) => {
  const mutant = MUTANTS.find((one) => one.name === name);
  const outcomes: Outcome[] = [];
  for (let seed = from; seed < from + count; seed++) {
    outcomes.push(await run(seed, judge, mutant === undefined ? {} : { mutant }));
    if (untilFailure && outcomes.at(-1)?.problems.length !== 0) break;
  }
  port.postMessage(outcomes);
});
