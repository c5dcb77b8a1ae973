import type { MoveToken } from "@antiphon/protocol";
import type { ActiveInstance, FaultedInstance } from "../instance/instance.ts";
import { advance } from "../token/advance.ts";
import { abandon } from "../token/closing.ts";
import type { Draft } from "../token/draft.ts";
import { enter } from "../token/enter.ts";

/**
 * An instance leaves the state that it is in, by none of its ways, and enters another one; one that has failed goes on
 * there. Nothing follows if there is no such state, or it undoes something and the instance is not undoing anything.
 */
export function moveToken(draft: Draft, instance: ActiveInstance | FaultedInstance, { to }: MoveToken): void {
  const target = draft.workflow.states.get(to)?.state;
  const isUndoing = instance.compensation !== undefined;
  if (target === undefined || (target.usedForCompensation && !isUndoing)) return;
  if (instance.status === "faulted") draft.emit({ type: "InstanceRetriggered" });
  draft.emit(...abandon(draft.active));
  if (isUndoing && !target.usedForCompensation) draft.emit({ type: "CompensationEnded" });
  enter(draft, to);
  advance(draft);
}
