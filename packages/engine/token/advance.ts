import type { Slice, WorkflowError } from "@antiphon/protocol";
import { handlerOf } from "../errors/match-error.ts";
import { illegal, WorkflowFault } from "../errors/workflow-fault.ts";
import { ENDED, MAIN } from "../instance/instance.ts";
import { fail } from "./closing.ts";
import type { Draft, Mark } from "./draft.ts";
import { leave } from "./leave.ts";
import { firstOf, moveTo, noting, runSteps } from "./run-steps.ts";
import { checkTime } from "./state-timeout.ts";
import { Visit } from "./visit.ts";
import type { Way } from "./way.ts";

/** The most states that one decision may enter: a loop that never rests ends in a fault. */
export const VISITS_PER_DECISION_MAX = 1_000;

/**
 * Runs the token from step to step and from state to state until it rests, the instance has ended, or the decision is long
 * enough for one. `slice` is the one that goes on: states are counted from where its run began.
 */
export function advance(draft: Draft, slice?: Slice): void {
  if (!draft.isActive) return;
  draft.run = slice ?? { since: draft.active.visits, bytes: 0 };
  const { since } = draft.run;
  while (draft.isActive) {
    const token = draft.active.tokens[MAIN];
    if (token === undefined || token.step === ENDED) return;
    const state = draft.workflow.states.get(token.state);
    if (state === undefined) throw new Error(`expected state ${JSON.stringify(token.state)} in the definition`);
    const visit = new Visit(draft, state, token);
    try {
      if (draft.active.visits - since >= VISITS_PER_DECISION_MAX) throw tooManyVisits();
      const exit = stay(visit, token.step);
      if (exit === undefined) return;
      goBy(visit, exit);
    } catch (error) {
      if (!(error instanceof WorkflowFault)) throw error;
      failAt(visit, error.error);
    }
  }
}

/** The way out of a state, found by a step of its own or, as a handler's way is, by none. */
interface Exit {
  readonly way: Way;
  readonly step?: string;
  /** Before the output filter. */
  readonly mark: Mark;
}

/** Leaves as a whole or not at all: an instance that fails on the way out stands at the last step, and can try that again. */
function goBy(visit: Visit, { way, step, mark }: Exit): void {
  const { draft } = visit;
  try {
    leave(visit, way);
    draft.failed.length = 0;
  } catch (fault) {
    draft.backTo(mark);
    if (step !== undefined) draft.failed.push({ visit, step });
    throw fault;
  }
}

function tooManyVisits(): WorkflowFault {
  const message = `expected a rest within ${VISITS_PER_DECISION_MAX} states, found none: the workflow may be a loop`;
  return illegal("too-many-states", message);
}

/** A visit from where the token is to where it rests (undefined), or to the way out: of its own, or of its `onErrors`. */
function stay(visit: Visit, from: string | undefined): Exit | undefined {
  const { draft, state } = visit;
  try {
    if (from === undefined && state.input !== undefined) visit.change(visit.evaluate(state.input));
    noting(visit, from ?? firstOf(state.program), () => checkTime(visit));
    const arrival = runSteps(visit, state.program, from);
    if (arrival.kind !== "leave") return undefined;
    const { by: way, step } = arrival;
    const mark = draft.mark();
    const { output } = state;
    if (output !== undefined) noting(visit, step, () => visit.change(visit.evaluate(output)));
    return { way, step, mark };
  } catch (fault) {
    if (!(fault instanceof WorkflowFault) || draft.budget.spent !== undefined) throw fault;
    const error = located(fault.error, visit);
    const handler = handlerOf(state.handlers, error);
    if (handler === undefined) throw new WorkflowFault(error, { cause: fault });
    visit.emit({ type: "ErrorCaught", error });
    return { way: handler.way, mark: draft.mark() };
  }
}

function failAt(visit: Visit, reason: WorkflowError): void {
  const { draft } = visit;
  const error = draft.failure(reason);
  const failed = draft.failed.splice(0);
  const branch = failed.find((one) => one.visit.branch !== undefined)?.visit.branch;
  const fault = {
    type: "InstanceFaulted",
    error: located(error, visit),
    ...(branch !== undefined && { branch }),
  } as const;
  const facts = fail(draft.active, fault);
  draft.emit(...facts.slice(0, -1));
  // Last of all but the fault: an instance whose tokens have come to a step looks at rest.
  for (const { visit: at, step } of failed) if (at.step !== step) moveTo(at, step);
  draft.emit(...facts.slice(-1));
}

function located(error: WorkflowError, visit: Visit): WorkflowError {
  return error.where === undefined ? { ...error, where: visit.where } : error;
}
