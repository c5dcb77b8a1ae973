import { setImmediate } from "node:timers/promises";
import type { Store } from "@antiphon/store";

/** How many values are read at once. */
const VALUES_AT_ONCE = 500;
/** How many lines of a list are. */
const LINES_AT_ONCE = 1_000;

/** Values of one space, all of the same moment, with what they were asked for. */
export interface StoredValues<Item> {
  readonly space: string;
  /** Where the space was at that moment; null: it holds nothing. */
  readonly position: number | null;
  readonly items: readonly { readonly item: Item; readonly value: string | null }[];
}

/** Reads the values of items, which `placeOf` says the space and the key of, batch by batch. */
export async function inBatches<Item>(
  store: Pick<Store, "load">,
  items: readonly Item[],
  placeOf: (item: Item) => readonly [space: string, key: string],
  take: (values: StoredValues<Item>) => void,
): Promise<void> {
  const bySpace = Map.groupBy(items, (item) => placeOf(item)[0]);
  for (const [space, all] of bySpace) {
    for (let at = 0; at < all.length; at += VALUES_AT_ONCE) {
      await setImmediate();
      const some = all.slice(at, at + VALUES_AT_ONCE);
      const { position, values } = await store.load(
        space,
        some.map((item) => placeOf(item)[1]),
      );
      take({ space, position, items: some.map((item, i) => ({ item, value: values[i] ?? null })) });
    }
  }
}

/** All lines of a list, as they are while it is read. */
export async function* linesOf(store: Pick<Store, "scan">, space: string, index: string): AsyncGenerator<string, void> {
  let after: string | undefined;
  for (;;) {
    const lines = await store.scan(space, index, { limit: LINES_AT_ONCE, ...(after !== undefined && { after }) });
    yield* lines;
    after = lines.at(-1);
    if (lines.length < LINES_AT_ONCE) return;
  }
}
