import type { Definition, EventDefinition, Next, State } from "@antiphon/definition";

/** The events that start an instance: those of the state it starts in, if that is an event state. */
export function startEvents({ states, start }: Definition): readonly EventDefinition[] {
  const state = states[start];
  return state?.type === "event" ? eventsOf(state) : [];
}

/** The events that a running instance may wait for. Of the state it starts in only if a way leads back there. */
export function awaitedEvents({ states, start }: Definition): readonly EventDefinition[] {
  const all = Object.values(states);
  const returns = all.some((state) => waysOf(state).some((next) => next.kind === "transition" && next.to === start));
  return all.flatMap((state) => (state.type === "event" && state.name === start && !returns ? [] : eventsOf(state)));
}

function eventsOf(state: State): readonly EventDefinition[] {
  switch (state.type) {
    case "callback":
      return [state.event];
    case "event":
      return state.onEvents.flatMap(({ events }) => events);
    case "inject":
    case "operation":
    case "switch":
    case "sleep":
      return [];
  }
}

function waysOf(state: State): readonly Next[] {
  const caught = state.onErrors.map(({ next }) => next);
  switch (state.type) {
    case "switch":
      return [...caught, ...state.conditions.map(({ next }) => next), ...(state.otherwise ? [state.otherwise] : [])];
    case "callback":
    case "event":
    case "inject":
    case "operation":
    case "sleep":
      return [...caught, state.next];
  }
}
