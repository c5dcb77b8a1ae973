import { propertyOf } from "./properties.ts";

/** Whether events come in by a channel or go out by it. */
export type Direction = "incoming" | "outgoing";

type Properties = Readonly<Record<string, string>>;

/** What makes a name a channel where it is configured: `mp.messaging.{direction}.{channel}.{attribute}`. */
const ATTRIBUTES = [
  "connector",
  "topic",
  "topics",
  "path",
  "method",
  "url",
  "group.id",
  "bootstrap.servers",
  "auto.offset.reset",
  "value.deserializer",
  "value.serializer",
  "failure-strategy",
] as const;

/** A channel of SonataFlow's messaging, as its properties have it. */
export interface Channel {
  readonly name: string;
  readonly connector?: string;
  /** Over HTTP, which has no topics. */
  readonly isHttp: boolean;
  /** The topics; one only where events go out. */
  readonly topics: readonly string[];
  /** Where events come in over HTTP, and by which method. */
  readonly path?: string;
  readonly method: string;
  /** Where events go out to over HTTP. */
  readonly url?: string;
  /** The class that reads or writes values. */
  readonly codec?: string;
  /** The marshaller or unmarshaller that is named for it. */
  readonly marshaller?: string;
}

/**
 * The channel of an event type: the one that is named like the type, else the one that the type is assigned to, else the
 * common one. Undefined: none is configured.
 */
export function channelOf(properties: Properties, eventType: string, direction: Direction): Channel | undefined {
  return (
    ownChannelOf(properties, eventType, direction) ??
    channelNamed(properties, commonName(properties, direction), direction)
  );
}

/** The channel that is named like an event type, or that the type is assigned to; undefined: it has none of its own. */
export function ownChannelOf(properties: Properties, eventType: string, direction: Direction): Channel | undefined {
  const addOn = `kogito.addon.messaging.${direction}`;
  const own = channelNamed(properties, eventType, direction);
  if (own !== undefined) return own;
  const assigned =
    propertyOf(properties, `${addOn}.trigger.${eventType}`) ??
    propertyOf(properties, `${addOn}.trigger."${eventType}"`);
  return assigned === undefined ? undefined : channel(properties, assigned, direction);
}

/** The name of the channel of all types that have none of their own, whether it is configured or not. */
export function commonName(properties: Properties, direction: Direction): string {
  return propertyOf(properties, `kogito.addon.messaging.${direction}.defaultName`) ?? `kogito_${direction}_stream`;
}

/** The channel of this very name; undefined: it is not configured. */
export function channelNamed(properties: Properties, name: string, direction: Direction): Channel | undefined {
  return isChannel(properties, name, direction) ? channel(properties, name, direction) : undefined;
}

/** Whether events are CloudEvents (`kogito.messaging.as-cloudevents`), and not their data alone. */
export function areCloudEvents({ properties }: { readonly properties: Properties }): boolean {
  return propertyOf(properties, "kogito.messaging.as-cloudevents")?.trim().toLowerCase() !== "false";
}

function isChannel(properties: Properties, name: string, direction: Direction): boolean {
  return ATTRIBUTES.some((attribute) => attributeOf(properties, name, direction, attribute) !== undefined);
}

function channel(properties: Properties, name: string, direction: Direction): Channel {
  const attribute = (key: string): string | undefined => attributeOf(properties, name, direction, key);
  const { url, path, connector } = {
    url: attribute("url"),
    path: attribute("path"),
    connector: attribute("connector"),
  };
  const isHttp = connector === undefined ? url !== undefined || path !== undefined : /\bhttp$/.test(connector);
  const codec = attribute(direction === "incoming" ? "value.deserializer" : "value.serializer");
  const marshaller = propertyOf(
    properties,
    `kogito.addon.messaging.${direction === "incoming" ? "unmarshaller" : "marshaller"}.${name}`,
  );
  return {
    name,
    isHttp,
    topics: isHttp ? [] : topicsOf(attribute("topics") ?? attribute("topic"), name),
    method: (attribute("method") ?? "POST").toUpperCase(),
    ...(connector !== undefined && { connector }),
    ...(path !== undefined && { path }),
    ...(url !== undefined && { url }),
    ...(codec !== undefined && { codec }),
    ...(marshaller !== undefined && { marshaller }),
  };
}

function topicsOf(written: string | undefined, name: string): readonly string[] {
  const named = (written ?? "").split(",").map((topic) => topic.trim());
  return named.some((topic) => topic !== "") ? named.filter((topic) => topic !== "") : [name];
}

/** An attribute of a channel, whose name may stand in quotes. */
function attributeOf(properties: Properties, name: string, direction: Direction, key: string): string | undefined {
  const prefix = `mp.messaging.${direction}`;
  return propertyOf(properties, `${prefix}.${name}.${key}`) ?? propertyOf(properties, `${prefix}."${name}".${key}`);
}
