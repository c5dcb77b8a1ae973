import type { WorkflowTimeout } from "@antiphon/definition";
import type { InstanceTimeout } from "@antiphon/protocol";
import type { Evaluate } from "../language/evaluate.ts";
import type { Language } from "../language/language.ts";
import { abandon, end } from "./closing.ts";
import type { Draft } from "./draft.ts";
import { enter } from "./enter.ts";

/** The timer of a whole instance. */
export const WORKFLOW_TIMER = "workflow";

/** `workflowExecTimeout`: when an instance that starts at `nowMs` must have ended. */
export function compileTimeout(
  language: Language,
  { duration, interrupt, runBefore }: WorkflowTimeout,
): (nowMs: number) => Evaluate<InstanceTimeout> {
  const moment = language.moment(duration, "workflowExecTimeout");
  return (nowMs) => {
    const due = moment(nowMs);
    return (input, variables) => ({
      dueMs: due(input, variables),
      interrupt,
      ...(runBefore !== undefined && { runBefore }),
    });
  };
}

/** Whether the instance has had all its time. */
export function isTimeUp(draft: Draft): boolean {
  return draft.active.timers[WORKFLOW_TIMER]?.fired === true;
}

/** Time is up: what goes on is interrupted, unless the state that it is in may finish. */
export function workflowTimedOut(draft: Draft): void {
  const interrupted = abandon(draft.active);
  if (draft.active.timeout?.interrupt === false && interrupted.length > 0) return;
  draft.emit(...interrupted);
  giveUp(draft, undefined);
}

/** Aborts the instance, after the state that is to run before that, unless that is the one that it has just finished. */
export function giveUp(draft: Draft, left: string | undefined): void {
  const runBefore = draft.active.timeout?.runBefore;
  if (runBefore !== undefined && runBefore !== left) enter(draft, runBefore);
  else draft.emit(...end(draft.active, { type: "InstanceAborted", reason: "it did not end in time" }));
}
