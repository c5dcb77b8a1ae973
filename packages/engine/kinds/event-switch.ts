import type { EventSwitchState } from "@antiphon/definition";
import { compileEventFilter } from "../events/event-filter.ts";
import { checkRegistered, type Expectation, openWait, TIMED_OUT, takeIn, timeOut } from "../events/wait.ts";
import { TIMEOUT } from "../instance/summary.ts";
import { go, next, type Outcome, rest, type Step } from "../token/step.ts";
import { cancelTimer, startTimer } from "../token/timer.ts";
import type { Visit } from "../token/visit.ts";
import { compileWay } from "../token/way.ts";
import type { Kind } from "./kind.ts";

/** Waits for one of several events, and leaves by the way of the first that comes; by the default when time is up. */
export const eventChoice: Kind<EventSwitchState> = {
  steps(language, state) {
    const { eventTimeout } = state;
    const what = `state ${JSON.stringify(state.name)}, `;
    const timeout = eventTimeout === undefined ? undefined : language.moment(eventTimeout, `${what}eventTimeout`);
    // Without a way for it, time that is up changes nothing unless an error handler wants to know.
    const otherwise = state.otherwise && compileWay(language, state.otherwise);
    const conditions = state.conditions.map(({ name, event, eventFilter, next }, i) => {
      const filter = compileEventFilter(language, eventFilter, `${what}condition ${JSON.stringify(name ?? i)}`);
      return { events: [event], takeIn: filter, type: event.type, way: compileWay(language, next) };
    });
    const choose: Step = {
      name: "choose",
      run(visit) {
        const wait = visit.wait(ANY);
        if (wait?.status === "received") {
          const chosen = conditions.findIndex(({ type }) => type === wait.event.type);
          cancelTimer(visit, TIMEOUT);
          return go(`event ${Math.max(chosen, 0)}`);
        }
        checkRegistered(visit, [ANY]);
        const timer = visit.timer(TIMEOUT);
        if (timer === undefined && timeout !== undefined) startTimer(visit, TIMEOUT, timeout);
        if (!timer?.fired) return rest;
        if (otherwise !== undefined || visit.catches(TIMED_OUT)) timeOut(visit, [ANY]);
        return otherwise === undefined ? rest : { kind: "leave", by: otherwise };
      },
    };
    const events = state.conditions.map(({ event }) => event);
    const ways = conditions.flatMap((condition, i): Step[] => [
      { name: `event ${i}`, run: (visit) => takeReceived(visit, condition) },
      { name: `leave ${i}`, run: () => ({ kind: "leave", by: condition.way }) },
    ]);
    return [openWait(language, ANY, events), choose, ...ways];
  },
};

/** The one wait of the state. */
const ANY = "event";

function takeReceived(visit: Visit, expectation: Expectation): Outcome {
  const wait = visit.wait(ANY);
  if (wait?.status === "received") takeIn(visit, expectation, wait.event);
  return next;
}
