import type { EventDefinition, State } from "@antiphon/definition";

/** The events that a state waits for. */
export function consumedBy(state: State): readonly EventDefinition[] {
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
