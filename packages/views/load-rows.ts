import type { Store } from "@antiphon/store";
import { readRow } from "./project.ts";

/** A row, by the number of its space and its key. */
export interface RowPlace {
  readonly space: number;
  readonly key: string;
}

/**
 * Rows in the order in which they are asked for, with one round trip to each space; undefined for what is not there. A row
 * that is asked for several times is read once.
 */
export async function loadRows<Row>(
  store: Pick<Store, "load">,
  spaces: readonly string[],
  places: readonly RowPlace[],
): Promise<readonly (Row | undefined)[]> {
  const rows: (Row | undefined)[] = places.map(() => undefined);
  const bySpace = Map.groupBy(places.keys(), (i) => places[i]?.space ?? 0);
  const loading = Array.from(bySpace, async ([space, indexes]) => {
    const keys = [...new Set(indexes.map((i) => places[i]?.key ?? ""))];
    const { values } = await store.load(spaces[space] ?? "", keys);
    const found = new Map(keys.map((key, n) => [key, readRow<Row>(values[n])]));
    for (const i of indexes) rows[i] = found.get(places[i]?.key ?? "");
  });
  await Promise.all(loading);
  return rows;
}
