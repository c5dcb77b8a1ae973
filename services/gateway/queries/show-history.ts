import { partitionOf } from "@antiphon/log";
import type { Json, JsonObject } from "@antiphon/protocol";
import { decisionAt, decisionsBack } from "./decisions.ts";
import type { Page } from "./page.ts";
import { cursorOf, LIMIT_DEFAULT, limit, offsetCursor } from "./paging.ts";
import { iso, readParameters, wrong } from "./parameters.ts";
import type { QueryPorts } from "./query-ports.ts";
import { findInstance } from "./show-instance.ts";
import { shownEvent } from "./shown-event.ts";

/** A page ends after the decision with which it has this many characters. */
export const HISTORY_CHARS_MAX = 4_000_000;

/** What happened to an instance, a decision at a time, the newest in front: read from the log itself. */
export async function showHistory(ports: QueryPorts, id: string, query: unknown): Promise<Page> {
  const { limit: itemsMax = LIMIT_DEFAULT, cursor } = readParameters(query, { limit, cursor: offsetCursor });
  const { newest } = await findInstance(ports, id);
  const partition = partitionOf(id, ports.partitions);
  if (cursor !== undefined) await assertOwn(ports, partition, id, cursor);
  const items: JsonObject[] = [];
  let chars = 0;
  for await (const { offset, decision, chars: more } of decisionsBack(ports.log, partition, cursor ?? newest)) {
    const { atMs, events, previous } = decision;
    items.push({ offset, at: iso(atMs), events: events.map(shownEvent) as unknown as Json });
    chars += more;
    if (items.length < itemsMax && chars < HISTORY_CHARS_MAX) continue;
    return previous === undefined ? { items } : { items, next: cursorOf(previous) };
  }
  return { items };
}

async function assertOwn({ log }: QueryPorts, partition: number, id: string, offset: number): Promise<void> {
  const found = await decisionAt(log, partition, offset);
  if (found !== undefined && found.instance !== id) {
    throw wrong("cursor", offsetCursor.expected, "a place in the history of another instance");
  }
}
