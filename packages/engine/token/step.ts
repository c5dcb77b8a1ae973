import type { Visit } from "./visit.ts";
import type { Way } from "./way.ts";

/**
 * One thing that a state does. While the token rests on it, it is run again whenever something has happened to the
 * instance: it looks at what there is of its action, wait or timer, and says how to go on.
 */
export interface Step {
  /** Unique in its state, and recorded where a token rests: a running instance must find it again in later releases. */
  readonly name: string;
  run(visit: Visit): Outcome;
}

export type Outcome =
  | { readonly kind: "next" }
  /** To another step of the same state. */
  | { readonly kind: "go"; readonly step: string }
  | { readonly kind: "rest" }
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
