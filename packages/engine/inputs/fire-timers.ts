import { isResting } from "../instance/summary.ts";
import { advance } from "../token/advance.ts";
import { abandon } from "../token/closing.ts";
import { goOn } from "../token/compensation.ts";
import type { Draft } from "../token/draft.ts";
import { outOfTime, WORKFLOW_TIMER } from "../token/workflow-timeout.ts";

/** The most timers that one decision fires; what is due beyond that is due again at once. */
export const TIMERS_PER_DECISION_MAX = 100;

/** Fires one timer before its time; one that does not run is left alone. */
export function fireTimer(draft: Draft, timer: string): void {
  if (draft.active.timers[timer]?.fired !== false) return;
  fire(draft, timer);
}

function fire(draft: Draft, timer: string): void {
  const { slice } = draft.active;
  draft.emit({ type: "TimerFired", timer });
  if (timer === WORKFLOW_TIMER) workflowTimedOut(draft);
  advance(draft, slice?.timer === timer ? slice : undefined);
}

/**
 * Time is up: what goes on is interrupted, unless the state that it is in may finish. What is being undone is undone to
 * the end.
 */
function workflowTimedOut(draft: Draft): void {
  const { compensation, timeout } = draft.active;
  if (compensation !== undefined) return;
  const interrupted = abandon(draft.active);
  if (timeout?.interrupt === false && interrupted.length > 0) return;
  draft.emit(...interrupted);
  goOn(draft, outOfTime(draft, undefined));
}

/**
 * Fires the timers that are due, the earliest first, each followed by what comes of it. Once an instance rests whose
 * start is to be answered, the others are due again at once: they must not stir it before it has been looked at.
 */
export function fireTimers(draft: Draft): void {
  const owesAnswer = draft.active.reply !== undefined && !isResting(draft.instance);
  let fired = 0;
  for (let due = dueTimers(draft); due.length > 0; due = dueTimers(draft)) {
    for (const timer of due) {
      // An earlier one may have led to its end, or to a new beginning.
      if (!isDue(draft, timer)) continue;
      fire(draft, timer);
      fired += 1;
      if (!draft.isActive || fired === TIMERS_PER_DECISION_MAX || draft.budget.isSliceOver) return;
      if (owesAnswer && isResting(draft.instance)) return;
    }
  }
}

/** The earliest first; those that are due at the same time in the order in which they were started. */
function dueTimers(draft: Draft): readonly string[] {
  const { timers } = draft.active;
  const dueMs = (timer: string) => timers[timer]?.dueMs ?? 0;
  return Object.keys(timers)
    .filter((timer) => isDue(draft, timer))
    .sort((a, b) => dueMs(a) - dueMs(b));
}

function isDue({ active, env }: Draft, timer: string): boolean {
  const found = active.timers[timer];
  return found !== undefined && !found.fired && found.dueMs <= env.nowMs;
}
