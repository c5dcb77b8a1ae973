import { type CorrelationEvent, type Decision, refOf } from "@antiphon/protocol";
import { eventKey, type LedgerChange, type LedgerEntry } from "./ledger-row.ts";
import { shortText } from "./short-text.ts";

const ON_ITS_WAY = "it was matched to a wait, whose instance has yet to take it";

/** What a decision about a correlation key says of events. */
export function correlationChanges(
  key: string | null,
  { atMs, events }: Decision<CorrelationEvent>,
): readonly LedgerChange[] {
  return events
    .flatMap((event) => entryOf(event, atMs) ?? [])
    .map((entry) => ({ kind: "event", key: eventKey(entry), entry, ...(key !== null && { at: key }) }));
}

function entryOf(event: CorrelationEvent, atMs: number): LedgerEntry | undefined {
  switch (event.type) {
    case "EventHeld":
      return { ...refOf(event.event), disposition: "buffered", atMs };
    case "EventMatched": {
      const to = { instance: event.wait.instance, wait: event.wait.wait };
      return { ...refOf(event.event), disposition: "buffered", reason: ON_ITS_WAY, ...to, isOnItsWay: true, atMs };
    }
    case "EventDropped":
      return { ...refOf(event.event), disposition: event.disposition, reason: shortText(event.reason), atMs };
    default:
      return undefined;
  }
}
