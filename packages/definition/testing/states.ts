import type { Definition, State } from "../model.ts";
import { definitionIn, problemsIn } from "./read-text.ts";

/** The names that states under test may use: a function `total`, events `paid` and `shipped`, errors `late` and `broken`. */
const NAMES = `
functions: [{ name: total, type: expression, operation: .total }]
events: [{ name: paid, type: order.paid }, { name: shipped, type: order.shipped, kind: produced }]
errors: [{ name: late, code: TimedOut }, { name: broken, code: "500" }]
retries: [{ name: patient, delay: PT10S, maxAttempts: 5 }]
`;

function textWith(states: string, members: string): string {
  return `id: a\nstart: done\nstates:\n${states}\n  - { name: done, type: inject, data: {}, end: true }\n${NAMES}${members}\n`;
}

/** The definition with these states, of which the first stands in line 4, and a state `done`; `members` are the document's. */
export function definitionOfStates(states: string, members = ""): Definition {
  return definitionIn(textWith(states, members));
}

/** The state `s` of such a definition. */
export function stateIn(states: string, members = ""): State | undefined {
  return definitionOfStates(states, members).states.s;
}

/** Problems of such a definition. */
export function problemsOfStates(states: string, members = ""): readonly string[] {
  return problemsIn(textWith(states, members));
}
