import type {
  Action,
  CallbackState,
  Definition,
  EventDefinition,
  EventFilter,
  EventState,
  FunctionDefinition,
  InjectState,
  Next,
  OnError,
  OnEvents,
  OperationState,
  Produce,
  SleepState,
  State,
  SwitchState,
} from "@antiphon/definition";
import type { CloudEvent, InstanceEvent, Json } from "@antiphon/protocol";
import type { Input } from "../index.ts";

/** The instance of these tests, and the hash of its definition. */
export const INSTANCE = "i-1";
export const HASH = "sha-1";

/** A workflow of these states, which starts with the first. */
export function workflowOf(states: readonly State[], more: Partial<Definition> = {}): Definition {
  return {
    id: "onboarding",
    version: "1.0",
    name: "Onboarding",
    start: states[0]?.name ?? "",
    states: Object.fromEntries(states.map((state) => [state.name, state])),
    events: Object.fromEntries(states.flatMap(eventsOf).map((event) => [event.name, event])),
    functions: Object.fromEntries(states.flatMap(functionsOf).map((one) => [one.name, one])),
    errors: {},
    constants: {},
    keepActive: false,
    annotations: [],
    metadata: {},
    properties: {},
    ...more,
  };
}

export const END: Next = { kind: "end", terminate: false, produce: [] };

export function to(state: string, ...produce: readonly Produce[]): Next {
  return { kind: "transition", to: state, produce };
}

const base = { onErrors: [], metadata: {} };

export function inject(name: string, data: InjectState["data"], more: Partial<InjectState> = {}): InjectState {
  return { ...base, type: "inject", name, data, next: END, ...more };
}

export function operation(
  name: string,
  actions: readonly Action[],
  more: Partial<OperationState> = {},
): OperationState {
  return { ...base, type: "operation", name, actions, next: END, ...more };
}

export function callback(name: string, event: EventDefinition, more: Partial<CallbackState> = {}): CallbackState {
  return { ...base, type: "callback", name, event, eventFilter: useAll, next: END, ...more };
}

export function eventState(name: string, onEvents: readonly OnEvents[], more: Partial<EventState> = {}): EventState {
  return { ...base, type: "event", name, exclusive: true, onEvents, next: END, ...more };
}

export function choice(
  name: string,
  conditions: SwitchState["conditions"],
  more: Partial<SwitchState> = {},
): SwitchState {
  return { ...base, type: "switch", name, conditions, ...more };
}

export function sleep(name: string, duration: string, more: Partial<SleepState> = {}): SleepState {
  return { ...base, type: "sleep", name, duration, next: END, ...more };
}

export const useAll: EventFilter = { useData: true };

export function on(
  events: readonly EventDefinition[],
  actions: readonly Action[] = [],
  eventFilter = useAll,
): OnEvents {
  return { events, actions, eventFilter };
}

export function consumed(type: string, more: Partial<EventDefinition> = {}): EventDefinition {
  return { name: type, type, kind: "consumed", dataOnly: true, correlation: [], metadata: {}, ...more };
}

export function call(
  name: string,
  called: FunctionDefinition,
  more: Partial<Action> & { arguments?: Json } = {},
): Action {
  const { arguments: given, ...rest } = more;
  const args = given === undefined ? {} : { arguments: given };
  return { name, call: { kind: "function", function: called, ...args }, useResults: true, ...rest };
}

export function publish(name: string, produce: Produce, more: Partial<Action> = {}): Action {
  return { name, call: { kind: "produce", produce }, useResults: true, ...more };
}

export function http(name: string, metadata: FunctionDefinition["metadata"] = {}): FunctionDefinition {
  return { kind: "http", name, method: "POST", url: "http://service.test/", metadata };
}

export function computed(name: string, expression: string): FunctionDefinition {
  return { kind: "expression", name, expression, metadata: {} };
}

export function caught(code: string, next: Next): OnError {
  return { errors: [{ name: code, code }], next };
}

export function start(data: Json = {}, more: Partial<Extract<Input, { type: "StartInstance" }>> = {}): Input {
  return {
    type: "StartInstance",
    instance: INSTANCE,
    workflow: "onboarding",
    definition: HASH,
    data,
    headers: {},
    ...more,
  };
}

export function started(
  data: Json = {},
  more: Partial<Extract<InstanceEvent, { type: "InstanceStarted" }>> = {},
): InstanceEvent {
  return {
    type: "InstanceStarted",
    instance: INSTANCE,
    workflow: "onboarding",
    version: "1.0",
    definition: HASH,
    data,
    headers: {},
    correlation: {},
    ...more,
  };
}

export function cloudEvent(type: string, id: string, data?: Json, more: Record<string, Json> = {}): CloudEvent {
  const event = { specversion: "1.0", id, source: "/tests", type, ...more } as const;
  return data === undefined ? event : { ...event, data };
}

export function deliver(
  event: CloudEvent,
  found: Extract<Input, { type: "DeliverEvent" }>["found"] = { by: "instance" },
): Input {
  return { type: "DeliverEvent", instance: INSTANCE, event, found };
}

export function answer(
  action: string,
  output?: Json,
  http?: { status: number; headers: Record<string, string> },
): Input {
  const outcome = { status: "completed", ...(output !== undefined && { output }), ...(http && { http }) } as const;
  return { type: "CompleteAction", instance: INSTANCE, action, outcome };
}

export function failure(action: string, code: string, message: string, classes: readonly string[]): Input {
  return {
    type: "CompleteAction",
    instance: INSTANCE,
    action,
    outcome: { status: "failed", error: { code, message, classes } },
  };
}

export const reachTime: Input = { type: "ReachTime" };

function eventsOf(state: State): readonly EventDefinition[] {
  if (state.type === "callback") return [state.event];
  return state.type === "event" ? state.onEvents.flatMap(({ events }) => events) : [];
}

function functionsOf(state: State): readonly FunctionDefinition[] {
  return actionsOf(state).flatMap(({ call }) => (call.kind === "function" ? [call.function] : []));
}

function actionsOf(state: State): readonly Action[] {
  switch (state.type) {
    case "operation":
      return state.actions;
    case "callback":
      return state.action === undefined ? [] : [state.action];
    case "event":
      return state.onEvents.flatMap(({ actions }) => actions);
    default:
      return [];
  }
}
