import {
  baseUrlOf,
  baseUrlOfMember,
  type Definition,
  type OpenApiOperation,
  type OpenApiParameter,
} from "@antiphon/definition";
import { type ActionRequested, isJsonObject, type Json } from "@antiphon/protocol";
import { ActionError } from "../perform/action-error.ts";
import { toTypes } from "../types/to-types.ts";
import { bodyOf } from "./body.ts";
import type { RequestParts } from "./http-request.ts";
import { headerText, pathText, queryPairs } from "./parameter-styles.ts";
import { fillTemplate } from "./path-template.ts";

/**
 * A request for an operation: arguments that have the name of a parameter go where the parameter goes, the rest is the
 * body. Arguments that are no object are the body; so are those that nobody gave (`asBody`), of which only parameters
 * that must be there are taken. A JSON body goes out in the types of its schema; `tellMisfits` hears of values that do not
 * fit. Throws `ActionError`.
 */
export function openApiRequest(
  definition: Definition,
  operation: OpenApiOperation,
  { arguments: args, asBody, service }: ActionRequested,
  tellMisfits: (misfits: readonly string[]) => void = () => {},
): RequestParts {
  const given: Readonly<Record<string, Json>> = isJsonObject(args) ? args : {};
  const argumentFor = ({ name, required, default: absent = null }: OpenApiParameter): Json => {
    const value = Object.hasOwn(given, name) && (required || !asBody) ? (given[name] ?? null) : null;
    return required ? (value ?? absent) : value;
  };
  const inPath = new Map(operation.parameters.filter((it) => it.in === "path").map((it) => [it.name, it]));
  const parameterOf = (name: string): OpenApiParameter => inPath.get(name) ?? { ...UNDECLARED, name };
  const typed = toTypes(operation.body?.types ?? [], asBody ? args : withoutParameters(operation, args));
  tellMisfits(typed.misfits);
  const body = operation.body && bodyOf(operation.body, typed.value);
  return {
    method: operation.method,
    base: service === undefined ? baseUrlOf(definition, operation) : baseUrlOfService(definition, operation, service),
    path: fillTemplate(
      operation.path,
      (name) => argumentFor(parameterOf(name)),
      (value, name) => pathText(parameterOf(name), value),
    ),
    ...placed(operation.parameters, argumentFor),
    ...(body !== undefined && { body }),
  };
}

/** A placeholder of a path that the document says nothing more about. */
const UNDECLARED = { in: "path", required: true, style: "simple", explode: false } as const;

/** What parameters put into the query and the headers. */
function placed(
  parameters: readonly OpenApiParameter[],
  argumentFor: (parameter: OpenApiParameter) => Json,
): Pick<RequestParts, "query" | "headers"> {
  const query: string[] = [];
  const headers: [string, string][] = [];
  const cookies: string[] = [];
  for (const parameter of parameters) {
    const value = argumentFor(parameter);
    if (value === null) continue;
    switch (parameter.in) {
      case "path":
        break;
      case "query":
        query.push(...queryPairs(parameter, value));
        break;
      case "header":
        headers.push([parameter.name, headerText(parameter, value)]);
        break;
      case "cookie":
        cookies.push(...queryPairs(parameter, value));
    }
  }
  if (cookies.length > 0) headers.push(["cookie", cookies.join("; ")]);
  return { query, headers };
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
