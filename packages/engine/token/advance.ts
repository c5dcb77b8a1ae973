import type { WorkflowError } from "@antiphon/protocol";
import { handlerOf } from "../errors/match-error.ts";
import { illegal, WorkflowFault } from "../errors/workflow-fault.ts";
import { MAIN } from "../instance/instance.ts";
import { closeVisit, end } from "./closing.ts";
import type { Draft } from "./draft.ts";
import { Visit } from "./visit.ts";
import type { Way } from "./way.ts";

/** The most states that one decision may enter: a loop that never rests ends in a fault. */
export const VISITS_PER_DECISION_MAX = 1_000;

/** Where the token of an instance rests that is kept active (`keepActive`) beyond its end. */
const ENDED = "ended";

/** Enters a state: its steps are run by `advance`. */
export function enter(draft: Draft, state: string): void {
  draft.emit({ type: "StateEntered", state, visit: draft.active.visits + 1 });
}

/** Runs the token from step to step and from state to state until it rests, or the instance has ended. */
export function advance(draft: Draft): void {
  for (let visits = 0; draft.isActive; visits++) {
    const token = draft.active.tokens[MAIN];
    if (token === undefined || token.step === ENDED) return;
    const state = draft.workflow.states.get(token.state);
    if (state === undefined) throw new Error(`expected state ${JSON.stringify(token.state)} in the definition`);
    const visit = new Visit(draft, state, token);
    try {
      if (visits === VISITS_PER_DECISION_MAX) throw tooManyVisits();
      const way = stay(visit, token.step);
      if (way === undefined) return;
      leave(visit, way);
    } catch (error) {
      if (!(error instanceof WorkflowFault)) throw error;
      failAt(visit, error.error);
    }
  }
}

function tooManyVisits(): WorkflowFault {
  const message = `expected a rest within ${VISITS_PER_DECISION_MAX} states, found none: the workflow may be a loop`;
  return illegal("too-many-states", message);
}

/** A visit from where the token is to where it rests (undefined), or to the way out: of its own, or of its `onErrors`. */
function stay(visit: Visit, from: string | undefined): Way | undefined {
  const { state } = visit;
  try {
    if (from === undefined && state.input !== undefined) visit.change(visit.evaluate(state.input));
    const way = runSteps(visit, from);
    if (way !== undefined && state.output !== undefined) visit.change(visit.evaluate(state.output));
    return way;
  } catch (fault) {
    if (!(fault instanceof WorkflowFault)) throw fault;
    const error = located(fault.error, visit);
    const handler = handlerOf(state.handlers, error);
    if (handler === undefined) throw new WorkflowFault(error, { cause: fault });
    visit.emit({ type: "ErrorCaught", error });
    return handler.way;
  }
}

function runSteps(visit: Visit, from: string | undefined): Way | undefined {
  const { steps, positions } = visit.state;
  const positionOf = (name: string): number => {
    const position = positions.get(name);
    if (position === undefined) throw new Error(`expected step ${JSON.stringify(name)} in ${visit.where}`);
    return position;
  };
  for (let position = from === undefined ? 0 : positionOf(from); ; ) {
    const step = steps[position];
    if (step === undefined) throw new Error(`expected a step that leaves ${visit.where}`);
    const outcome = step.run(visit);
    switch (outcome.kind) {
      case "next":
        position += 1;
        break;
      case "go":
        position = positionOf(outcome.step);
        break;
      case "rest":
        if (step.name !== from) visit.emit({ type: "TokenMoved", step: step.name });
        return undefined;
      case "leave":
        return outcome.by;
    }
  }
}

function leave(visit: Visit, { next, produce, isError }: Way): void {
  const { draft, state } = visit;
  if (next.kind === "end" && !isError && state.errorMessage !== undefined) {
    const message = visit.evaluate(state.errorMessage);
    if (message !== "") throw illegal("error-message", message);
  }
  draft.emit(...closeVisit(draft.active, visit.number));
  draft.emit({ type: "StateLeft", state: state.state.name, visit: visit.number });
  produce.forEach((one, place) => {
    one(visit, `${visit.number}/${place}`, visit.data);
  });
  if (next.kind === "transition") enter(draft, next.to);
  else if (draft.workflow.definition.keepActive && !next.terminate) draft.emit({ type: "TokenMoved", step: ENDED });
  else draft.emit(...end(draft.active, { type: "InstanceCompleted" }));
}

function failAt(visit: Visit, error: WorkflowError): void {
  const { draft } = visit;
  draft.emit(...end(draft.active, { type: "InstanceFaulted", error: located(error, visit) }));
}

function located(error: WorkflowError, visit: Visit): WorkflowError {
  return error.where === undefined ? { ...error, where: visit.where } : error;
}
