import type { Json } from "@antiphon/protocol";
import { Allowance, compile, ExpressionError, ExpressionLimitError, readExpression } from "../../index.ts";

/** What a run cost, in milliseconds of this process's CPU on a machine as fast as the one the bounds were set on. */
export interface Cost {
  readonly steps: number;
  readonly cpuMs: number;
  /** The longest time between two looks at the clock: as long a run may go on when its time is over. */
  readonly longestGapMs: number;
  /** How the run ended: the name of a limit, "an error", or "an output". */
  readonly end: string;
}

/** What a step may cost, with time to spare for slow machines: the steps of a run then fit into a few of its seconds. */
const STEP_MS_MAX = 0.001;

/** What may pass between two looks, so that a limit of time holds within a tenth of a second. */
const GAP_MS_MAX = 80;

/** What is not looked at, since the compiler and the collector of JavaScript weigh more. */
const FREE_MS = 40;

/** Times that a run is measured which seems to cost too much: what else the machine does can only add. */
const MEASURED_AGAIN = 3;

/** What is wrong with what a program costs that may use so many steps; null if nothing is. */
export function problemWithCost(program: string, input: Json, steps: number): string | null {
  for (let times = 0; ; times++) {
    const problem = problemIn(measure(program, input, steps));
    if (problem === null || times === MEASURED_AGAIN) return problem;
  }
}

function problemIn({ steps, cpuMs, longestGapMs, end }: Cost): string | null {
  if (longestGapMs > GAP_MS_MAX) return `${longestGapMs.toFixed(0)} ms between two looks at the clock (${end})`;
  if (cpuMs < FREE_MS || cpuMs - FREE_MS < steps * STEP_MS_MAX) return null;
  return `${cpuMs.toFixed(0)} ms for ${steps} steps (${end})`;
}

/** Runs a jq program, or a JSONPath that begins with `$.`, within so many steps. */
function measure(program: string, input: Json, steps: number): Cost {
  const compiled = program.startsWith("$.") ? pathOf(program) : compile(program);
  const slowness = slownessOfMachine();
  const allowance = new Allowance(steps, Number.MAX_SAFE_INTEGER, 0);
  const begin = cpuMsNow();
  let [before, longestGapMs] = [begin, 0];
  const clock = (): number => {
    const now = cpuMsNow();
    longestGapMs = Math.max(longestGapMs, now - before);
    before = now;
    return 0;
  };
  let end = "an output";
  try {
    compiled.json(input, {}, { clock, allowance });
  } catch (error) {
    if (error instanceof ExpressionLimitError) end = error.limit;
    else if (error instanceof ExpressionError) end = "an error";
    else throw error;
  }
  clock();
  return {
    steps: allowance.stepsUsed,
    cpuMs: (before - begin) / slowness,
    longestGapMs: longestGapMs / slowness,
    end,
  };
}

function pathOf(path: string): ReturnType<typeof compile> {
  const expression = readExpression(path, { language: "jsonpath" });
  if (expression.kind === "literal") throw new Error(`no path: ${path}`);
  return expression.program as ReturnType<typeof compile>;
}

const SAMPLE = "0123456789".repeat(100_000);
/** What reading the sample takes on the machine that the bounds were set on. */
const SAMPLE_MS = 1.2;

/** How many times as long this machine takes, just now, as the one that the bounds were set on; 1 for a faster one. */
function slownessOfMachine(): number {
  const begin = cpuMsNow();
  let sum = 0;
  for (let i = 0; i < SAMPLE.length; i++) sum += SAMPLE.charCodeAt(i);
  if (sum === 0) throw new Error("the sample was not read");
  return Math.max(1, (cpuMsNow() - begin) / SAMPLE_MS);
}

/** Milliseconds of CPU that this process has used: other processes do not add to it. */
function cpuMsNow(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
