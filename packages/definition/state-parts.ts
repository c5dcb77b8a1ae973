import { isJsonObject } from "@antiphon/protocol";
import { receivedEvent, sentEvent } from "./functions/asyncapi-event.ts";
import type { Action, Definition, EventDefinition, Next, State } from "./model.ts";

/** The events that a state waits for, or that start an instance in it, those that its actions wait for last. */
export function eventsAwaitedIn(state: State): readonly EventDefinition[] {
  return [...ownEventsOf(state), ...eventsAwaitedByActionsIn(state)];
}

/** The events that the actions of a state wait for. */
export function eventsAwaitedByActionsIn(state: State): readonly EventDefinition[] {
  return actionsIn(state).flatMap(eventsAwaitedBy);
}

function ownEventsOf(state: State): readonly EventDefinition[] {
  switch (state.type) {
    case "callback":
      return [state.event];
    case "event":
      return state.onEvents.flatMap(({ events }) => events);
    case "eventSwitch":
      return state.conditions.map(({ event }) => event);
    case "inject":
    case "operation":
    case "switch":
    case "parallel":
    case "foreach":
    case "sleep":
      return [];
  }
}

function eventsAwaitedBy({ call }: Action): readonly EventDefinition[] {
  if (call.kind === "produce" && call.result !== undefined) return [call.result.event];
  if (call.kind !== "function" || call.function.kind !== "asyncapi") return [];
  return call.function.direction === "receive" ? [receivedEvent(call.function)] : [];
}

/** The actions of a state, in the order in which the document has them. */
export function actionsIn(state: State): readonly Action[] {
  switch (state.type) {
    case "callback":
      return state.action === undefined ? [] : [state.action];
    case "event":
      return state.onEvents.flatMap(({ actions }) => actions);
    case "operation":
    case "foreach":
      return state.actions;
    case "parallel":
      return state.branches.flatMap(({ actions }) => actions);
    case "inject":
    case "switch":
    case "eventSwitch":
    case "sleep":
      return [];
  }
}

/**
 * Whether an action names an argument of a function itself, in whatever case, rather than taking all of them from an
 * expression: what the definition's author says, and no data.
 */
export function namesArgument({ states }: Pick<Definition, "states">, called: string, argument: string): boolean {
  const name = argument.toLowerCase();
  return Object.values(states).some((state) =>
    actionsIn(state).some(({ call }) => {
      if (call.kind !== "function" || call.function.name !== called || !isJsonObject(call.arguments)) return false;
      return Object.keys(call.arguments).some((one) => one.toLowerCase() === name);
    }),
  );
}

/** Every way out of a state, those of its error handlers first. */
export function waysOutOf(state: State): readonly Next[] {
  const caught = state.onErrors.map(({ next }) => next);
  if (state.type !== "switch" && state.type !== "eventSwitch") return [...caught, state.next];
  const conditions = state.conditions.map(({ next }) => next);
  return [...caught, ...conditions, ...(state.otherwise ? [state.otherwise] : [])];
}

/** The types of events that a state publishes: by its actions, and on the ways out of it. */
export function typesProducedIn(definition: Pick<Definition, "properties">, state: State): readonly string[] {
  const published = actionsIn(state).flatMap(({ call }) => {
    if (call.kind === "produce") return [call.produce.event.type];
    return call.kind === "function" && call.function.kind === "asyncapi" && call.function.direction === "send"
      ? [sentEvent(definition, call.function).type]
      : [];
  });
  const onTheWay = waysOutOf(state).flatMap(({ produce }) => produce.map(({ event }) => event.type));
  return [...published, ...onTheWay];
}
