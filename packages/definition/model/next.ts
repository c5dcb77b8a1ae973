import type { Json } from "@antiphon/protocol";
import type { Produce } from "./events.ts";
import type { ErrorDefinition } from "./retries.ts";

/** How long an instance may take in all. */
export interface WorkflowTimeout {
  readonly duration: string;
  /** False: the state that it is in may finish before the instance is aborted. */
  readonly interrupt: boolean;
  /** The state that is run before the instance is aborted. */
  readonly runBefore?: string;
}

export interface OnError {
  readonly errors: readonly ErrorDefinition[];
  readonly next: Next;
}

/** Where a state leads. */
export type Next =
  | {
      readonly kind: "transition";
      readonly to: string;
      readonly produce: readonly Produce[];
      /** What was done so far is undone on the way. */
      readonly compensate?: true;
    }
  | {
      readonly kind: "end";
      readonly terminate: boolean;
      readonly produce: readonly Produce[];
      readonly compensate?: true;
      readonly continueAs?: ContinueAs;
    }
  /** A state used for compensation, and no further one after it: back to what asked for the compensation. */
  | { readonly kind: "return"; readonly produce: readonly [] };

/** Another instance goes on where one ends. */
export interface ContinueAs {
  readonly workflow: string;
  /** Absent: the newest. */
  readonly version?: string;
  /** An expression, or an object whose leaves may be; absent: the data as it is. */
  readonly data?: Json;
  /** In place of the timeout of that workflow's own. */
  readonly timeout?: WorkflowTimeout;
}
