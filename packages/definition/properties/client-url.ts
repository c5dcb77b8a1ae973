import type { Definition, OpenApiOperation } from "../model.ts";
import { propertyOf } from "./properties.ts";

/** What a client's configuration is read by. */
export type Configured = Pick<Definition, "id" | "functions" | "properties">;

/** Where a service is that neither configuration nor its document tells the place of. */
const DEFAULT_BASE_URL = "http://localhost:8080";

/** The URL that an operation's path is appended to: as configured, else the document's first server; no slash at its end. */
export function baseUrlOf(definition: Configured, operation: OpenApiOperation): string {
  const url = clientProperty(definition, operation, "url");
  if (url !== undefined) return withoutSlash(url);
  const server = operation.server ?? "";
  return withoutSlash(
    /^[a-z][a-z\d+.-]*:/i.test(server) ? server : `${DEFAULT_BASE_URL}/${server.replace(/^\/+/, "")}`,
  );
}

/** The same for one of several services of an operation, `quarkus.rest-client."{key}.{member}".url`; undefined: there is none. */
export function baseUrlOfMember(
  definition: Configured,
  operation: OpenApiOperation,
  member: string,
): string | undefined {
  // SonataFlow's own examples leave the ending of the document out of this key.
  const name = clientName(definition, operation);
  const names = [
    ...spellingsOf(name),
    ...spellingsOf(name.replace(/\.\w+$/, "")),
    functionNameOf(definition, operation),
  ];
  for (const one of names) {
    const key = `${one}.${member}`;
    const url =
      propertyOf(definition.properties, `quarkus.rest-client."${key}".url`) ??
      propertyOf(definition.properties, `quarkus.rest-client.${key}.url`);
    if (url !== undefined) return withoutSlash(url);
  }
  return undefined;
}

/** A property of an operation's client, `quarkus.rest-client.{key}.{name}`; undefined: it is not set. */
export function clientProperty(definition: Configured, operation: OpenApiOperation, name: string): string | undefined {
  for (const key of clientKeys(definition, operation)) {
    const value = propertyOf(definition.properties, `quarkus.rest-client.${key}.${name}`);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The keys that an operation's client may be configured under, as `kogito.sw.operationIdStrategy` says. */
export function clientKeys(definition: Configured, operation: OpenApiOperation): readonly string[] {
  return spellingsOf(clientName(definition, operation)).flatMap((spelling) => [spelling, `"${spelling}"`]);
}

/** SonataFlow's own examples keep hyphens in some keys and not in others. */
export function spellingsOf(name: string): readonly string[] {
  return [...new Set([name.replace(/[^A-Za-z0-9]/g, "_"), name.replace(/[^A-Za-z0-9-]/g, "_"), name])];
}

function clientName(definition: Configured, operation: OpenApiOperation): string {
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

function functionNameOf(definition: Configured, operation: OpenApiOperation): string {
  const functions = Object.values(definition.functions);
  return functions.find((one) => one.kind === "openapi" && one.operation === operation)?.name ?? "";
}

function withoutSlash(url: string): string {
  return url.replace(/(?<!\/)\/+$/, "");
}
