import { type Definition, type FunctionDefinition, hasBody, namesArgument, propertyOf } from "@antiphon/definition";
import { isJsonObject, type Json } from "@antiphon/protocol";
import { jsonBody } from "./body.ts";
import type { RequestParts } from "./http-request.ts";
import { form, simple } from "./parameter-text.ts";
import { fillTemplate } from "./path-template.ts";

type RestFunction = Extract<FunctionDefinition, { readonly kind: "http" }>;

/**
 * A request for a function `rest:METHOD:url`: arguments fill the `{…}` of the URL, `HEADER_x` and `QUERY_x` go where they
 * say, and the rest is the body, for methods that have one. Arguments that are no object are the body.
 */
export function restRequest(definition: Definition, called: RestFunction, args: Json): RequestParts {
  const rest = new Map<string, Json>(isJsonObject(args) ? Object.entries(args) : []);
  const [, origin, path = "", ownQuery = ""] =
    /^([a-z][a-z\d+.-]*:\/\/[^/?#]*)?([^?#]*)(?:\?([^#]*))?/i.exec(called.url) ?? [];
  const used = new Set<string>();
  const argument = (name: string): Json | undefined => {
    used.add(name);
    return rest.get(name);
  };
  const filled = { path: fillTemplate(path, argument), query: fillTemplate(ownQuery, argument) };
  for (const name of used) rest.delete(name);
  const headers: [string, string][] = [];
  const query = filled.query === "" ? [] : [filled.query];
  for (const [name, value] of rest) {
    const [, place, own = ""] = /^(HEADER|QUERY)_(.+)$/s.exec(name) ?? [];
    if (place === undefined) continue;
    rest.delete(name);
    if (value === null) continue;
    if (place === "HEADER" && isTakenFromData(definition, called, name)) continue;
    if (place === "HEADER") headers.push([own, simple(value)]);
    else query.push(...form(own, value));
  }
  const body = isJsonObject(args) ? Object.fromEntries(rest) : args;
  return {
    method: called.method,
    base: origin ?? configuredBase(definition, called.name),
    path: path.startsWith("/") || path === "" ? filled.path : `/${filled.path}`,
    query,
    headers,
    ...(hasBody(called.method) && body !== null && { body: jsonBody(body) }),
  };
}

/**
 * A repeated request is told by `Idempotency-Key`, and who asks by the headers of the caller: data that happens to have
 * members of such names does not replace them. An author who names them in a definition does.
 */
function isTakenFromData(definition: Definition, called: RestFunction, argument: string): boolean {
  return /^HEADER_(?:idempotency-key|kogito.*)$/i.test(argument) && !namesArgument(definition, called.name, argument);
}

/** Where a URL leads that is a path only. */
function configuredBase({ properties }: Definition, name: string): string {
  const property = (key: string, otherwise: string) =>
    propertyOf(properties, `kogito.sw.functions.${name}.${key}`) ?? otherwise;
  return `${property("protocol", "http")}://${property("host", "localhost")}:${property("port", "80")}`;
}
