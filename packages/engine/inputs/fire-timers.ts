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
  draft.emit({ type: "TimerFired", timer });
  if (timer === WORKFLOW_TIMER) workflowTimedOut(draft);
  advance(draft);
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
  for (let fired = 0; fired < TIMERS_PER_DECISION_MAX && draft.isActive; fired++) {
    const timer = earliestDue(draft);
    if (timer === undefined) return;
    fire(draft, timer);
    if (owesAnswer && isResting(draft.instance)) return;
  }
}

function earliestDue({ active, env }: Draft): string | undefined {
  let earliest: [string, number] | undefined;
  for (const [timer, { dueMs, fired }] of Object.entries(active.timers)) {
    if (!fired && dueMs <= env.nowMs && (earliest === undefined || dueMs < earliest[1])) earliest = [timer, dueMs];
  }
  return earliest?.[0];
}
