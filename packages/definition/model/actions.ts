import type { Json } from "@antiphon/protocol";
import type { EventDefinition, Produce } from "./events.ts";
import type { FunctionDefinition } from "./functions.ts";
import type { Retry } from "./retries.ts";

/** Whether actions are performed one after the other, or all at once. */
export type ActionMode = "sequential" | "parallel";

export interface Action {
  /** Unique within its state: its own name, or its place, `2`. */
  readonly name: string;
  readonly condition?: string;
  readonly sleepBefore?: string;
  readonly sleepAfter?: string;
  readonly call: ActionCall;
  /** `actionExecTimeout`, a duration. */
  readonly timeout?: string;
  /** Absent: a failure is final. */
  readonly retry?: Retry;
  readonly fromStateData?: string;
  readonly useResults: boolean;
  readonly results?: string;
  readonly toStateData?: string;
}

/** What an action does. `async`: it is asked for, and nobody waits for its result. */
export type ActionCall =
  | {
      readonly kind: "function";
      readonly function: FunctionDefinition;
      readonly arguments?: Json;
      /** What a GraphQL function is to give back. */
      readonly selectionSet?: string;
      readonly async?: true;
    }
  | {
      readonly kind: "produce";
      readonly produce: Produce;
      /** The event that answers it: its data is the action's result. */
      readonly result?: { readonly event: EventDefinition; readonly timeout?: string };
      readonly async?: true;
    }
  | {
      readonly kind: "subflow";
      readonly workflow: string;
      /** Absent: the newest. */
      readonly version?: string;
      readonly async?: true;
      /** What becomes of one that nobody waits for when its parent ends. */
      readonly onParentComplete: "continue" | "terminate";
    };
