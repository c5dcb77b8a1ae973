import type { Json } from "./json.ts";

/** How long an instance may take, decided when it starts. */
export interface InstanceTimeout {
  readonly dueMs: number;
  readonly interrupt: boolean;
  readonly runBefore?: string;
}

/** An instance that goes on where another one ends (`continueAs`). */
export interface Continuation {
  readonly instance: string;
  readonly workflow: string;
  /** Absent: the newest. */
  readonly version?: string;
  readonly data: Json;
  readonly businessKey?: string;
  /** Those of the instance that ends; absent: none. */
  readonly hops?: number;
  /** The first of all that led to it; absent: the instance that ends. */
  readonly family?: string;
  readonly timeout?: InstanceTimeout;
}
