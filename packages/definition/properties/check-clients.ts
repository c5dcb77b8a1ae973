import { memberOf, type Node, type Place, textOf } from "../document/node.ts";
import type { Problems } from "../document/problems.ts";
import type { Definition, FunctionDefinition } from "../model.ts";
import { baseUrlOf, clientKeys, clientProperty } from "./client-url.ts";

/**
 * Notes the functions of a definition whose service is nowhere: neither the configuration nor their OpenAPI document has
 * a URL. SonataFlow asked `localhost:8080` then, and so do we, but it is hardly what was meant.
 */
export function checkClients(definition: Definition, document: Node | undefined, notes: Problems): void {
  const list = memberOf(document, "functions") ?? document;
  const places = placesIn(list);
  for (const called of Object.values(definition.functions)) {
    if (!isNowhere(definition, called)) continue;
    const { operation } = called;
    const [key = ""] = clientKeys(definition, operation);
    const expected = `a URL, as property "quarkus.rest-client.${key}.url" or among the servers of ${operation.document}`;
    const place = places.get(called.name) ?? list;
    if (place !== undefined) notes.report(place, expected, `none: ${baseUrlOf(definition, operation)} is asked`);
  }
}

function isNowhere(
  definition: Definition,
  called: FunctionDefinition,
): called is FunctionDefinition & { kind: "openapi" } {
  if (called.kind !== "openapi" || typeof called.metadata.configKey === "string") return false;
  const { operation } = called;
  return !hasHost(operation.server ?? "") && clientProperty(definition, operation, "url") === undefined;
}

function hasHost(server: string): boolean {
  return /^[a-z][a-z\d+.-]*:/i.test(server);
}

/** Where the functions of a list stand, by their names; none if the list is in a file of its own. */
function placesIn(list: Node | undefined): ReadonlyMap<string | undefined, Place> {
  const items = list?.kind === "array" ? list.items : [];
  return new Map(items.map((item) => [textOf(memberOf(item, "name")), item]));
}
