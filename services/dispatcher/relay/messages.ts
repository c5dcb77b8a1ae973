import type { DecidedFact } from "@antiphon/processor";
import {
  type AwaitedEvent,
  type CorrelationInput,
  type EventIgnored,
  formatJson,
  type InstanceEvent,
  type Json,
  refOf,
  type Stamp,
  topics,
} from "@antiphon/protocol";
import { deadLetter } from "./dead-letter.ts";
import { eventIn } from "./event-in.ts";
import type { Origin, Outgoing } from "./outgoing.ts";

const STRUCTURED = { "content-type": "application/cloudevents+json; charset=UTF-8" };

/**
 * What a fact of the history sends elsewhere, in order: waits to the correlator, events to users' topics, and what could
 * not be used to the dead letters. Each message has a stamp of its own.
 */
export function messagesOf(
  { key: instance, decision }: DecidedFact<InstanceEvent>,
  stamp: (index: number) => Stamp,
): readonly Outgoing[] {
  const { atMs, events, rejected } = decision;
  const messages: Outgoing[] = [];
  const origin = (): Origin => ({ from: stamp(messages.length), atMs, instance });
  if (rejected !== undefined) {
    const { reason, value } = rejected;
    const event = eventIn(value);
    messages.push(deadLetter(origin(), { disposition: "rejected", reason, ...(event ? { event } : { value }) }));
  }
  if (instance === null) return messages;
  for (const event of events) {
    for (const make of makersOf(instance, event)) messages.push(make(origin()));
  }
  return messages;
}

type Maker = (origin: Origin) => Outgoing;

function makersOf(instance: string, event: InstanceEvent): readonly Maker[] {
  switch (event.type) {
    case "EventAwaited":
      return registrable(event.events).map(({ key, cardinality = "one" }) =>
        correlation(key, { type: "OpenWait", wait: { instance, wait: event.wait }, cardinality }),
      );
    case "EventReceived": {
      // The match has taken the wait off the register of its key.
      const matched = event.found.by === "key" ? event.found.key : undefined;
      return closing(
        instance,
        event.wait,
        event.keys?.filter((key) => key !== matched),
      );
    }
    case "WaitClosed":
      return closing(instance, event.wait, event.keys);
    case "EventIgnored":
      return ignored(instance, event);
    case "EventProduced": {
      const { topic, event: produced } = event;
      const value = formatJson(produced);
      return [
        (origin) => ({ topic, key: instance, value, headers: STRUCTURED, origin: { ...origin, event: produced } }),
      ];
    }
    default:
      return [];
  }
}

/** An event that a wait did not take goes back to where it was matched; others that nobody took are put aside. */
function ignored(instance: string, { event, disposition, reason, found, isWaiting }: EventIgnored): readonly Maker[] {
  if (disposition === "duplicate") {
    // It was taken before: neither another wait may have it, nor is it lost. But its wait may need another.
    if (found.by !== "key" || isWaiting === undefined) return [];
    return [correlation(found.key, { type: "ReturnWait", instance, wait: found.wait, event: refOf(event) })];
  }
  if (found.by === "key") return [correlation(found.key, { type: "RefuseEvent", instance, wait: found.wait, event })];
  return [(origin) => deadLetter(origin, { disposition, reason, event })];
}

function closing(instance: string, wait: string, keys: readonly string[] = []): readonly Maker[] {
  return keys.map((key) => correlation(key, { type: "CloseWait", instance, wait }));
}

/** Events of a wait that are found by a key; of several under one key, one. */
function registrable(events: readonly AwaitedEvent[]): readonly (AwaitedEvent & { readonly key: string })[] {
  const byKey = new Map<string, AwaitedEvent & { readonly key: string }>();
  for (const event of events) if (event.key !== undefined) byKey.set(event.key, { ...event, key: event.key });
  return [...byKey.values()];
}

type Order<Input> = Input extends CorrelationInput ? Omit<Input, "key" | "from" | "reply"> : never;

function correlation(key: string, order: Order<CorrelationInput>): Maker {
  return (origin) => {
    const input = { key, from: origin.from, ...order };
    return { topic: topics.correlation, key, value: formatJson(input as unknown as Json), origin };
  };
}
