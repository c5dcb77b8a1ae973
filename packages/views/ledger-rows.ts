import type { Store } from "@antiphon/store";
import { dispositionOf } from "./disposition-of.ts";
import type { LedgerRow } from "./ledger-row.ts";
import { loadRows } from "./load-rows.ts";
import { spacesOf, viewedTopics } from "./view-space.ts";

/** The spaces whose rows together are the ledger. */
export function ledgerSpaces(partitions: number): readonly string[] {
  return viewedTopics.flatMap((topic) => spacesOf(topic, partitions));
}

/** By event, what each space knows of it; `keys` are those of `eventKey`. */
export async function ledgerRows(
  store: Pick<Store, "load">,
  spaces: readonly string[],
  keys: readonly string[],
): Promise<readonly (readonly (LedgerRow | undefined)[])[]> {
  const places = keys.flatMap((key) => spaces.map((_, space) => ({ space, key })));
  const rows = await loadRows<LedgerRow>(store, spaces, places);
  return keys.map((_, i) => rows.slice(i * spaces.length, (i + 1) * spaces.length));
}

/** What the spaces together say of an event; undefined: none knows it. */
export function mergedRow(rows: readonly (LedgerRow | undefined)[]): LedgerRow | undefined {
  return dispositionOf(rows.filter((row) => row !== undefined));
}
