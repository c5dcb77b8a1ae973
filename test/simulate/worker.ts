import { parentPort } from "node:worker_threads";
import { judge } from "./checks/judge.ts";
import { MUTANTS } from "./mutants.ts";
import { run } from "./run.ts";

/** Seeds that one worker runs, one after the other. */
export interface Task {
  readonly from: number;
  readonly count: number;
  /** The name of what is wrong; absent: nothing. */
  readonly mutant?: string;
}

const port = parentPort;
if (port === null) throw new Error("expected to be a worker, found no parent");
port.on("message", async ({ from, count, mutant: name }: Task) => {
  const mutant = MUTANTS.find((one) => one.name === name);
  const outcomes = [];
  for (let seed = from; seed < from + count; seed++) {
    outcomes.push(await run(seed, judge, mutant === undefined ? {} : { mutant }));
  }
  port.postMessage(outcomes);
});
