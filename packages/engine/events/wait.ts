import { broadcastsEvents, type EventDefinition } from "@antiphon/definition";
import type { AwaitedEvent, Cardinality, CloudEvent, WorkflowError } from "@antiphon/protocol";
import { CATCH_ALL, illegal, WorkflowFault } from "../errors/workflow-fault.ts";
import { keysOf } from "../instance/instance.ts";
import { TIMEOUT } from "../instance/summary.ts";
import type { Language } from "../language/language.ts";
import { next, rest, type Step } from "../token/step.ts";
import { cancelTimer, type Moment, startTimer } from "../token/timer.ts";
import type { Visit } from "../token/visit.ts";
import { takeBuffered } from "./buffer.ts";
import { payloadOf, type TakeIn } from "./event-filter.ts";
import { compileKey } from "./wait-key.ts";

/** Opens a wait: from here on its event can be taken. One that came early is taken at once, unless it must come by token. */
export function openWait(
  language: Language,
  place: string,
  events: readonly EventDefinition[],
  isByToken = false,
): Step {
  const compiled = compileAwaited(language, events);
  const byToken = (event: AwaitedEvent): AwaitedEvent => ({ ...event, byToken: true });
  const awaited = isByToken ? (visit: Visit) => compiled(visit).map(byToken) : compiled;
  return {
    name: `${place}.open`,
    run(visit) {
      open(visit, place, awaited(visit));
      return next;
    },
  };
}

/** What a wait for any one of these is registered under, worked out when it opens. */
export function compileAwaited(
  language: Language,
  events: readonly EventDefinition[],
): (visit: Visit) => readonly AwaitedEvent[] {
  const awaited = events.map((definition) => ({
    name: definition.name,
    eventType: definition.type,
    cardinality: cardinalityOf(language, definition),
    key: compileKey(language, definition),
  }));
  return (visit) =>
    awaited.map(({ name, eventType, cardinality, key }) => {
      const registered = key(visit);
      return { name, eventType, ...(registered !== undefined && { key: registered, ...cardinality }) };
    });
}

export function open(visit: Visit, place: string, events: readonly AwaitedEvent[]): void {
  visit.emit({ type: "EventAwaited", wait: visit.id(place), events });
  takeBuffered(visit.draft, visit.id(place));
}

/** How many waits on one key an event resolves, as its definition's metadata says; one needs no mention. */
function cardinalityOf(language: Language, event: EventDefinition): { readonly cardinality?: Cardinality } {
  const { cardinality } = event.metadata;
  if (broadcastsEvents(language.definition, event)) return { cardinality: "all" };
  return cardinality === "all" || cardinality === "reject" ? { cardinality } : {};
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
      checkRegistered(visit, [place]);
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

/** Throws if a wait is not registered under its key, so that no event would ever find it. */
export function checkRegistered(visit: Visit, places: readonly string[]): void {
  for (const place of places) {
    const wait = visit.wait(place);
    if (wait?.status === "refused") throw illegal("correlation", `wait ${visit.id(place)}: ${wait.reason}`);
  }
}

/** Takes an event's data into the instance's. */
export function takeIn(visit: Visit, { events, takeIn: apply }: Expectation, event: CloudEvent): void {
  const definition = events.find(({ type }) => type === event.type) ?? events[0];
  if (definition !== undefined) visit.change(visit.evaluate(apply(payloadOf(event, definition), visit.data)));
}

/** Time is up for an event. */
export const TIMED_OUT: WorkflowError = {
  code: "TimedOut",
  message: "the event did not come in time",
  classes: CATCH_ALL,
};

/** Time is up: throws to the handler of `TimedOut`, or of everything, if there is one; else it goes on without an event. */
export function timeOut(visit: Visit, places: readonly string[]): void {
  for (const place of places) {
    const wait = visit.wait(place);
    if (wait?.status !== "open") continue;
    visit.emit({ type: "WaitClosed", wait: visit.id(place), reason: "timeout", ...keysOf(wait) });
  }
  if (visit.catches(TIMED_OUT)) throw new WorkflowFault(TIMED_OUT);
}
