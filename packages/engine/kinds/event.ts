import type { EventState } from "@antiphon/definition";
import { performActions } from "../actions/perform-actions.ts";
import { compileEventFilter } from "../events/event-filter.ts";
import { checkRegistered, type Expectation, openWait, takeIn, timeOut } from "../events/wait.ts";
import { TIMEOUT } from "../instance/summary.ts";
import { go, leaveBy, next, rest, type Step } from "../token/step.ts";
import { cancelTimer, type Moment, startTimer } from "../token/timer.ts";
import type { Visit } from "../token/visit.ts";
import { compileWay } from "../token/way.ts";
import type { Kind } from "./kind.ts";

/**
 * Waits for events and performs the actions of an entry once its events have come: of the entry whose event comes first
 * (exclusive), or of every entry, in the order in which they become complete. A turn is the actions of one entry; which
 * entry's turn it is follows from the events received. An event that has started the instance is the first turn and the last.
 */
export const event: Kind<EventState> = {
  steps(language, state) {
    const { exclusive, onEvents, eventTimeout } = state;
    const what = `state ${JSON.stringify(state.name)}, `;
    const timeout = eventTimeout === undefined ? undefined : language.moment(eventTimeout, `${what}eventTimeout`);
    const all = onEvents.flatMap(({ events }) => events);
    const entries = onEvents.map(({ events, eventFilter }, i): Entry => {
      const filter = compileEventFilter(language, eventFilter, `${what}onEvents ${i}, eventDataFilter`);
      const places = exclusive ? [ANY] : events.map(({ name }) => `${i}.${name}`);
      return { places, events, takeIn: filter, isAlone: !exclusive || all.length === 1 };
    });
    const waits = exclusive
      ? [openWait(language, ANY, all)]
      : entries.flatMap(({ places, events }) =>
          places.map((place, i) => openWait(language, place, events.slice(i, i + 1))),
        );
    const turns = exclusive ? 1 : entries.length;
    const turnSteps = Array.from({ length: turns }, (_, turn) => [
      takeTurn(turn, turns, entries),
      ...onEvents.flatMap(({ actions, actionMode }, i) => [
        takeEvents(`${turn}.${i}`, () => entries.slice(i, i + 1)),
        ...performActions(language, actions, actionMode, `${turn}.${i}.`),
        { name: `${turn}.${i}.done`, run: () => go(turn + 1 < turns ? `turn ${turn + 1}` : "leave") },
      ]),
    ]);
    const incomplete = (visit: Visit) => entries.filter((entry) => !isComplete(visit, entry));
    const giveUp = [takeEvents(INCOMPLETE, incomplete), timeUp(entries)];
    return [begin(timeout), ...waits, ...turnSteps.flat(), ...giveUp, leaveBy(compileWay(language, state.next))];
  },
};

/** The one wait of an exclusive state. */
const ANY = "event";

/** The step that takes in what has come in part when time is up. */
const INCOMPLETE = "incomplete";

interface Entry extends Expectation {
  readonly places: readonly string[];
  /** Whatever its waits take is for it. */
  readonly isAlone: boolean;
}

function begin(timeout: Moment | undefined): Step {
  return {
    name: "begin",
    run(visit) {
      if (startedByType(visit) !== undefined) return go("turn 0");
      if (timeout !== undefined) startTimer(visit, TIMEOUT, timeout);
      return next;
    },
  };
}

function takeTurn(turn: number, turns: number, entries: readonly Entry[]): Step {
  return {
    name: `turn ${turn}`,
    run(visit) {
      const started = startedByType(visit);
      if (started !== undefined) {
        const first = entries.findIndex(({ events }) => events.some(({ type }) => type === started));
        return turn === 0 && first >= 0 ? go(`0.${first}`) : go("leave");
      }
      const entry = completeEntries(visit, entries)[turn];
      if (entry !== undefined) {
        if (turn + 1 === turns) cancelTimer(visit, TIMEOUT);
        return go(`${turn}.${entries.indexOf(entry)}`);
      }
      checkRegistered(visit, placesOf(entries));
      if (visit.timer(TIMEOUT)?.fired) return go(INCOMPLETE);
      for (const incomplete of entries.filter((one) => !isComplete(visit, one))) takeReceived(visit, incomplete);
      return rest;
    },
  };
}

/** Takes in the data of those events that have come. */
function takeEvents(name: string, entries: (visit: Visit) => readonly Entry[]): Step {
  return {
    name,
    run(visit) {
      for (const entry of entries(visit)) takeReceived(visit, entry);
      return next;
    },
  };
}

function timeUp(entries: readonly Entry[]): Step {
  return {
    name: "time up",
    run(visit) {
      timeOut(visit, placesOf(entries));
      return next;
    },
  };
}

function placesOf(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap(({ places }) => places);
}

function startedByType({ number, state, instance, draft }: Visit): string | undefined {
  const isStart = number === 1 && state.state.name === draft.workflow.definition.start;
  return isStart && draft.workflow.startData !== undefined ? instance.startedByType : undefined;
}

/** The entries whose events have all come, in the order in which they became complete. */
function completeEntries(visit: Visit, entries: readonly Entry[]): readonly Entry[] {
  const received = Object.keys(visit.instance.waits).filter((id) => visit.instance.waits[id]?.status === "received");
  const lastOf = ({ places }: Entry) => Math.max(...places.map((place) => received.indexOf(visit.id(place))));
  return entries.filter((entry) => isComplete(visit, entry)).sort((a, b) => lastOf(a) - lastOf(b));
}

function isComplete(visit: Visit, { places, events, isAlone }: Entry): boolean {
  return places.every((place) => {
    const wait = visit.wait(place);
    return wait?.status === "received" && (isAlone || events.some(({ type }) => type === wait.event.type));
  });
}

/** Takes in, once, the data of those events of an entry that have come. */
function takeReceived(visit: Visit, entry: Entry): void {
  for (const place of entry.places) {
    const wait = visit.wait(place);
    if (wait?.status !== "received" || wait.isTaken) continue;
    takeIn(visit, entry, wait.event);
    if (!isComplete(visit, entry)) visit.emit({ type: "EventTaken", wait: visit.id(place) });
  }
}
