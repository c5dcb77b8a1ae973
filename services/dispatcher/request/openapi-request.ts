import { baseUrlOf, baseUrlOfMember, type Definition, type OpenApiOperation } from "@antiphon/definition";
import { type ActionRequested, isJsonObject, type Json } from "@antiphon/protocol";
import { ActionError } from "../perform/action-error.ts";
import { bodyOf } from "./body.ts";
import type { RequestParts } from "./http-request.ts";
import { headerText, pathText, queryPairs } from "./parameter-styles.ts";
import { fillTemplate } from "./path-template.ts";

/**
 * A request for an operation: arguments that have the name of a parameter go where the parameter goes, the rest is the
 * body. Arguments that are no object are the body. Throws `ActionError`.
 */
export function openApiRequest(
  definition: Definition,
  operation: OpenApiOperation,
  { arguments: args, service }: ActionRequested,
): RequestParts {
  const { parameters } = operation;
  const given: Readonly<Record<string, Json>> = isJsonObject(args) ? args : {};
  const argument = (name: string): Json => (Object.hasOwn(given, name) ? (given[name] ?? null) : null);
  const inPath = new Map(parameters.filter((it) => it.in === "path").map((it) => [it.name, it]));
  const query: string[] = [];
  const headers: [string, string][] = [];
  const cookies: string[] = [];
  for (const parameter of parameters) {
    const { name, in: place, required } = parameter;
    const value = argument(name) ?? (required ? (parameter.default ?? null) : null);
    if (value === null) continue;
    if (place === "query") query.push(...queryPairs(parameter, value));
    else if (place === "header") headers.push([name, headerText(parameter, value)]);
    else if (place === "cookie") cookies.push(...queryPairs(parameter, value));
  }
  if (cookies.length > 0) headers.push(["cookie", cookies.join("; ")]);
  const body = operation.body && bodyOf(operation.body, withoutParameters(operation, args));
  return {
    method: operation.method,
    base: service === undefined ? baseUrlOf(definition, operation) : baseUrlOfService(definition, operation, service),
    path: fillTemplate(
      operation.path,
      (name) => argument(name) ?? inPath.get(name)?.default,
      (value, name) => pathText(inPath.get(name) ?? { name, style: "simple", explode: false }, value),
    ),
    query,
    headers,
    ...(body !== undefined && { body }),
  };
}

function withoutParameters({ parameters }: OpenApiOperation, args: Json): Json {
  if (!isJsonObject(args)) return args;
  const taken = new Set(parameters.map(({ name }) => name));
  return Object.fromEntries(Object.entries(args).filter(([name]) => !taken.has(name)));
}

function baseUrlOfService(definition: Definition, operation: OpenApiOperation, service: string): string {
  const url = baseUrlOfMember(definition, operation, service);
  if (url !== undefined) return url;
  const expected = 'expected "quarkus.rest-client" to have a url for the service that configKey names';
  throw new ActionError(
    "400",
    `operation "${operation.operationId}": ${expected}, found none for ${JSON.stringify(service)}`,
  );
}
