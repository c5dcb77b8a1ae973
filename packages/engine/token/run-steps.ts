import type { Program } from "./step.ts";
import type { Visit } from "./visit.ts";
import type { Way } from "./way.ts";

/** Where steps have come to: a rest, the end of a branch, or the way out of the state. */
export type Arrival =
  | { readonly kind: "rest" }
  | { readonly kind: "done" }
  | { readonly kind: "leave"; readonly by: Way; readonly step: string };

/**
 * Runs steps from one of them, or from the first, until they rest or are through. The step that throws is noted, so that
 * an instance that fails by it can try it again.
 */
export function runSteps(visit: Visit, program: Program, from: string | undefined): Arrival {
  const { steps } = program;
  for (let position = from === undefined ? 0 : positionOf(program, from, visit); ; ) {
    const step = steps[position];
    if (step === undefined) throw new Error(`expected a step that leaves ${visit.where}`);
    const outcome = noting(visit, step.name, () => step.run(visit));
    switch (outcome.kind) {
      case "next":
        position += 1;
        break;
      case "go":
        position = positionOf(program, outcome.step, visit);
        break;
      case "rest":
        if (step.name !== visit.step) moveTo(visit, step.name);
        return outcome;
      case "done":
        return outcome;
      case "leave":
        return { ...outcome, step: step.name };
    }
  }
}

/** Does something that belongs to a step; if it throws, that step is the one that failed. */
export function noting<T>(visit: Visit, step: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    visit.draft.failed.push({ visit, step });
    throw error;
  }
}

/** Moves the token of a visit, or of its branch, to a step. */
export function moveTo(visit: Visit, step: string): void {
  const { branch } = visit;
  visit.emit({ type: "TokenMoved", step, ...(branch !== undefined && { branch }) });
}

/** The name of the first step. */
export function firstOf({ steps }: Program): string {
  const [first] = steps;
  if (first === undefined) throw new Error("expected a program to have steps, found none");
  return first.name;
}

/** The step behind another one; undefined: that is the last. */
export function stepAfter({ steps, positions }: Program, name: string): string | undefined {
  const position = positions.get(name);
  return position === undefined ? undefined : steps[position + 1]?.name;
}

function positionOf({ positions }: Program, name: string, visit: Visit): number {
  const position = positions.get(name);
  if (position === undefined) throw new Error(`expected step ${JSON.stringify(name)} in ${visit.where}`);
  return position;
}
