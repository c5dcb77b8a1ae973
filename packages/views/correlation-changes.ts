import { type Bucket, type HeldEvent, heldIn } from "@antiphon/correlation";
import { type CorrelationEvent, type Decision, refOf } from "@antiphon/protocol";
import { eventKey, type LedgerChange, type LedgerEntry } from "./ledger-row.ts";
import { shortText } from "./short-text.ts";

const ON_ITS_WAY = "it was matched to a wait, whose instance has yet to take it";

/** What a decision about a correlation key says of events. */
export function correlationChanges(
  key: string | null,
  { atMs, events, checkpoint }: Decision<CorrelationEvent>,
): readonly LedgerChange[] {
  if (checkpoint !== undefined) return copied(key, atMs, checkpoint.state as unknown as Bucket);
  return events
    .flatMap((event) => entryOf(event, atMs) ?? [])
    .map((entry) => ({ kind: "event", key: eventKey(entry), entry, ...(key !== null && { at: key }) }));
}

/** What a copy of a key says of the events that it holds. */
function copied(key: string | null, atMs: number, bucket: Bucket): readonly LedgerChange[] {
  return heldIn(bucket).map((known) => {
    const entry = heldEntry(known, atMs);
    return { kind: "event", key: eventKey(entry), entry, isCopy: true, ...(key !== null && { at: key }) };
  });
}

/** One that goes to several waits stands in the ledger by the wait that it went to last. */
function heldEntry({ held: { event, sinceMs }, takers }: HeldEvent, atMs: number): LedgerEntry {
  const entry = { ...refOf(event), disposition: "buffered", atMs: sinceMs ?? atMs } as const;
  const taker = takers.at(-1);
  if (taker === undefined) return entry;
  return { ...entry, reason: ON_ITS_WAY, instance: taker.instance, wait: taker.wait, isOnItsWay: true };
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
