import type { Json } from "@antiphon/protocol";
import { ExpressionLimitError } from "../errors.ts";
import type { Run } from "./run.ts";
import { isArray, isContainer, type Members, setMember } from "./values/kinds.ts";

/** How far, in powers of two, growth must be from the limit on size for outputs not to be measured. */
const GROWTH_MARGIN = 10;

/** Outputs fit to be kept: within the limits on their size and depth, and without what JSON cannot hold. */
export function settled(outputs: Json[], run: Run): Json[] {
  if (mayBeTooLarge(run)) new Measure(run).add(outputs, -1);
  return run.nonFinite ? outputs.map((output) => finite(output, run)) : outputs;
}

/** One output, as `settled` makes it. */
export function settledOne(output: Json, run: Run): Json {
  if (mayBeTooLarge(run)) new Measure(run).add(output, 0);
  return run.nonFinite ? finite(output, run) : output;
}

function mayBeTooLarge({ growth, limits }: Run): boolean {
  return growth > 0 && growth + GROWTH_MARGIN >= Math.log2(limits.outputSize);
}

class Measure {
  readonly #run: Run;
  #size = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  add(value: Json, depth: number): void {
    const { outputSize, outputDepth } = this.#run.limits;
    this.#size += typeof value === "string" ? 1 + (value.length >> 6) : 1;
    if (this.#size > outputSize) throw new ExpressionLimitError("outputSize", outputSize);
    if (!isContainer(value)) return;
    if (depth >= outputDepth) throw new ExpressionLimitError("outputDepth", outputDepth);
    if (isArray(value)) for (const item of value) this.add(item, depth + 1);
    else for (const name of Object.keys(value)) this.add(value[name] ?? null, depth + 1);
  }
}

/** As jq writes them: no number is null, and an infinity is the largest number. */
function finite(value: Json, run: Run): Json {
  if (typeof value === "number") {
    if (Number.isNaN(value)) return null;
    return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
  }
  if (!isContainer(value)) return value;
  run.charge(1);
  run.enter();
  const result = isArray(value) ? value.map((item) => finite(item, run)) : finiteMembers(value, run);
  run.leave();
  return result;
}

function finiteMembers(value: { readonly [name: string]: Json }, run: Run): Json {
  const members: Members = {};
  for (const name of Object.keys(value)) setMember(members, name, finite(value[name] ?? null, run));
  return members;
}
