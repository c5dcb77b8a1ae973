import type { DecidedFact } from "@antiphon/processor";
import {
  type AwaitedEvent,
  type CorrelationInput,
  type EventIgnored,
  type EventProduced,
  eventIn,
  formatJson,
  type InstanceEvent,
  isMachineTopic,
  type Json,
  refOf,
  type Stamp,
  topics,
  writeEvent,
} from "@antiphon/protocol";
import { sinkOf } from "../sink/sink-of.ts";
import { deadLetter, undeliverable } from "./dead-letter.ts";
import { familyOrder, type Headers, headersPassedOn } from "./family.ts";
import type { Origin, Outgoing } from "./outgoing.ts";

/**
 * What a fact of the history sends elsewhere, in order: orders to other instances, waits to the correlator, events to
 * users' topics, and what could not be used to the dead letters. Each message has a stamp of its own. What goes to a sink
 * is not among them, but its place in the numbering is: the others keep theirs, whatever the deployment's sink is when
 * they are sent again.
 */
export function messagesOf(
  { key: instance, decision }: DecidedFact<InstanceEvent>,
  stamp: (index: number) => Stamp,
  deploymentSink?: string,
): readonly Outgoing[] {
  const { atMs, events, rejected } = decision;
  const messages: Outgoing[] = [];
  let index = 0;
  const origin = (): Origin => ({ from: stamp(index++), atMs, instance });
  if (rejected !== undefined) {
    const { reason, value, isCut } = rejected;
    const event = eventIn(value);
    const content = event ? { event } : isCut ? { value } : { value, to: { topic: topics.commands, key: instance } };
    const about = { disposition: "rejected", reason, ...content, ...(isCut && { isCut }) } as const;
    messages.push(deadLetter(origin(), about));
  }
  if (instance === null) return messages;
  const headers = headersPassedOn(events);
  for (const event of events) {
    if (event.type === "EventProduced" && sinkOf(event, deploymentSink) !== undefined) index++;
    else for (const make of makersOf(instance, event, headers)) messages.push(make(origin()));
  }
  return messages;
}

/** The produced events of a fact that go to a sink, each with its number among what the fact sends. */
export function sinkEventsOf(
  { key: instance, decision }: DecidedFact<InstanceEvent>,
  deploymentSink: string | undefined,
): readonly { readonly produced: EventProduced; readonly url: string; readonly index: number }[] {
  const { events, rejected } = decision;
  if (instance === null || !events.some(({ type }) => type === "EventProduced")) return [];
  let index = rejected === undefined ? 0 : 1;
  return events.flatMap((event) => {
    const url = event.type === "EventProduced" ? sinkOf(event, deploymentSink) : undefined;
    const at = index;
    index += makersOf(instance, event, {}).length;
    return event.type === "EventProduced" && url !== undefined ? [{ produced: event, url, index: at }] : [];
  });
}

type Maker = (origin: Origin) => Outgoing;

/** The messages of one fact; `headers` are those of instances that it asks for. */
function makersOf(instance: string, event: InstanceEvent, headers: Headers): readonly Maker[] {
  const toFamily = familyOrder(instance, event, headers);
  if (toFamily !== undefined) return [toFamily];
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
      const { topic, event: produced, mode } = event;
      const { headers, body: value } = writeEvent(produced, mode ?? "structured", "ce_");
      const carried = { event: produced, ...(mode && { mode }) };
      return [
        (origin) => {
          const message = { topic, key: instance, value, headers, origin: { ...origin, ...carried } };
          return isMachineTopic(topic) ? undeliverable(message, "it is one of Antiphon's own") : message;
        },
      ];
    }
    default:
      return [];
  }
}

/** An event that a wait did not take goes back to where it was matched; others that nobody took are put aside. */
function ignored(instance: string, fact: EventIgnored): readonly Maker[] {
  const { event, disposition, reason, found, isWaiting, isCut } = fact;
  if (disposition === "duplicate") {
    // It was taken before: neither another wait may have it, nor is it lost. But its wait may need another.
    if (found.by !== "key" || isWaiting === undefined) return [];
    return [correlation(found.key, { type: "ReturnWait", instance, wait: found.wait, event: refOf(event) })];
  }
  const cut = isCut && { isCut };
  if (found.by === "key") {
    const open = isWaiting && { isOpen: isWaiting };
    return [correlation(found.key, { type: "RefuseEvent", instance, wait: found.wait, event, ...open, ...cut })];
  }
  return [(origin) => deadLetter(origin, { disposition, reason, event, ...cut })];
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
