import type { Visit } from "./visit.ts";
import type { Way } from "./way.ts";

/**
 * One thing that a state does. While the token rests on it, it is run again whenever something has happened to the
 * instance: it looks at what there is of its action, wait or timer, and says how to go on.
 */
export interface Step {
  /** Unique in its state, and recorded where a token rests: a running instance must find it again in later releases. */
  readonly name: string;
  /** What its branches do, if it has some: one program for all of them, or one for each. */
  readonly programs?: readonly Program[];
  run(visit: Visit): Outcome;
}

/** Steps, run in their order, and where each stands. */
export interface Program {
  readonly steps: readonly Step[];
  /** By name. */
  readonly positions: ReadonlyMap<string, number>;
}

/** The program of a branch of a step, by the branch's number. */
export function programOfBranch({ name, programs = [] }: Pick<Step, "name" | "programs">, index: number): Program {
  const program = programs[index % programs.length];
  if (program === undefined) throw new Error(`expected step ${JSON.stringify(name)} to have branches`);
  return program;
}

export function programOf(steps: readonly Step[]): Program {
  return { steps, positions: new Map(steps.map((step, position) => [step.name, position])) };
}

export type Outcome =
  | { readonly kind: "next" }
  /** To another step of the same state. */
  | { readonly kind: "go"; readonly step: string }
  | { readonly kind: "rest" }
  /** A branch is through. */
  | { readonly kind: "done" }
  | { readonly kind: "leave"; readonly by: Way };

export const next: Outcome = { kind: "next" };
export const rest: Outcome = { kind: "rest" };

export function go(step: string): Outcome {
  return { kind: "go", step };
}

/** The last step of most states: out, by the way that the state names. */
export function leaveBy(by: Way): Step {
  return { name: "leave", run: () => ({ kind: "leave", by }) };
}

/** The last step of a branch. */
export const branchEnd: Step = { name: "end", run: () => done };

const done: Outcome = { kind: "done" };
