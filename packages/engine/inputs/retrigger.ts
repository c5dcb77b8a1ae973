import type { CompleteAction, RetriggerInstance } from "@antiphon/protocol";
import { LIMIT } from "../actions/limit.ts";
import { retriggerChildren } from "../actions/subflow-call.ts";
import type { FaultedInstance } from "../instance/instance.ts";
import { advance } from "../token/advance.ts";
import type { Draft } from "../token/draft.ts";
import { passOver } from "../token/pass-over.ts";

/** An instance that has failed is active again: its timers, which stood still, have as long as they had left. */
export function resume(draft: Draft, { failedMs }: FaultedInstance, skip?: true): void {
  const pausedMs = failedMs === undefined ? 0 : draft.env.nowMs - failedMs;
  draft.emit({ type: "InstanceRetriggered", ...(skip && { skip }), ...(pausedMs > 0 && { pausedMs }) });
}

/**
 * An instance that has failed goes on: what failed is passed over, or tried again, by the instance that failed at it if one
 * did.
 */
export function retrigger(draft: Draft, faulted: FaultedInstance, { skip, parent }: RetriggerInstance): void {
  reopen(draft, faulted, skip);
  if (parent !== undefined) draft.emit({ type: "ResultAwaited", parent });
  if (skip) passOver(draft, faulted.failedBranch);
  else retriggerChildren(draft, faulted);
  advance(draft);
}

/**
 * What another instance comes to that failed at an action, and this one with it, and was mended since: this one goes on
 * with its result. If it has failed again, or was given up, this one stays as it is, and knows.
 */
export function takeMended(
  draft: Draft,
  faulted: FaultedInstance,
  { action, attempt = 1, outcome }: CompleteAction,
): void {
  const failed = faulted.actions[action];
  if (failed?.status !== "failed" || failed.error.child === undefined) return;
  if (attempt !== (faulted.attempts?.[action] ?? 1)) return;
  if (outcome.status === "failed") {
    draft.emit({ type: "ActionFailed", action, error: outcome.error });
    return;
  }
  const { output } = outcome;
  reopen(draft, faulted);
  draft.emit({ type: "ActionCompleted", action, ...(output !== undefined && { output }) });
  advance(draft);
}

/** Its waits are open again. */
function reopen(draft: Draft, faulted: FaultedInstance, skip?: true): void {
  const { actions, timers, waits } = faulted;
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
}
