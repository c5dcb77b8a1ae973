import type { ActiveInstance, FaultedInstance } from "../instance/instance.ts";
import { advance } from "../token/advance.ts";
import { abandon, end } from "../token/closing.ts";
import { compensate } from "../token/compensation.ts";
import type { Draft } from "../token/draft.ts";

const REASON = "by request";

/**
 * Aborts an instance, after what it has done is undone, also if it has failed since. One that is undoing things already
 * ends at once: what it has done is on its list no more.
 */
export function abort(draft: Draft, instance: ActiveInstance | FaultedInstance): void {
  if (instance.undo === undefined) {
    draft.emit(...end(instance, { type: "InstanceAborted", reason: REASON }));
    return;
  }
  if (instance.status === "faulted") draft.emit({ type: "InstanceRetriggered" });
  draft.emit(...abandon(draft.active));
  compensate(draft, { kind: "abort", reason: REASON });
  advance(draft);
}
