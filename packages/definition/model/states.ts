import type { Json, JsonObject } from "@antiphon/protocol";
import type { Action, ActionMode } from "./actions.ts";
import type { EventDefinition, EventFilter } from "./events.ts";
import type { Next, OnError } from "./next.ts";

interface StateBase {
  readonly name: string;
  readonly input?: string;
  readonly output?: string;
  readonly onErrors: readonly OnError[];
  readonly metadata: JsonObject;
  /** `stateExecTimeout`: how long it may take in all, and in one run of it. Durations. */
  readonly timeout?: { readonly total: string; readonly single?: string };
  /** The state that undoes it. */
  readonly compensatedBy?: string;
  /** It is reached by compensation only. */
  readonly usedForCompensation?: true;
}

export type State =
  | InjectState
  | OperationState
  | CallbackState
  | EventState
  | SwitchState
  | EventSwitchState
  | ParallelState
  | ForeachState
  | SleepState;

export interface InjectState extends StateBase {
  readonly type: "inject";
  readonly data: Json;
  readonly next: Next;
}

export interface OperationState extends StateBase {
  readonly type: "operation";
  readonly actionMode: ActionMode;
  readonly actions: readonly Action[];
  readonly next: Next;
}

export interface CallbackState extends StateBase {
  readonly type: "callback";
  readonly action?: Action;
  readonly event: EventDefinition;
  readonly eventFilter: EventFilter;
  readonly eventTimeout?: string;
  readonly next: Next;
}

export interface EventState extends StateBase {
  readonly type: "event";
  readonly exclusive: boolean;
  readonly onEvents: readonly OnEvents[];
  readonly eventTimeout?: string;
  readonly next: Next;
}

export interface OnEvents {
  readonly events: readonly EventDefinition[];
  readonly actionMode: ActionMode;
  readonly actions: readonly Action[];
  readonly eventFilter: EventFilter;
}

/** A switch on data. */
export interface SwitchState extends StateBase {
  readonly type: "switch";
  readonly conditions: readonly { readonly name?: string; readonly condition: string; readonly next: Next }[];
  readonly otherwise?: Next;
}

/** A switch on events: the first one that comes says where it leads. */
export interface EventSwitchState extends StateBase {
  readonly type: "eventSwitch";
  readonly conditions: readonly {
    readonly name?: string;
    readonly event: EventDefinition;
    readonly eventFilter: EventFilter;
    readonly next: Next;
  }[];
  readonly eventTimeout?: string;
  /** Where it leads when time is up; absent: it waits on. */
  readonly otherwise?: Next;
}

/** Branches that run at the same time, each on a copy of the data. */
export interface ParallelState extends StateBase {
  readonly type: "parallel";
  readonly branches: readonly Branch[];
  /** How many branches must complete: a number or an expression of one; absent: all. */
  readonly atLeast?: number | string;
  readonly next: Next;
}

export interface Branch {
  readonly name: string;
  readonly actions: readonly Action[];
  /** `branchExecTimeout`, a duration. */
  readonly timeout?: string;
}

/** Actions for each item of a list. */
export interface ForeachState extends StateBase {
  readonly type: "foreach";
  /** An expression of the list. */
  readonly inputCollection: string;
  /** Where the results go, as an array in the order of the list. */
  readonly outputCollection?: string;
  /** The variable that holds the item. */
  readonly iterationParam?: string;
  readonly mode: ActionMode;
  /** How many iterations run at once: a number or an expression of one; absent: all. */
  readonly batchSize?: number | string;
  readonly actions: readonly Action[];
  readonly next: Next;
}

export interface SleepState extends StateBase {
  readonly type: "sleep";
  readonly duration: string;
  readonly next: Next;
}
