import type { WorkflowTimeout } from "@antiphon/definition";
import type { AfterCompensation, InstanceTimeout } from "@antiphon/protocol";
import type { Evaluate } from "../language/evaluate.ts";
import type { Language } from "../language/language.ts";
import type { Draft } from "./draft.ts";

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

/**
 * Where an instance goes whose time is up: to the state that is to run before it is aborted, unless that is the one that
 * it has just left.
 */
export function outOfTime({ active: { timeout } }: Draft, left: string | undefined): AfterCompensation {
  const runBefore = timeout?.runBefore;
  if (runBefore !== undefined && runBefore !== left) return { kind: "transition", to: runBefore };
  return { kind: "abort", reason: "it did not end in time" };
}
