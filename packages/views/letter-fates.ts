import type { Store } from "@antiphon/store";
import type { DeadLetterRow } from "./dead-letter-row.ts";
import { eventKey, type LedgerRow } from "./ledger-row.ts";
import { ledgerRows, ledgerSpaces, mergedRow } from "./ledger-rows.ts";

/** What the ledger says of the events of dead letters, in their order; undefined for what was no event on its way in. */
export async function knownOf(
  { store, partitions }: { readonly store: Pick<Store, "load">; readonly partitions: number },
  letters: readonly (Pick<DeadLetterRow, "event" | "direction"> | undefined)[],
): Promise<readonly (LedgerRow | undefined)[]> {
  const keys = letters.map((letter) => {
    return letter?.event === undefined || letter.direction === "out" ? undefined : eventKey(letter.event);
  });
  const asked = [...new Set(keys.filter((key) => key !== undefined))];
  const rows = await ledgerRows(store, ledgerSpaces(partitions), asked);
  const known = new Map(asked.map((key, i) => [key, mergedRow(rows[i] ?? [])]));
  return keys.map((key) => (key === undefined ? undefined : known.get(key)));
}
