import type { MoveToken } from "@antiphon/protocol";
import { type ActiveInstance, type FaultedInstance, MAIN } from "../instance/instance.ts";
import { leftToUndo } from "../instance/summary.ts";
import { advance } from "../token/advance.ts";
import { abandon } from "../token/closing.ts";
import type { Draft } from "../token/draft.ts";
import { enter } from "../token/enter.ts";
import { resume } from "./retrigger.ts";

/**
 * An instance leaves the state that it is in, by none of its ways, and enters another one; one that has failed goes on
 * there. One that is undoing things and goes on elsewhere keeps what is left of them, to be undone later. Nothing follows
 * if there is no such state, or it undoes something and the instance is not undoing anything.
 */
export function moveToken(draft: Draft, instance: ActiveInstance | FaultedInstance, { to }: MoveToken): void {
  const target = draft.workflow.states.get(to)?.state;
  const { compensation } = instance;
  if (target === undefined || (target.usedForCompensation && compensation === undefined)) return;
  if (instance.status === "faulted") resume(draft, instance);
  draft.emit(...abandon(draft.active));
  if (compensation !== undefined) {
    // Where it is already may be a state that an error has led to from those used for compensation.
    const isThere = instance.tokens[MAIN]?.state === to;
    if (!isThere && !target.usedForCompensation) {
      draft.emit({ type: "CompensationEnded", left: leftToUndo(instance) });
    } else if (!isThere) runBefore(draft, compensation, to);
  }
  enter(draft, to);
  advance(draft);
}

/** A state that would undo something later does so now: its turn is not to come twice. */
function runBefore(draft: Draft, { states, after }: NonNullable<ActiveInstance["compensation"]>, state: string): void {
  const place = states.indexOf(state);
  if (place >= 0) draft.emit({ type: "CompensationStarted", states: states.toSpliced(place, 1), after });
}
