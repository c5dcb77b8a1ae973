import type { Definition } from "../model.ts";
import { areCloudEvents, channelOf } from "./channels.ts";
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

type Configured = Pick<Definition, "properties">;

/** The topics on which events of a type come in. The type itself if it has no channel, or one over HTTP. */
export function incomingTopics({ properties }: Configured, eventType: string): readonly string[] {
  const channel = channelOf(properties, eventType, "incoming");
  return channel === undefined || channel.isHttp ? [eventType] : channel.topics;
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
  const mode = modeOf(definition, channel?.name);
  const how = mode === undefined ? {} : { mode };
  if (channel === undefined) return { topic: eventType, ...how };
  if (!channel.isHttp) return { topic: channel.topics[0] ?? channel.name, channel: channel.name, ...how };
  const sink = channel.url?.trim();
  return isUrl(sink) ? { topic: eventType, channel: channel.name, sink, ...how } : { topic: eventType, ...how };
}

/** Whether a text is the URL of something that takes requests. */
export function isUrl(text: string | undefined): text is string {
  return text !== undefined && /^https?:\/\/[^\s/?#${}]+[^\s{}]*$/i.test(text);
}

function modeOf(definition: Configured, channel: string | undefined): ContentMode | undefined {
  if (!areCloudEvents(definition)) return "data";
  const key = "kogito.addon.messaging.outgoing.cloudEventMode";
  const own = channel === undefined ? undefined : propertyOf(definition.properties, `${key}.${channel}`);
  const named = (own ?? propertyOf(definition.properties, key))?.trim().toLowerCase();
  return named === "binary" || named === "structured" ? named : undefined;
}
