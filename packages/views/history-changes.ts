import type { Instance } from "@antiphon/engine";
import { type Decision, type InstanceEvent, refOf } from "@antiphon/protocol";
import type { InstanceChange } from "./evolve-instance.ts";
import { instanceKey } from "./instance-row.ts";
import { eventKey, type LedgerChange, type LedgerEntry } from "./ledger-row.ts";
import { shortText } from "./short-text.ts";

/** What a decision about an instance says of its row, and of the events that came to it. */
export function historyChanges(
  offset: number,
  instance: string | null,
  { atMs, events, checkpoint, forgotten = [] }: Decision<InstanceEvent>,
): readonly (InstanceChange | LedgerChange)[] {
  if (instance === null) {
    return forgotten.map((id) => ({
      kind: "instance",
      key: instanceKey(id),
      offset,
      atMs,
      events: [],
      isForgotten: true,
    }));
  }
  if (checkpoint !== undefined) return copied(offset, instance, atMs, checkpoint.state as unknown as Instance);
  if (events.length === 0) return [];
  const entries = events.flatMap((event) => entryOf(event, instance, atMs) ?? []);
  return [
    { kind: "instance", key: instanceKey(instance), offset, atMs, events },
    ...entries.map((entry): LedgerChange => ({ kind: "event", key: eventKey(entry), entry })),
  ];
}

/** What a copy of an instance says of its row, and of the events that it keeps for waits to come. */
function copied(
  offset: number,
  instance: string,
  atMs: number,
  state: Instance,
): readonly (InstanceChange | LedgerChange)[] {
  const kept = "buffer" in state ? state.buffer : [];
  return [
    { kind: "instance", key: instanceKey(instance), offset, atMs, events: [], state },
    ...kept.map(({ event, sinceMs = atMs }): LedgerChange => {
      const entry: LedgerEntry = { ...refOf(event), disposition: "buffered", instance, atMs: sinceMs };
      return { kind: "event", key: eventKey(entry), entry, isCopy: true };
    }),
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
