import type { AbortInstance } from "@antiphon/protocol";
import type { ActiveInstance, FaultedInstance } from "../instance/instance.ts";
import { leftToUndo } from "../instance/summary.ts";
import { advance } from "../token/advance.ts";
import { abandon, childrenIn, end, letFailedGo } from "../token/closing.ts";
import { compensate } from "../token/compensation.ts";
import type { Draft } from "../token/draft.ts";
import { resume } from "./retrigger.ts";

const REASON = "by request";

/** The most states that a reason names. */
const NAMES_MAX = 10;

/**
 * Aborts an instance, after what it has done is undone, also if it has failed since. One that is undoing things already
 * goes on with that, and is aborted then instead of going on as it meant to. One that has failed at that stays as it is:
 * it is for the sender to try again, to pass over what failed, or to say that nothing more is to be undone.
 */
export function abort(
  draft: Draft,
  instance: ActiveInstance | FaultedInstance,
  { compensate: isToUndo }: AbortInstance,
): void {
  const after = { kind: "abort", reason: REASON } as const;
  const { undo, compensation } = instance;
  if (isToUndo === false || (undo === undefined && compensation === undefined)) {
    draft.emit(...end(instance, { type: "InstanceAborted", reason: reasonOf(instance) }));
  } else if (compensation === undefined) {
    const failed = letFailedGo(instance);
    draft.emit(...failed);
    if (instance.status === "faulted") resume(draft, instance);
    const left = abandon(draft.active);
    draft.emit(...left);
    const children = childrenIn([...failed, ...left]);
    compensate(draft, { ...after, ...(children.length > 0 && { children }) });
    advance(draft);
  } else if (instance.status === "active" && compensation.after.kind !== "abort") {
    draft.emit({ type: "CompensationStarted", states: compensation.states, after });
  }
}

function reasonOf(instance: ActiveInstance | FaultedInstance): string {
  const left = leftToUndo(instance);
  if (left.length === 0) return REASON;
  const more = left.length > NAMES_MAX ? ` and ${left.length - NAMES_MAX} more` : "";
  return `${REASON}, without ${left.slice(0, NAMES_MAX).join(", ")}${more}`;
}
