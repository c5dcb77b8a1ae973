import type { Commit, IndexEntry } from "../port.ts";
import type { ModelStore } from "./model-store.ts";
import type { Step } from "./steps.ts";

const SPACES = ["random/0", "random/1"];
const KEYS = ["a", "b", "", "position", "ключ", "鍵", "🔑", "nul\u0000inside", "{brace}"];
const INDEXES = ["due", "due2", "списък"];
const ENTRIES = ["", "0", "00", "0\u0000", "z", "é", "\uffee", "\u{10000}", "😀", "😀😀", "\ud7ff", "\ue000"];
const LIMITS = [0, 1, 2, 100];

/** Endlessly many steps; the same seed gives the same ones. Three commits in four expect the position that the model is at. */
export async function* randomSteps(seed: number, model: ModelStore): AsyncGenerator<Step> {
  const below = chance(seed);
  const oneOf = <Item>(items: readonly [Item, ...Item[]] | readonly Item[]): Item => {
    const item = items[below(items.length)];
    if (item === undefined) throw new Error("expected something to choose from, found an empty list");
    return item;
  };
  const some = <Item>(most: number, make: () => Item): Item[] => Array.from({ length: below(most + 1) }, make);
  const entry = (): IndexEntry => ({ index: oneOf(INDEXES), entry: oneOf(ENTRIES) });

  for (let position = 1; ; position++) {
    const space = oneOf(SPACES);
    const kind = below(20);
    if (kind === 0) yield (store) => store.wipe(space);
    else if (kind < 10) {
      const current = (await model.load(space, [])).position;
      const commit: Commit = {
        expected: below(4) > 0 ? current : oneOf([null, position - 1, 0]),
        position,
        values: new Map(some(4, () => [oneOf(KEYS), below(3) === 0 ? null : `value ${position} 値`])),
        added: some(4, entry),
        removed: some(3, entry),
      };
      yield (store) => store.commit(space, commit);
    } else if (kind < 14) {
      const keys = some(6, () => oneOf(KEYS));
      yield (store) => store.load(space, keys);
    } else {
      const range = {
        limit: oneOf(LIMITS),
        reverse: below(2) === 0,
        ...(below(2) === 0 && { after: oneOf(ENTRIES) }),
        ...(below(2) === 0 && { before: oneOf(ENTRIES) }),
      };
      const index = oneOf(INDEXES);
      yield (store) => store.scan(space, index, range);
    }
  }
}

/** Whole numbers from 0 to below `limit`, from a linear congruential generator (Numerical Recipes' constants). */
function chance(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
