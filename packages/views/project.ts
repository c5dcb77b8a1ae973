import { formatJson, type Json, parseJson } from "@antiphon/protocol";
import type { Commit, IndexEntry } from "@antiphon/store";
import type { Change } from "./changes-of.ts";
import { deadLetterLines, evolveDeadLetter } from "./dead-letter-row.ts";
import { evolveInstance } from "./evolve-instance.ts";
import { instanceLines } from "./instance-row.ts";
import { evolveLedger, ledgerLines } from "./ledger-row.ts";

/** What a store has to change. */
export type Projected = Pick<Commit, "values" | "added" | "removed">;

/** Applies changes, in their order, to the rows that a store holds; `held` has an entry for the key of every change. */
export function project(changes: readonly Change[], held: ReadonlyMap<string, string | null>): Projected {
  const instances = changes.filter((change) => change.kind === "instance");
  const events = changes.filter((change) => change.kind === "event");
  const deadLetters = changes.filter((change) => change.kind === "dead-letter");
  const parts = [
    projectRows(instances, held, evolveInstance, instanceLines),
    projectRows(events, held, evolveLedger, ledgerLines),
    projectRows(deadLetters, held, evolveDeadLetter, deadLetterLines),
  ];
  return {
    values: new Map(parts.flatMap(({ values }) => [...values])),
    added: parts.flatMap(({ added }) => added),
    removed: parts.flatMap(({ removed }) => removed),
  };
}

/** A row's lines follow from the row: what a list has to change is the difference between the row before and after. */
function projectRows<Row, RowChange extends { readonly key: string }>(
  changes: readonly RowChange[],
  held: ReadonlyMap<string, string | null>,
  evolve: (row: Row | undefined, change: RowChange) => Row | undefined,
  linesOf: (row: Row) => readonly IndexEntry[],
): Projected {
  const before = new Map<string, Row | undefined>();
  const after = new Map<string, Row | undefined>();
  for (const change of changes) {
    if (!before.has(change.key)) before.set(change.key, readRow<Row>(held.get(change.key)));
    const row = after.has(change.key) ? after.get(change.key) : before.get(change.key);
    after.set(change.key, evolve(row, change));
  }
  const values = new Map<string, string | null>();
  const added: IndexEntry[] = [];
  const removed: IndexEntry[] = [];
  for (const [key, row] of after) {
    const was = before.get(key);
    if (row === was) continue;
    const [old, now] = [was, row].map((one) => (one === undefined ? [] : linesOf(one)));
    values.set(key, row === undefined ? null : formatJson(row as Json));
    removed.push(...missingFrom(now ?? [], old ?? []));
    added.push(...missingFrom(old ?? [], now ?? []));
  }
  return { values, added, removed };
}

/** Rows that are taken away, with their lines in lists. */
export type Removal = Projected;

/** What a store has to change to be without rows. */
export function removalOf<Row>(
  rows: readonly { readonly key: string; readonly row: Row }[],
  linesOf: (row: Row) => readonly IndexEntry[],
): Removal {
  return {
    values: new Map(rows.map(({ key }) => [key, null])),
    added: [],
    removed: rows.flatMap(({ row }) => linesOf(row)),
  };
}

/** A row as a store holds it; undefined if it holds none. */
export function readRow<Row>(value: string | null | undefined): Row | undefined {
  return value === null || value === undefined ? undefined : (parseJson(value) as Row);
}

function missingFrom(lines: readonly IndexEntry[], wanted: readonly IndexEntry[]): readonly IndexEntry[] {
  const known = new Set(lines.map(({ index, entry }) => `${entry} ${index}`));
  return wanted.filter(({ index, entry }) => !known.has(`${entry} ${index}`));
}
