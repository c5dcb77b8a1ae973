import { type CorrelationEvent, type Decision, refOf } from "@antiphon/protocol";
import { eventKey, type LedgerChange, type LedgerEntry } from "./ledger-row.ts";
import { shortText } from "./short-text.ts";

/** What a decision about a correlation key says of events. One that was matched is on its way: the instance has the word. */
export function correlationChanges({ atMs, events }: Decision<CorrelationEvent>): readonly LedgerChange[] {
  return events
    .flatMap((event) => entryOf(event, atMs) ?? [])
    .map((entry) => ({ kind: "event", key: eventKey(entry), entry }));
}

function entryOf(event: CorrelationEvent, atMs: number): LedgerEntry | undefined {
  switch (event.type) {
    case "EventHeld":
      return { ...refOf(event.event), disposition: "buffered", atMs };
    case "EventDropped":
      return { ...refOf(event.event), disposition: event.disposition, reason: shortText(event.reason), atMs };
    default:
      return undefined;
  }
}
