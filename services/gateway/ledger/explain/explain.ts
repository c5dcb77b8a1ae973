import { route } from "@antiphon/correlation";
import { deriveId } from "@antiphon/host";
import { type CloudEvent, type Json, type JsonObject, topics } from "@antiphon/protocol";
import {
  aboutOf,
  type InstanceRow,
  instanceKey,
  lists,
  loadRows,
  readWaitEntry,
  spacesOf,
  type WaitSummary,
  waitsOf,
} from "@antiphon/views";
import { foremost } from "../../events/fate.ts";
import type { Gateway } from "../../gateway.ts";
import { waitItem } from "../../queries/list-waits.ts";
import { NewestFirst } from "../../queries/newest-first.ts";
import { heldStates } from "./held-states.ts";
import { followWay, type Way } from "./ways.ts";
import { whyNot } from "./why-not.ts";

/** How many of the open waits for the event's type are looked at, those opened last. */
export const WAITS_MAX = 200;

/**
 * What an event would come to if it came in now, tried by the code that decides, on what is stored: where it would go,
 * what each place would decide, and why the other open waits for its type would not get it. Nothing is written.
 */
export async function explain(gateway: Gateway, event: CloudEvent): Promise<JsonObject> {
  const { store, partitions, clock } = gateway.ports;
  const { subscriptions } = gateway.catalog;
  const held = heldStates(store, partitions);
  const destinations = route(event, subscriptions, { deriveId });
  const nowMs = clock.now();
  const ways = await Promise.all(destinations.map((one) => followWay({ gateway, held, nowMs }, event, one)));
  const { waits, truncated } = await openWaitsFor(gateway, event.type);
  const taken = takenIn(ways);
  const explained = { event, subscriptions, destinations, ways, held };
  const others = waits.filter(({ instance, wait }) => !taken.has(`${instance}/${wait}`));
  const reasons = await Promise.all(others.map((wait) => whyNot(explained, wait)));
  const first = foremost(ways);
  return {
    event: { source: event.source, id: event.id, type: event.type },
    ...(first && summaryOf(first)),
    ways: ways.map((way) => ({ to: way.to, ...summaryOf(way), decisions: way.decisions as unknown as Json })),
    otherWaits: others.map((wait, i) => ({ ...waitItem(wait), ...reasons[i] })),
    truncated,
  };
}

function summaryOf({ disposition, reason, instance, wait, until }: Way): JsonObject {
  return {
    disposition,
    ...(reason !== undefined && { reason }),
    ...(instance !== undefined && { instance }),
    ...(wait !== undefined && { wait }),
    ...(until !== undefined && { until }),
  };
}

/** The waits that would be resolved, several where an event is for all. */
function takenIn(ways: readonly Way[]): ReadonlySet<string> {
  const taken = new Set<string>();
  for (const decided of ways.flatMap(({ decisions }) => decisions)) {
    if (!("instance" in decided)) continue;
    for (const fact of decided.facts) if (fact.type === "EventReceived") taken.add(`${decided.instance}/${fact.wait}`);
  }
  return taken;
}

async function openWaitsFor(
  { ports: { store, partitions } }: Gateway,
  type: string,
): Promise<{ readonly waits: readonly WaitSummary[]; readonly truncated: boolean }> {
  const spaces = spacesOf(topics.history, partitions);
  const lines = await new NewestFirst(store, spaces, lists.waitsFor(type), {}).take(WAITS_MAX + 1);
  const looked = lines.slice(0, WAITS_MAX);
  const ids = looked.map(({ entry }) => readWaitEntry(aboutOf(entry)));
  const places = looked.map(({ space }, i) => ({ space, key: instanceKey(ids[i]?.instance ?? "") }));
  const rows = await loadRows<InstanceRow>(store, spaces, places);
  const waits = rows.flatMap((row, i) => {
    const wait = row && waitsOf(row).find((one) => one.wait === ids[i]?.wait);
    return wait === undefined ? [] : [wait];
  });
  return { waits, truncated: lines.length > looked.length };
}
