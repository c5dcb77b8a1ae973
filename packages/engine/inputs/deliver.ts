import type { CloudEvent, DeliverEvent, EventIgnored, FoundBy, InstanceEvent } from "@antiphon/protocol";
import { BUFFER_MS, isBuffered, keepEarly } from "../events/buffer.ts";
import { receive, refusal } from "../events/receive.ts";
import { visitOf } from "../instance/ids.ts";
import type { AbsentInstance, ActiveInstance, EndedInstance, FaultedInstance } from "../instance/instance.ts";
import { hasTaken } from "../instance/seen.ts";
import { advance } from "../token/advance.ts";
import type { Draft } from "../token/draft.ts";

/** An event comes to an instance that has not started: it is kept if it names the instance, for when that starts. */
export function deliverEarly(instance: AbsentInstance, { event, found }: DeliverEvent, nowMs: number): InstanceEvent {
  if (isBuffered(instance.buffer, event)) return ignored(event, found, "duplicate", "it is kept already");
  if (found.by === "instance") return keepEarly(instance.buffer, event, nowMs, BUFFER_MS);
  return ignored(event, found, "unmatched", "there is no such instance", "unknown");
}

/** An event comes to an instance that has ended. */
export function deliverLate(instance: EndedInstance | FaultedInstance, { event, found }: DeliverEvent): InstanceEvent {
  if (hasTaken(instance, event)) return duplicate(event, found);
  const reason = `late: the instance is ${instance.status}`;
  return ignored(event, found, "unmatched", reason, refusedBy(instance, found));
}

/** An event comes to an instance that is active: how it was found decides which wait may take it. */
export function deliver(draft: Draft, { event, found }: DeliverEvent): void {
  const wait = repeated(draft.active, event, found) ?? waitFor(draft, event, found);
  if (typeof wait !== "string") {
    draft.emit(wait.instead);
  } else {
    receive(draft, wait, event, found);
    advance(draft);
  }
}

interface NoWait {
  readonly instead: InstanceEvent;
}

function waitFor(draft: Draft, event: CloudEvent, found: FoundBy): string | NoWait {
  return found.by === "instance" ? firstFor(draft, event) : waitNamed(draft, event, found);
}

function repeated(instance: ActiveInstance, event: CloudEvent, found: FoundBy): NoWait | undefined {
  const { buffer, waits } = instance;
  const isWaiting = found.by === "key" && waits[found.wait]?.status === "open";
  const told = (fact: EventIgnored): NoWait => ({ instead: isWaiting ? { ...fact, isWaiting } : fact });
  if (hasTaken(instance, event)) return told(duplicate(event, found));
  if (!isBuffered(buffer, event)) return undefined;
  return told(ignored(event, found, "duplicate", "it is kept already, for a wait that opens later"));
}

/** By its instance's id: the oldest wait for its type takes it, or it is kept for one that opens later. */
function firstFor(draft: Draft, event: CloudEvent): string | NoWait {
  const { waits, buffer, workflow } = draft.active;
  const found: FoundBy = { by: "instance" };
  const candidates = Object.entries(waits).flatMap(([id, wait]) =>
    wait.status === "open" && wait.events.some(({ eventType }) => eventType === event.type) ? [id] : [],
  );
  const reasons: string[] = [];
  for (const wait of candidates) {
    const reason = refusal(draft, wait, event);
    if (reason === undefined) return wait;
    reasons.push(reason);
  }
  if (reasons.length > 0) return { instead: ignored(event, found, "unmatched", reasons.join("; ")) };
  const consumed = draft.workflow.consumed.get(event.type);
  if (consumed !== undefined) return { instead: keepEarly(buffer, event, draft.env.nowMs, consumed.bufferMs) };
  const reason = `workflow ${JSON.stringify(workflow)} waits for no event of type ${JSON.stringify(event.type)}`;
  return { instead: ignored(event, found, "unmatched", reason) };
}

/** By a token or a key: the wait that it names takes it, or none. */
function waitNamed(draft: Draft, event: CloudEvent, found: Exclude<FoundBy, { by: "instance" }>): string | NoWait {
  const instance = draft.active;
  const wait = instance.waits[found.wait];
  if (wait?.status !== "open") {
    const refused = refusedBy(instance, found);
    return {
      instead: ignored(event, found, "unmatched", `wait ${found.wait} is ${WORDS[refused ?? "closed"]}`, refused),
    };
  }
  // Whoever holds the token of a wait for one event need not know the event's type.
  const isTrusted = found.by === "token" && wait.events.length === 1;
  if (isTrusted || wait.events.some(({ eventType }) => eventType === event.type)) return found.wait;
  const types = wait.events.map(({ eventType }) => JSON.stringify(eventType)).join(" or ");
  const reason = `wait ${found.wait}: expected an event of type ${types}, found ${JSON.stringify(event.type)}`;
  return { instead: ignored(event, found, "unmatched", reason) };
}

const WORDS = { used: "resolved by another event", closed: "closed", unknown: "unknown" } as const;

/** Why the wait that a token names does not take another event. */
function refusedBy(
  { seen, visits }: ActiveInstance | FaultedInstance | EndedInstance,
  found: FoundBy,
): EventIgnored["refused"] {
  if (found.by === "instance") return undefined;
  if (seen.some(({ wait }) => wait === found.wait)) return "used";
  return visitOf(found.wait) <= visits ? "closed" : "unknown";
}

function duplicate(event: CloudEvent, found: FoundBy): EventIgnored {
  return ignored(event, found, "duplicate", "the instance has taken it already", "used");
}

function ignored(
  event: CloudEvent,
  found: FoundBy,
  disposition: EventIgnored["disposition"],
  reason: string,
  refused?: EventIgnored["refused"],
): EventIgnored {
  const why = found.by === "token" && refused !== undefined ? { refused } : {};
  return { type: "EventIgnored", event, disposition, reason, found, ...why };
}
