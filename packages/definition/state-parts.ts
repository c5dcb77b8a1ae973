import type { Action, EventDefinition, Next, State } from "./model.ts";

/** The events that a state waits for, or that start an instance in it. */
export function eventsAwaitedIn(state: State): readonly EventDefinition[] {
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

/** The actions of a state, in the order in which the document has them. */
export function actionsIn(state: State): readonly Action[] {
  switch (state.type) {
    case "callback":
      return state.action === undefined ? [] : [state.action];
    case "event":
      return state.onEvents.flatMap(({ actions }) => actions);
    case "operation":
      return state.actions;
    case "inject":
    case "switch":
    case "sleep":
      return [];
  }
}

/** Every way out of a state, those of its error handlers first. */
export function waysOutOf(state: State): readonly Next[] {
  const caught = state.onErrors.map(({ next }) => next);
  if (state.type !== "switch") return [...caught, state.next];
  const conditions = state.conditions.map(({ next }) => next);
  return [...caught, ...conditions, ...(state.otherwise ? [state.otherwise] : [])];
}
