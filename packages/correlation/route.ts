import type { AttributeValue } from "@antiphon/definition";
import {
  attributeOf,
  BUSINESS_KEY_ATTRIBUTE,
  broadcastKey,
  type Cardinality,
  type CloudEvent,
  type Command,
  type CorrelationInput,
  correlationKey,
  HOPS_ATTRIBUTE,
  HOPS_MAX,
  hopsOf,
  INSTANCE_ID_LENGTH_MAX,
  TENANT,
} from "@antiphon/protocol";
import { instanceNamed } from "./instance-named.ts";
import type { Awaited, Consumers, Starting, Subscriptions } from "./subscribe.ts";
import { ValuesSought } from "./value-in.ts";
import { whyUnmatched } from "./why-unmatched.ts";

/** Where an event goes. */
export type Destination =
  | { readonly to: "commands"; readonly command: Command }
  | { readonly to: "correlation"; readonly input: CorrelationInput }
  | { readonly to: "dead-letters"; readonly reason: string; readonly disposition: "unmatched" | "rejected" };

/** Makes ids that are the same for the same text, so that an event that is routed again starts nothing again. */
export interface Ids {
  deriveId(text: string): string;
}

/**
 * Where an event from outside goes, whichever way it came. The instance that it names comes first. An event that names
 * none is for every workflow that consumes its type: it starts those that it starts, and is offered, once for each set
 * of correlation attributes, to those that wait for it; under its business key to those that wait without any. What is
 * for nobody is a dead letter that says why; so is what has come around too often.
 */
export function route(event: CloudEvent, { types }: Pick<Subscriptions, "types">, ids: Ids): readonly Destination[] {
  const hops = hopsOf(event);
  if (hops > HOPS_MAX) {
    const reason = `${HOPS_ATTRIBUTE}: expected at most ${HOPS_MAX} instances that started each other by events, found ${hops}`;
    return [{ to: "dead-letters", reason, disposition: "rejected" }];
  }
  const consumers = types.get(event.type) ?? { awaited: [], starting: [] };
  const instance = instanceNamed(event, consumers);
  if (instance !== undefined && instance.length > INSTANCE_ID_LENGTH_MAX) {
    const reason = `the instance that the event names: expected at most ${INSTANCE_ID_LENGTH_MAX} characters, found ${instance.length}`;
    return [{ to: "dead-letters", reason, disposition: "unmatched" }];
  }
  if (instance !== undefined) {
    return [{ to: "commands", command: { type: "DeliverEvent", instance, event, found: { by: "instance" } } }];
  }
  const destinations = [...offers(event, consumers), ...starts(event, consumers.starting, ids)];
  if (destinations.length > 0) return destinations;
  return [{ to: "dead-letters", reason: whyUnmatched(event, consumers), disposition: "unmatched" }];
}

function offers(event: CloudEvent, { awaited, starting }: Consumers): readonly Destination[] {
  const started = new Set(starting.map(({ workflow }) => workflow));
  const values = new ValuesSought(event);
  const byKey = new Map<string, Awaited[]>();
  for (const one of awaited) {
    // What an event starts has the business key from then on; nobody can have waited for it before.
    const isOffered = one.attributes.length > 0 || one.broadcast || !started.has(one.workflow);
    const key = isOffered ? keyOf(event, one, values) : undefined;
    if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), one]);
  }
  return [...byKey].map(([key, by]) => {
    const bufferMs = Math.max(...by.map((one) => one.bufferMs));
    return { to: "correlation", input: { type: "OfferEvent", key, event, cardinality: widest(by), bufferMs } };
  });
}

function keyOf(event: CloudEvent, one: Awaited, sought: ValuesSought): string | undefined {
  if (one.broadcast) return broadcastKey(TENANT, event.type);
  if (one.attributes.length === 0) {
    const businessKey = attributeOf(event, BUSINESS_KEY_ATTRIBUTE);
    return correlationKey(TENANT, event.type, { [BUSINESS_KEY_ATTRIBUTE]: businessKey });
  }
  const values = one.attributes.map((name) => [name, textIn(sought.of(one, name))] as const);
  return correlationKey(TENANT, event.type, Object.fromEntries(values));
}

function textIn(value: AttributeValue): string | undefined {
  return "value" in value ? value.value : undefined;
}

/** Where definitions that share a key declare different cardinalities, nobody gets less than his own promised. */
function widest(awaited: readonly Awaited[]): Cardinality {
  const order = ["all", "one", "reject"] as const;
  return order.find((cardinality) => awaited.some((one) => one.cardinality === cardinality)) ?? "one";
}

function starts(event: CloudEvent, starting: readonly Starting[], { deriveId }: Ids): readonly Destination[] {
  return starting.map(({ workflow, definition, event: name }) => ({
    to: "commands",
    command: {
      type: "StartInstance",
      instance: deriveId(JSON.stringify(["start", workflow, event.source, event.id])),
      workflow,
      definition,
      data: {},
      headers: attributesOf(event),
      event: { name, event },
    },
  }));
}

function attributesOf(event: CloudEvent): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const name of Object.keys(event)) {
    const value = name === "data" || name === "data_base64" ? undefined : attributeOf(event, name);
    if (value !== undefined) attributes[name] = value;
  }
  return attributes;
}
