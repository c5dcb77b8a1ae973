import type { RetriggerInstance } from "@antiphon/protocol";
import { LIMIT } from "../actions/limit.ts";
import type { FaultedInstance } from "../instance/instance.ts";
import { advance } from "../token/advance.ts";
import type { Draft } from "../token/draft.ts";
import { passOver } from "../token/pass-over.ts";

/** An instance that has failed is active again: its timers, which stood still, have as long as they had left. */
export function resume(draft: Draft, { failedMs }: FaultedInstance, skip?: true): void {
  const pausedMs = failedMs === undefined ? 0 : draft.env.nowMs - failedMs;
  draft.emit({ type: "InstanceRetriggered", ...(skip && { skip }), ...(pausedMs > 0 && { pausedMs }) });
}

/** An instance that has failed goes on: its waits are open again, and what failed is tried again or passed over. */
export function retrigger(draft: Draft, faulted: FaultedInstance, { skip }: RetriggerInstance): void {
  const { actions, timers, waits, failedBranch } = faulted;
  resume(draft, faulted, skip);
  for (const [action, { status }] of Object.entries(actions)) {
    // What is asked for again has all its time.
    const limit = `${action}.${LIMIT}`;
    if (status !== "completed" && timers[limit] !== undefined) draft.emit({ type: "TimerCancelled", timer: limit });
  }
  for (const [wait, state] of Object.entries(waits)) {
    if (state.status !== "suspended" && state.status !== "refused") continue;
    draft.emit({ type: "EventAwaited", wait, events: state.events });
  }
  if (skip) passOver(draft, failedBranch);
  advance(draft);
}
