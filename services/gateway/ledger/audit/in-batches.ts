import { setImmediate } from "node:timers/promises";
import type { Store } from "@antiphon/store";

/** How many values are read at once. */
const VALUES_AT_ONCE = 500;

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
