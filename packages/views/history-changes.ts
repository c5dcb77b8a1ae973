import { type Decision, type InstanceEvent, refOf } from "@antiphon/protocol";
import type { InstanceChange } from "./evolve-instance.ts";
import { instanceKey } from "./instance-row.ts";
import { eventKey, type LedgerChange, type LedgerEntry } from "./ledger-row.ts";
import { shortText } from "./short-text.ts";

/** What a decision about an instance says of its row, and of the events that came to it. */
export function historyChanges(
  offset: number,
  instance: string | null,
  { atMs, events }: Decision<InstanceEvent>,
): readonly (InstanceChange | LedgerChange)[] {
  if (instance === null || events.length === 0) return [];
  const entries = events.flatMap((event) => entryOf(event, instance, atMs) ?? []);
  return [
    { kind: "instance", key: instanceKey(instance), offset, atMs, events },
    ...entries.map((entry): LedgerChange => ({ kind: "event", key: eventKey(entry), entry })),
  ];
}

function entryOf(event: InstanceEvent, instance: string, atMs: number): LedgerEntry | undefined {
  switch (event.type) {
    case "InstanceStarted":
      return event.startedBy && { ...event.startedBy, disposition: "started", instance, atMs };
    case "EventReceived":
      return { ...refOf(event.event), disposition: "resolved", instance, wait: event.wait, atMs };
    case "EventBuffered":
      return { ...refOf(event.event), disposition: "buffered", instance, atMs };
    case "EventIgnored": {
      const { disposition, reason } = event;
      // It goes back to the correlator, whose facts say what becomes of it.
      if (event.found.by === "key" && disposition !== "duplicate") return undefined;
      return { ...refOf(event.event), disposition, reason: shortText(reason), instance, atMs };
    }
    default:
      return undefined;
  }
}
