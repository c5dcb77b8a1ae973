import assert from "node:assert/strict";
import type { Commit, Store } from "../port.ts";
import type { Harness } from "./harness.ts";
import type { ModelStore } from "./model-store.ts";

/** One call of the port, made on the store and on the model alike. */
export type Step = (store: Store) => Promise<unknown>;

/** Makes a call on both and compares what they answer. */
export async function compare(harness: Harness, model: ModelStore, step: Step, which: string): Promise<void> {
  assert.deepEqual(await step(harness.store), await step(model), which);
}

/** A commit that changes nothing but the position, unless `changes` say so. */
export function commitOf(expected: number | null, position: number, changes: Partial<Commit> = {}): Commit {
  return { expected, position, values: new Map(), added: [], removed: [], ...changes };
}

/** Entries of one index. */
export function lines(index: string, ...entries: readonly string[]): { index: string; entry: string }[] {
  return entries.map((entry) => ({ index, entry }));
}
