import type { WorkflowError } from "@antiphon/protocol";
import { closeVisit, end } from "./closing.ts";
import type { Draft } from "./draft.ts";
import { MAIN } from "./instance.ts";
import { handlerOf } from "./match-error.ts";
import { Visit } from "./visit.ts";
import type { Way } from "./way.ts";
import { illegal, WorkflowFault } from "./workflow-fault.ts";

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
    if (visits === VISITS_PER_DECISION_MAX) return failAt(visit, tooManyVisits);
    try {
      const way = stay(visit, token.step);
      if (way === undefined) return;
      leave(visit, way);
    } catch (error) {
      if (!(error instanceof WorkflowFault)) throw error;
      failAt(visit, error.error);
    }
  }
}

const tooManyVisits = illegal(
  "too-many-states",
  `expected a rest within ${VISITS_PER_DECISION_MAX} states, found none: the workflow may be a loop`,
).error;

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
  for (const fact of closeVisit(draft.active, visit.number)) draft.emit(fact);
  draft.emit({ type: "StateLeft", state: state.state.name, visit: visit.number });
  produce.forEach((one, place) => {
    one(visit, `${visit.number}/${place}`, visit.data);
  });
  if (next.kind === "transition") return enter(draft, next.to);
  if (draft.workflow.definition.keepActive && !next.terminate) return draft.emit({ type: "TokenMoved", step: ENDED });
  for (const fact of end(draft.active, { type: "InstanceCompleted" })) draft.emit(fact);
}

function failAt(visit: Visit, error: WorkflowError): void {
  const { draft } = visit;
  for (const fact of end(draft.active, { type: "InstanceFaulted", error: located(error, visit) })) draft.emit(fact);
}

function located(error: WorkflowError, visit: Visit): WorkflowError {
  return error.where === undefined ? { ...error, where: visit.where } : error;
}
