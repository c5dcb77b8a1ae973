import type { Action } from "@antiphon/definition";
import { timedOut } from "../errors/workflow-fault.ts";
import type { Language } from "../language/language.ts";
import { startTimer } from "../token/timer.ts";
import type { Visit } from "../token/visit.ts";

/** How long one attempt of an action may take (`actionExecTimeout`). */
export interface Limit {
  /** Called while the answer is out. When time is up the attempt is given up, and it throws `WorkflowFault`. */
  check(visit: Visit): void;
  /** The attempt has been answered, or has failed: the next one has as long again. */
  stop(visit: Visit): void;
}

/** The place of an attempt's time in ids of timers, behind its action's. */
export const LIMIT = "limit";

/** Undefined: the action may take as long as it wants. */
export function compileLimit(language: Language, { name, timeout }: Action, place: string): Limit | undefined {
  if (timeout === undefined) return undefined;
  const timer = `${place}.${LIMIT}`;
  const moment = language.moment(timeout, `action ${JSON.stringify(name)}, actionExecTimeout`);
  return {
    check(visit) {
      const running = visit.timer(timer);
      if (running === undefined) startTimer(visit, timer, moment);
      if (!running?.fired) return;
      visit.forgetTimer(timer);
      visit.cancelAction(place);
      const action = `action ${JSON.stringify(name)}`;
      throw timedOut(`${action} did not end in time`, `${visit.where}, ${action}`);
    },
    stop: (visit) => visit.forgetTimer(timer),
  };
}
