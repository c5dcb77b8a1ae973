import type { Definition, OpenApiOperation } from "../model.ts";
import { propertyOf } from "./properties.ts";

/**
 * The topic on which events of a type come in or go out, by the keys of SonataFlow's messaging. The type itself if there is
 * no channel for it, or one over HTTP, which has no topic.
 */
export function topicOf(
  { properties }: Pick<Definition, "properties">,
  eventType: string,
  direction: "incoming" | "outgoing",
): string {
  const addOn = `kogito.addon.messaging.${direction}`;
  const assigned = propertyOf(properties, `${addOn}.trigger.${eventType}`);
  const common = propertyOf(properties, `${addOn}.defaultName`) ?? `kogito_${direction}_stream`;
  const channel = isChannel(eventType) ? eventType : (assigned ?? (isChannel(common) ? common : undefined));
  if (channel === undefined || channelProperty(channel, "connector") === "quarkus-http") return eventType;
  return channelProperty(channel, "topic") ?? channel;

  function isChannel(name: string): boolean {
    return channelProperty(name, "connector") !== undefined || channelProperty(name, "topic") !== undefined;
  }

  function channelProperty(name: string, attribute: string): string | undefined {
    const prefix = `mp.messaging.${direction}`;
    const plain = propertyOf(properties, `${prefix}.${name}.${attribute}`);
    return plain ?? propertyOf(properties, `${prefix}."${name}".${attribute}`);
  }
}

/** Where a service is that neither configuration nor its document tells the place of. */
const DEFAULT_BASE_URL = "http://localhost:8080";

/** The URL that an operation's path is appended to: as configured, else the document's first server; no slash at its end. */
export function baseUrlOf(definition: Definition, operation: OpenApiOperation): string {
  for (const key of clientKeys(definition, operation)) {
    const url = propertyOf(definition.properties, `quarkus.rest-client.${key}.url`);
    if (url !== undefined) return withoutSlash(url);
  }
  const server = operation.server ?? "";
  return withoutSlash(
    /^[a-z][a-z\d+.-]*:/i.test(server) ? server : `${DEFAULT_BASE_URL}/${server.replace(/^\/+/, "")}`,
  );
}

/** The keys that an operation's client may be configured under, as `kogito.sw.operationIdStrategy` says. */
function clientKeys(definition: Definition, operation: OpenApiOperation): readonly string[] {
  const name = clientName(definition, operation);
  // SonataFlow's own examples keep hyphens in some keys and not in others.
  const spellings = [name.replace(/[^A-Za-z0-9]/g, "_"), name.replace(/[^A-Za-z0-9-]/g, "_"), name];
  return spellings.flatMap((spelling) => [spelling, `"${spelling}"`]);
}

function clientName(definition: Definition, operation: OpenApiOperation): string {
  const path = operation.document.replace(/^(?:classpath|file):\/*/i, "");
  switch (propertyOf(definition.properties, "kogito.sw.operationIdStrategy")) {
    case "FULL_URI":
      return path;
    case "FUNCTION_NAME":
      return `${definition.id}_${functionNameOf(definition, operation)}`;
    case "SPEC_TITLE":
      return operation.title ?? "";
    default:
      return path.slice(path.lastIndexOf("/") + 1);
  }
}

function functionNameOf(definition: Definition, operation: OpenApiOperation): string {
  const functions = Object.values(definition.functions);
  return functions.find((one) => one.kind === "openapi" && one.operation === operation)?.name ?? "";
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
