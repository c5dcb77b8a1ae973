import { forkOf } from "../instance/ids.ts";
import { MAIN } from "../instance/instance.ts";
import type { Draft } from "./draft.ts";
import { moveTo, stepAfter } from "./run-steps.ts";
import { type Program, programOfBranch } from "./step.ts";
import { Visit } from "./visit.ts";

/**
 * Moves the token to the step behind the one that it stands at, in the branch that failed if one did. Where that is the
 * last one, or none was begun, it stays: leaving a state cannot be passed over.
 */
export function passOver(draft: Draft, failedBranch: string | undefined): void {
  const token = draft.active.tokens[MAIN];
  const state = token && draft.workflow.states.get(token.state);
  if (token === undefined || state === undefined) return;
  const visit = new Visit(draft, state, token, failedBranch);
  const program = failedBranch === undefined ? state.program : programIn(state.program, token.step, failedBranch);
  const after = program && visit.step !== undefined ? stepAfter(program, visit.step) : undefined;
  if (after !== undefined) moveTo(visit, after);
}

function programIn({ steps }: Program, step: string | undefined, branch: string): Program | undefined {
  const forking = steps.find(({ name }) => name === step);
  return forking?.programs && programOfBranch(forking, forkOf(branch).index);
}
