import type { EventDefinition } from "@antiphon/definition";
import type { CloudEvent, WorkflowError } from "@antiphon/protocol";
import { takeBuffered } from "./buffer.ts";
import { payloadOf, type TakeIn } from "./event-filter.ts";
import type { Language } from "./language.ts";
import { next, rest, type Step } from "./step.ts";
import { TIMEOUT } from "./summary.ts";
import { cancelTimer, type Moment, startTimer } from "./timer.ts";
import type { Visit } from "./visit.ts";
import { compileKey } from "./wait-key.ts";
import { CATCH_ALL, WorkflowFault } from "./workflow-fault.ts";

/** Opens a wait: from here on its event can be taken. One that came early is taken at once. */
export function openWait(language: Language, place: string, events: readonly EventDefinition[]): Step {
  const awaited = events.map((definition) => ({
    name: definition.name,
    eventType: definition.type,
    key: compileKey(language, definition),
  }));
  return {
    name: `${place}.open`,
    run(visit) {
      const keyed = awaited.map(({ key, ...event }) => ({ ...event, ...keyOf(key(visit)) }));
      visit.emit({ type: "EventAwaited", wait: visit.id(place), events: keyed });
      takeBuffered(visit.draft, visit.id(place));
      return next;
    },
  };
}

function keyOf(key: string | undefined) {
  return key === undefined ? {} : { key };
}

/** What is expected: the definitions of events, and what becomes of their data. */
export interface Expectation {
  readonly events: readonly EventDefinition[];
  readonly takeIn: TakeIn;
}

/** Rests until the wait has its event, and takes the event's data in, or until time is up. */
export function takeEvent(place: string, expectation: Expectation, timeout: Moment | undefined): Step {
  return {
    name: place,
    run(visit) {
      const wait = visit.wait(place);
      if (wait?.status === "received") {
        cancelTimer(visit, TIMEOUT);
        takeIn(visit, expectation, wait.event);
        return next;
      }
      const timer = visit.timer(TIMEOUT);
      if (timer?.fired) {
        timeOut(visit, [place]);
        return next;
      }
      if (timer === undefined && timeout !== undefined) startTimer(visit, TIMEOUT, timeout);
      return rest;
    },
  };
}

export function takeIn(visit: Visit, { events, takeIn: apply }: Expectation, event: CloudEvent): void {
  const definition = events.find(({ type }) => type === event.type) ?? events[0];
  if (definition !== undefined) visit.change(visit.evaluate(apply(payloadOf(event, definition), visit.data)));
}

const TIMED_OUT: WorkflowError = {
  code: "TimedOut",
  message: "the event did not come in time",
  classes: CATCH_ALL,
};

/** Time is up: throws to the handler of `TimedOut`, or of everything, if there is one; else it goes on without an event. */
export function timeOut(visit: Visit, places: readonly string[]): void {
  for (const place of places) {
    if (visit.wait(place)?.status !== "open") continue;
    visit.emit({ type: "WaitClosed", wait: visit.id(place), reason: "timeout" });
  }
  if (visit.catches(TIMED_OUT)) throw new WorkflowFault(TIMED_OUT);
}
