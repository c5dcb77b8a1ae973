import type { IndexEntry } from "@antiphon/store";
import type { Domain } from "./domain.ts";
import { dueBefore, dueEntry, readDueEntry } from "./due-index.ts";
import { dueOf, type Entity } from "./entity.ts";

/** The lists that a store keeps of a partition's entities. Lines are a number, zero-padded, and the entity's key. */
export const DUE = "due";
/** Of those that are alive: the offset from which the log holds all that they are. */
export const SINCE = "since";
/** Of those that have ended: when. */
export const OVER = "over";

type Rules<State> = Pick<Domain<State, unknown, never>, "absent" | "dueMs" | "overMs">;

/** The lines that lists have for an entity. */
export function linesOf<State>(domain: Rules<State>, key: string, entity: Entity<State>): readonly IndexEntry[] {
  const { state, since } = entity;
  if (state === domain.absent) return [];
  const lines: IndexEntry[] = [];
  const due = dueEntry(dueOf(domain, entity), key);
  if (due !== undefined) lines.push({ index: DUE, entry: due });
  const over = dueEntry(domain.overMs?.(state), key);
  if (over !== undefined) lines.push({ index: OVER, entry: over });
  else lines.push({ index: SINCE, entry: lineAt(since ?? 0, key) });
  return lines;
}

/** What of one entity's lines is not among others of it. */
export function missingFrom(lines: readonly IndexEntry[], wanted: readonly IndexEntry[]): readonly IndexEntry[] {
  return wanted.filter(({ index, entry }) => !lines.some((line) => line.index === index && line.entry === entry));
}

/** What stands behind every line of a number below this one. */
export function linesBelow(number: number): string {
  return dueBefore(number - 1);
}

export function keyOfLine(entry: string): string {
  return readDueEntry(entry).key;
}

function lineAt(number: number, key: string): string {
  return dueEntry(number, key) as string;
}
