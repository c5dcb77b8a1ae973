import { baseUrlOf, type Definition, type OpenApiOperation } from "@antiphon/definition";
import { isJsonObject, type Json } from "@antiphon/protocol";
import type { RequestParts } from "./http-request.ts";
import { form, simple } from "./parameter-text.ts";
import { fillTemplate } from "./path-template.ts";

/**
 * A request for an operation: arguments that have the name of a parameter go where the parameter goes, the rest is the
 * body. Arguments that are no object are the body.
 */
export function openApiRequest(definition: Definition, operation: OpenApiOperation, args: Json): RequestParts {
  const given: Readonly<Record<string, Json>> = isJsonObject(args) ? args : {};
  const argument = (name: string): Json | undefined => (Object.hasOwn(given, name) ? given[name] : undefined);
  const query: string[] = [];
  const headers: [string, string][] = [];
  const cookies: string[] = [];
  for (const { name, in: place } of operation.parameters) {
    const value = argument(name) ?? null;
    if (value === null) continue;
    switch (place) {
      case "path":
        break;
      case "query":
        query.push(...form(name, value));
        break;
      case "header":
        headers.push([name, simple(value)]);
        break;
      case "cookie":
        cookies.push(...form(name, value));
    }
  }
  if (cookies.length > 0) headers.push(["cookie", cookies.join("; ")]);
  const body = operation.hasBody ? bodyOf(operation, args) : null;
  return {
    method: operation.method,
    base: baseUrlOf(definition, operation),
    path: fillTemplate(operation.path, argument),
    query,
    headers,
    ...(body !== null && { body }),
  };
}

function bodyOf({ parameters }: OpenApiOperation, args: Json): Json {
  if (!isJsonObject(args)) return args;
  const taken = new Set(parameters.map(({ name }) => name));
  return Object.fromEntries(Object.entries(args).filter(([name]) => !taken.has(name)));
}
