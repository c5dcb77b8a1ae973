import type { AfterCompensation } from "@antiphon/protocol";
import { illegal } from "../errors/workflow-fault.ts";
import { closeVisit } from "./closing.ts";
import { compensate, goOn, goOnUndoing } from "./compensation.ts";
import type { Visit } from "./visit.ts";
import type { Way } from "./way.ts";
import { isTimeUp, outOfTime } from "./workflow-timeout.ts";

/** A token leaves its state: what the visit has left open is closed, what is to be published is, and it goes on. */
export function leave(visit: Visit, way: Way): void {
  const { draft, state } = visit;
  const { next, produce, isError } = way;
  if (next.kind === "end" && !isError && state.errorMessage !== undefined) {
    const message = visit.evaluate(state.errorMessage);
    if (message !== "") throw illegal("error-message", message);
  }
  draft.emit(...closeVisit(draft.active, visit.number));
  const { name, compensatedBy } = state.state;
  const isUndoing = draft.active.compensation !== undefined;
  // What has failed has nothing to be undone, and what undoes is not undone itself.
  const undo = compensatedBy === undefined || isError || isUndoing ? {} : { compensatedBy };
  draft.emit({ type: "StateLeft", state: name, visit: visit.number, ...undo });
  produce.forEach((one, place) => {
    one(visit, `${visit.number}/${place}`, visit.data);
  });
  // An error may have led out of the states that are used for compensation: any end is the way back then.
  if (next.kind === "return" || (next.kind === "end" && isUndoing)) {
    goOnUndoing(draft);
    return;
  }
  const isOver = isTimeUp(draft) && !isUndoing;
  const after = isOver ? outOfTime(draft, name) : whither(visit, way);
  if (next.compensate && !isUndoing && draft.active.undo !== undefined) compensate(draft, after);
  else goOn(draft, after);
}

function whither(visit: Visit, { next, continueAs }: Way): AfterCompensation {
  switch (next.kind) {
    case "transition":
      return { kind: "transition", to: next.to };
    case "end":
      return {
        kind: "end",
        terminate: next.terminate,
        ...(continueAs && { continuation: continueAs(visit) }),
      };
    case "return":
      throw new Error(`expected ${visit.where} to lead somewhere`);
  }
}
