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
  readonly hops?: number;
  readonly timeout?: InstanceTimeout;
}
