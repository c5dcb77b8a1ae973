import type { AfterCompensation } from "@antiphon/protocol";
import { end } from "./closing.ts";
import { complete, staysActive } from "./complete.ts";
import type { Draft } from "./draft.ts";
import { enter } from "./enter.ts";
import { isTimeUp, outOfTime } from "./workflow-timeout.ts";

/** Begins to undo what has been done, the newest first; then the instance goes on as said. */
export function compensate(draft: Draft, after: AfterCompensation): void {
  draft.emit({ type: "CompensationStarted", states: (draft.active.undo ?? []).toReversed(), after });
  goOnUndoing(draft);
}

/** Enters the next state that undoes something, or goes on once all is undone. */
export function goOnUndoing(draft: Draft): void {
  const { compensation, visits } = draft.active;
  if (compensation === undefined) {
    throw new Error(`expected instance ${draft.active.id} to be undoing something, found it doing nothing of the kind`);
  }
  const [state] = compensation.states;
  if (state !== undefined) {
    draft.emit({ type: "StateEntered", state, visit: visits + 1, undoes: true });
    return;
  }
  draft.emit({ type: "CompensationEnded" });
  goOn(draft, afterUndoing(draft, compensation.after));
}

/** The workflow's time may have run out meanwhile: then no further state begins, unless the instance was at its end anyway. */
function afterUndoing(draft: Draft, after: AfterCompensation): AfterCompensation {
  if (!isTimeUp(draft)) return after;
  const goesOn = after.kind === "transition" || (after.kind === "end" && staysActive(draft, after));
  return goesOn ? outOfTime(draft, undefined) : after;
}

/** Goes on by a way that undoes nothing more. */
export function goOn(draft: Draft, after: AfterCompensation): void {
  switch (after.kind) {
    case "transition":
      enter(draft, after.to);
      break;
    case "end":
      complete(draft, after);
      break;
    case "abort": {
      const { reason, children } = after;
      draft.emit(...end(draft.active, { type: "InstanceAborted", reason, ...(children && { children }) }));
    }
  }
}
