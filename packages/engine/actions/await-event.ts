import type { EventDefinition } from "@antiphon/definition";
import type { CloudEvent } from "@antiphon/protocol";
import { WorkflowFault } from "../errors/workflow-fault.ts";
import { checkRegistered, compileAwaited, open, TIMED_OUT } from "../events/wait.ts";
import { keysOf } from "../instance/instance.ts";
import { RESULT, TIMEOUT } from "../instance/summary.ts";
import type { Language } from "../language/language.ts";
import { cancelTimer, startTimer } from "../token/timer.ts";
import type { Visit } from "../token/visit.ts";

/**
 * An event that is the result of an action. The first time, its wait opens, and `ask` says what is to be answered: all
 * that may fail comes before the wait opens, so that an action which failed on the way asks again when it is tried again.
 * Undefined: it has not come yet. Throws `WorkflowFault` when its time is up.
 */
export type AwaitResult = (visit: Visit, ask?: () => void) => CloudEvent | undefined;

/** `timeout` is a duration; absent: it is waited for without end. */
export function awaitResult(
  language: Language,
  action: string,
  event: EventDefinition,
  timeout: string | undefined,
): AwaitResult {
  const awaited = compileAwaited(language, [event]);
  const moment = timeout === undefined ? undefined : language.moment(timeout, `${action}.${RESULT}, timeout`);

  function begin(visit: Visit, place: string, ask: (() => void) | undefined): void {
    const events = awaited(visit);
    if (moment !== undefined) startTimer(visit, `${place}.${TIMEOUT}`, moment);
    ask?.();
    open(visit, place, events);
  }

  return (visit, ask) => {
    const place = visit.resultPlace(action);
    const timer = `${place}.${TIMEOUT}`;
    if (visit.wait(place) === undefined) begin(visit, place, ask);
    const wait = visit.wait(place);
    if (wait?.status === "received") {
      cancelTimer(visit, timer);
      return wait.event;
    }
    checkRegistered(visit, [place]);
    if (!visit.timer(timer)?.fired) return undefined;
    visit.emit({ type: "WaitClosed", wait: visit.id(place), reason: "timeout", ...keysOf(wait) });
    // Or a further try could not be told from this one.
    visit.emit({ type: "ActionFailed", action: visit.id(action), error: TIMED_OUT });
    throw new WorkflowFault(TIMED_OUT);
  };
}
