import {
  type Definition,
  type EventDefinition,
  eventsAwaitedByActionsIn,
  eventsAwaitedIn,
  waysOutOf,
} from "@antiphon/definition";

/** The events that start an instance: those of the state it starts in, if that is an event state. */
export function startEvents({ states, start }: Definition): readonly EventDefinition[] {
  const state = states[start];
  return state?.type === "event" ? state.onEvents.flatMap(({ events }) => events) : [];
}

/** The events that a running instance may wait for. Of the state it starts in only if a way leads back there. */
export function awaitedEvents({ states, start }: Definition): readonly EventDefinition[] {
  const all = Object.values(states);
  const returns = all.some((state) => waysOutOf(state).some((next) => next.kind === "transition" && next.to === start));
  return all.flatMap((state) =>
    state.type === "event" && state.name === start && !returns
      ? eventsAwaitedByActionsIn(state)
      : eventsAwaitedIn(state),
  );
}
