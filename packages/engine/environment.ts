import type { Command, Json, JsonObject } from "@antiphon/protocol";

/** What an instance is asked to decide on: an order, or that time has come to what `dueMs` says. */
export type Input = Command | { readonly type: "ReachTime" };

/** What a decision may know of the world. All of it is an argument: the same arguments make the same decision. */
export interface Environment {
  readonly nowMs: number;
  /**
   * Milliseconds that only go forward, to end an expression that takes too long. It decides nothing else, so that a
   * decision does not depend on it. Absent: nobody looks.
   */
  clock?(): number;
  /** How many steps a decision uses before it leaves the rest to a further one, where it may. Absent: `SLICE_STEPS_MAX`. */
  readonly sliceSteps?: number;
  /** The URL that resolves this wait, and no other. */
  callbackUrl(instance: string, wait: string): string;
  /** The id of the instance that performs an action of another; the same whenever it is asked. */
  childId(instance: string, action: string): string;
  /** What is wrong with data by a JSON schema, in words; undefined: nothing. */
  conforms?(schema: JsonObject, data: Json): string | undefined;
  /**
   * Why no further instance may start that has this one at its beginning, and so many before it; undefined: it may. It
   * decides nothing else, and the refusal is a fact. Absent: all may.
   */
  refusesStart?(family: string, hops: number): string | undefined;
  /** The same for one more event that is said by an instance which this one has led to. */
  refusesEvent?(family: string): string | undefined;
  /** The secret behind `$SECRET.{path}`; undefined: there is none. Absent: the definition's own. */
  secrets?(path: string): string | undefined;
}
