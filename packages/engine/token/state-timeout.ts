import { timedOut } from "../errors/workflow-fault.ts";
import type { CompiledState } from "../workflow.ts";
import { startTimer } from "./timer.ts";
import { SINGLE_RUN, type Visit } from "./visit.ts";

const TOTAL = "total";

/**
 * Starts the timers of a state (`stateExecTimeout`) that do not run yet; throws `WorkflowFault` when its time is up. A single
 * run that was stopped for a retry begins with the next attempt, whatever its other branches do meanwhile.
 */
export function checkTime(visit: Visit): void {
  const { timeout }: CompiledState = visit.state;
  if (timeout === undefined) return;
  for (const [place, moment] of [
    [TOTAL, timeout.total],
    [SINGLE_RUN, timeout.single],
  ] as const) {
    if (moment === undefined) continue;
    const timer = visit.timer(place);
    if (timer === undefined && !(place === SINGLE_RUN && visit.isRetrying)) startTimer(visit, place, moment);
    if (!timer?.fired) continue;
    visit.forgetTimer(place);
    throw timedOut(`${visit.where} did not end in time`, visit.where);
  }
}
