import type { Range, Store } from "@antiphon/store";
import { Fold } from "./fold.ts";
import { ForgetError } from "./forget.ts";

/** Brings entities into memory: those that are not there are read from the store in one round trip. */
export async function load<State, Input, Event>(
  store: Store,
  space: string,
  fold: Fold<State, Input, Event>,
  keys: Iterable<string>,
): Promise<void> {
  const missing = [...new Set(keys)].filter((key) => fold.entities.get(key) === undefined);
  if (missing.length === 0) return;
  // Nothing was ever saved, so nothing can be there.
  if (fold.savedPosition === null) {
    for (const key of missing) fold.entities.remember(key, null);
    return;
  }
  const expected = savedPositions(fold);
  const { position, values } = await store.load(space, missing.map(Fold.storeKey));
  assertPosition(position, [...expected, ...savedPositions(fold)]);
  missing.forEach((key, i) => {
    if (fold.entities.get(key) === undefined) fold.entities.remember(key, values[i] ?? null);
  });
}

/** The first lines of the list of due times, from a store that is where it was left. */
export async function scanDue<State, Input, Event>(
  store: Store,
  space: string,
  fold: Fold<State, Input, Event>,
  range: Range,
): Promise<readonly string[]> {
  const [lines] = await Promise.all([store.scan(space, "due", range), checkPosition(store, space, fold)]);
  return lines;
}

/** Throws `ForgetError` if the store is not where it was left: it lost what it held, or somebody else wrote. */
export async function checkPosition<State, Input, Event>(
  store: Store,
  space: string,
  fold: Fold<State, Input, Event>,
): Promise<void> {
  const expected = savedPositions(fold);
  const { position } = await store.load(space, []);
  assertPosition(position, [...expected, ...savedPositions(fold)]);
}

/** Where the store may be: where it was left, or where the commit that is under way takes it. */
function savedPositions<State, Input, Event>(fold: Fold<State, Input, Event>): readonly (number | null)[] {
  return [fold.savedPosition, fold.committingPosition ?? fold.savedPosition];
}

function assertPosition(position: number | null, expected: readonly (number | null)[]): void {
  if (!expected.includes(position)) {
    throw new ForgetError("store", `the store is at ${position}, expected ${expected[0]}`);
  }
}
