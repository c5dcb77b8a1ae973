import { heldIn } from "@antiphon/correlation";
import { eventKey, isTaken, mergedRow, waitsOf } from "@antiphon/views";
import type { Disagreement } from "./disagreement.ts";
import type { LogFold } from "./log-fold.ts";
import type { KeyedPair } from "./on-the-way.ts";

/** What the waits of all instances and keys come to. */
export interface WaitsFound {
  readonly open: number;
  /** Registrations: one for each key of a wait. */
  readonly registered: number;
  /** Waits about which one side has yet to hear from the other. */
  readonly onTheWay: number;
  readonly held: number;
  readonly disagreements: readonly Disagreement[];
}

/** Whether the open waits of instances are registered under their keys and no others are, and what is held agrees with the ledger. */
export function checkWaits(fold: LogFold): WaitsFound {
  const disagreements: Disagreement[] = [];
  const missing = new Map<string, KeyedPair>();
  let [open, registered, onTheWay, held] = [0, 0, 0, 0];
  for (const row of fold.instances.values()) {
    for (const { instance, wait, events } of waitsOf(row)) {
      open += 1;
      for (const { key } of events)
        if (key !== undefined) missing.set(`${key} ${instance}/${wait}`, { key, instance, wait });
    }
  }
  for (const [key, bucket] of fold.buckets) {
    for (const { instance, wait } of bucket.waits) {
      registered += 1;
      if (missing.delete(`${key} ${instance}/${wait}`)) continue;
      if (fold.onTheWay.isBetween({ key, instance, wait })) onTheWay += 1;
      else disagreements.push({ kind: "wait-registered-not-open", subject: { instance, wait, key } });
    }
    for (const { source, id, takers } of heldIn(bucket)) {
      held += 1;
      const disposition = mergedRow([...(fold.ledger.get(eventKey({ source, id }))?.values() ?? [])])?.disposition;
      if (takers.length > 0 || disposition === "buffered" || (disposition !== undefined && isTaken(disposition)))
        continue;
      const found = disposition ?? "nothing";
      disagreements.push({
        kind: "held-event-not-buffered",
        subject: { source, id, key },
        expected: "buffered",
        found,
      });
    }
  }
  for (const pair of missing.values()) {
    if (fold.onTheWay.isBetween(pair)) onTheWay += 1;
    else disagreements.push({ kind: "wait-not-registered", subject: { ...pair } });
  }
  return { open, registered, onTheWay, held, disagreements };
}
