import type { JsonObject } from "@antiphon/protocol";
import type { Range } from "@antiphon/store";
import { timeRange } from "@antiphon/views";
import { type Candidate, type Candidates, compareEntries } from "./newest-first.ts";
import { cursorOf, LIMIT_DEFAULT } from "./paging.ts";

/** How many lines are looked at for one page. A filter that lets few through ends a page early; its `next` goes on. */
export const EXAMINED_MAX = 2_000;

/** A page of a list; without `next` it is the last. */
export type Page = { readonly items: readonly JsonObject[]; readonly next?: string };

/** The part of a list that a page may be from. */
export function rangeOf(
  afterMs: number | undefined,
  beforeMs: number | undefined,
  cursor: string | undefined,
): Pick<Range, "after" | "before"> {
  const range = timeRange(afterMs, beforeMs);
  if (cursor === undefined || (range.before !== undefined && compareEntries(range.before, cursor) < 0)) return range;
  return { ...range, before: cursor };
}

/** Takes candidates until a page is full. `read` says for each what is shown of it, or undefined if it is not meant. */
export async function pageOf(
  candidates: Candidates,
  limit: number = LIMIT_DEFAULT,
  read: (some: readonly Candidate[]) => Promise<readonly (JsonObject | undefined)[]>,
): Promise<Page> {
  const items: JsonObject[] = [];
  for (let examined = 0; examined < EXAMINED_MAX; ) {
    const some = await candidates.take(Math.min(limit, EXAMINED_MAX - examined));
    const found = await read(some);
    for (const [i, { entry }] of some.entries()) {
      examined += 1;
      const item = found[i];
      if (item !== undefined) items.push(item);
      if (items.length < limit && examined < EXAMINED_MAX) continue;
      const isLast = i + 1 === some.length && (await candidates.take(1)).length === 0;
      return isLast ? { items } : { items, next: cursorOf(entry) };
    }
    if (some.length === 0) break;
  }
  return { items };
}
