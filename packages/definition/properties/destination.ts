import type { Definition } from "../model.ts";
import { areCloudEvents, channelOf, commonName, type Direction, ownChannelOf } from "./channels.ts";
import { propertyOf } from "./properties.ts";

/** How an event is written: its attributes in headers, all in one document, or nothing but its data. */
export type ContentMode = "binary" | "structured" | "data";

/** Where events of one type go. */
export interface Destination {
  /** What it is named on a log, in whatever way it goes. */
  readonly topic: string;
  /** The channel that says so; absent: none, so that a deployment's own sink comes first. */
  readonly channel?: string;
  /** The URL that they are posted to. */
  readonly sink?: string;
  /** Absent: what is usual on the way, structured on a topic and binary over HTTP. */
  readonly mode?: ContentMode;
}

/** `functions` says which types are channels of AsyncAPI documents; absent: none. */
type Configured = Pick<Definition, "properties"> & Partial<Pick<Definition, "functions">>;

/**
 * The topics on which events of a type come in. The type itself if it has no channel, or one over HTTP. Beside the topics of
 * the common channel, a channel of an AsyncAPI document has its own.
 */
export function incomingTopics(definition: Configured, eventType: string): readonly string[] {
  const channel = channelOf(definition.properties, eventType, "incoming");
  if (channel === undefined || channel.isHttp) return [eventType];
  if (!isOfDocument(definition, eventType, "incoming")) return channel.topics;
  return [...new Set([eventType, ...channel.topics])];
}

/** The method and the path by which events of a type come in over HTTP, `POST /wait`; undefined: their channel has none. */
export function incomingPath({ properties }: Configured, eventType: string): string | undefined {
  const channel = channelOf(properties, eventType, "incoming");
  if (channel?.path === undefined) return undefined;
  return `${channel.method} /${channel.path.replace(/^\/+|(?<!\/)\/+$/g, "")}`;
}

/**
 * Where events of a type go out to. A channel over HTTP without a URL that can be used counts as none: then it is the
 * deployment's sink, and without one the topic that is named like the type.
 */
export function destinationOf(definition: Configured, eventType: string): Destination {
  const channel = channelOf(definition.properties, eventType, "outgoing");
  const mode = modeOf(definition, channel?.name ?? commonName(definition.properties, "outgoing"));
  const how = mode === undefined ? {} : { mode };
  if (channel === undefined) return { topic: eventType, ...how };
  if (!channel.isHttp && isOfDocument(definition, eventType, "outgoing")) {
    return { topic: eventType, channel: eventType, ...how };
  }
  if (!channel.isHttp) return { topic: channel.topics[0] ?? channel.name, channel: channel.name, ...how };
  const sink = channel.url?.trim();
  return isUrl(sink) ? { topic: eventType, channel: channel.name, sink, ...how } : { topic: eventType, ...how };
}

/** Whether a type is a channel of an AsyncAPI document, which says its topic, and has no other channel of its own. */
function isOfDocument({ properties, functions = {} }: Configured, eventType: string, direction: Direction): boolean {
  const isChannel = Object.values(functions).some((one) => one.kind === "asyncapi" && one.channel === eventType);
  return isChannel && ownChannelOf(properties, eventType, direction) === undefined;
}

/** Whether a text is the URL of something that takes requests. */
export function isUrl(text: string | undefined): text is string {
  return text !== undefined && /^https?:\/\/[^\s/?#${}]+[^\s{}]*$/i.test(text);
}

function modeOf(definition: Configured, channel: string): ContentMode | undefined {
  if (!areCloudEvents(definition)) return "data";
  const key = "kogito.addon.messaging.outgoing.cloudEventMode";
  const own = propertyOf(definition.properties, `${key}.${channel}`);
  const named = (own ?? propertyOf(definition.properties, key))?.trim().toLowerCase();
  return named === "binary" || named === "structured" ? named : undefined;
}
