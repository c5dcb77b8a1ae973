import { partitionOf } from "@antiphon/log";
import type { Json, JsonObject } from "@antiphon/protocol";
import { Decisions } from "./decisions.ts";
import type { Page } from "./page.ts";
import { cursorOf, historyCursor, LIMIT_DEFAULT, limit } from "./paging.ts";
import { iso, readParameters, wrong } from "./parameters.ts";
import type { QueryPorts } from "./query-ports.ts";
import { findInstance } from "./show-instance.ts";
import { shownEvent } from "./shown-event.ts";

/** A page ends after the decision with which it has this many characters. */
export const HISTORY_CHARS_MAX = 4_000_000;

/** `truncated` on the last page: there was more, which the log has forgotten. */
export type HistoryPage = Page & { readonly truncated?: true };

/** What happened to an instance, a decision at a time, the newest in front: read from the log itself. */
export async function showHistory(ports: QueryPorts, id: string, query: unknown): Promise<HistoryPage> {
  const { limit: itemsMax = LIMIT_DEFAULT, cursor } = readParameters(query, { limit, cursor: historyCursor });
  const { newest } = await findInstance(ports, id);
  // One more than are shown tells whether there is a next page.
  const of = { instance: id, newest, wanted: itemsMax + 1 };
  const decisions = new Decisions(ports.log, partitionOf(id, ports.partitions), of);
  if (cursor !== undefined && (await decisions.isOfAnother(cursor.offset))) {
    throw wrong("cursor", historyCursor.expected, "a place in the history of another instance");
  }
  const items: JsonObject[] = [];
  let chars = 0;
  for await (const { offset, decision, chars: more, copy } of decisions.back(cursor ?? { offset: newest })) {
    const { atMs, events, checkpoint } = decision;
    // A copy is no part of what happened.
    if (checkpoint !== undefined) continue;
    if (items.length === itemsMax || chars >= HISTORY_CHARS_MAX) {
      return { items, next: cursorOf(copy === undefined ? offset : `${offset}@${copy}`) };
    }
    items.push({ offset, at: iso(atMs), events: events.map(shownEvent) as unknown as Json });
    chars += more;
  }
  return { items, ...(decisions.isCut && { truncated: true }) };
}
