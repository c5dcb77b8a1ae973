import {
  type Action,
  actionsIn,
  type Branch,
  type CallbackState,
  type Definition,
  type EventDefinition,
  type EventFilter,
  type EventState,
  type EventSwitchState,
  eventsAwaitedIn,
  type ForeachState,
  type FunctionDefinition,
  type InjectState,
  type Next,
  type OnError,
  type OnEvents,
  type OperationState,
  type ParallelState,
  type Produce,
  type Retry,
  type RetryStrategy,
  type SleepState,
  type State,
  type SwitchState,
} from "@antiphon/definition";
import type { Json } from "@antiphon/protocol";

export {
  abort,
  answer,
  cloudEvent,
  deliver,
  failure,
  HASH,
  INSTANCE,
  outcomeOf,
  reachTime,
  requested,
  retrigger,
  skip,
  start,
  started,
} from "./inputs.ts";

/** A workflow of these states, which starts with the first. */
export function workflowOf(states: readonly State[], more: Partial<Definition> = {}): Definition {
  return {
    id: "onboarding",
    version: "1.0",
    name: "Onboarding",
    start: states[0]?.name ?? "",
    states: Object.fromEntries(states.map((state) => [state.name, state])),
    events: Object.fromEntries(states.flatMap(eventsAwaitedIn).map((event) => [event.name, event])),
    functions: Object.fromEntries(states.flatMap(functionsOf).map((one) => [one.name, one])),
    errors: {},
    retries: {},
    auth: {},
    secrets: [],
    constants: {},
    keepActive: false,
    annotations: [],
    metadata: {},
    workflows: [],
    properties: {},
    secretValues: {},
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
  return { ...base, type: "operation", name, actionMode: "sequential", actions, next: END, ...more };
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

export function eventChoice(
  name: string,
  conditions: readonly (readonly [EventDefinition, Next, EventFilter?])[],
  more: Partial<EventSwitchState> = {},
): EventSwitchState {
  const all = conditions.map(([event, next, eventFilter = useAll]) => ({ event, next, eventFilter }));
  return { ...base, type: "eventSwitch", name, conditions: all, ...more };
}

export function parallel(name: string, branches: readonly Branch[], more: Partial<ParallelState> = {}): ParallelState {
  return { ...base, type: "parallel", name, branches, next: END, ...more };
}

export function branch(name: string, actions: readonly Action[], timeout?: string): Branch {
  return { name, actions, ...(timeout !== undefined && { timeout }) };
}

/** For each of `.list`, as `$item`, one after the other; the outputs become `.out`. */
export function foreach(name: string, actions: readonly Action[], more: Partial<ForeachState> = {}): ForeachState {
  return {
    ...base,
    type: "foreach",
    name,
    inputCollection: ".list",
    outputCollection: ".out",
    iterationParam: "item",
    mode: "sequential",
    actions,
    next: END,
    ...more,
  };
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
  return { events, actionMode: "sequential", actions, eventFilter };
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

export function subflow(
  name: string,
  workflow: string,
  more: Partial<Action> & Partial<Extract<Action["call"], { kind: "subflow" }>> = {},
): Action {
  const { version, async, onParentComplete = "terminate", ...rest } = more;
  const kind = { kind: "subflow", workflow, onParentComplete } as const;
  const call = { ...kind, ...(version !== undefined && { version }), ...(async && { async }) };
  return { name, call, useResults: true, ...rest };
}

/** Tries again without delay, twice at the most, whatever has failed. */
export function retry(strategy: Partial<RetryStrategy> = {}, more: Partial<Retry> = {}): Retry {
  return { strategy: { name: "again", maxAttempts: 2, ...strategy }, nonRetryable: [], ...more };
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

function functionsOf(state: State): readonly FunctionDefinition[] {
  return actionsIn(state).flatMap(({ call }) => (call.kind === "function" ? [call.function] : []));
}
