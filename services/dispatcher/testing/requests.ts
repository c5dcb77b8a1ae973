import type { FunctionDefinition, OpenApiOperation, OpenApiParameter } from "@antiphon/definition";
import type { ActionRequested, Json } from "@antiphon/protocol";
import { ActionError } from "../perform/action-error.ts";
import { callerHeaders } from "../request/caller-headers.ts";
import { assemble, type HttpRequest } from "../request/http-request.ts";
import { openApiRequest } from "../request/openapi-request.ts";
import { restRequest } from "../request/rest-request.ts";
import { definitionOf, requested } from "./world.ts";

export type HttpFunction = Extract<FunctionDefinition, { readonly kind: "openapi" | "http" }>;

/** The headers of every request of a test. */
export const DEFAULTS = {
  accept: "application/json, text/*;q=0.9, */*;q=0.8",
  kogitoprocinstanceid: "i-1",
  kogitoprocid: "orders",
  kogitoprocversion: "1.2",
  kogitoproctype: "SW",
  kogitoprocist: "Active",
  "idempotency-key": "i-1:1.a",
};

export const JSON_BODY = { "content-type": "application/json" };

/** A parameter in the style that its place has unless another one is named. */
export function parameter(
  name: string,
  place: OpenApiParameter["in"],
  more: Partial<OpenApiParameter> = {},
): OpenApiParameter {
  const isForm = place === "query" || place === "cookie";
  const style = isForm ? "form" : "simple";
  return { name, in: place, required: place === "path", style, explode: isForm, ...more };
}

/** A function `call` that is an operation; its request has no body unless that is said. */
export function operation(more: Partial<OpenApiOperation>): Extract<HttpFunction, { readonly kind: "openapi" }> {
  const shop: OpenApiOperation = {
    document: "specs/shop.yaml",
    operationId: "op",
    method: "POST",
    path: "/orders",
    parameters: [],
    server: "https://shop.test/api/",
    security: [],
    callbacks: [],
    ...more,
  };
  return { kind: "openapi", name: "call", operation: shop, metadata: {} };
}

/** A function `call` that has a URL. */
export function rest(method: string, url: string): HttpFunction {
  return { kind: "http", name: "call", method, url, metadata: {} };
}

/** The request that a function makes of arguments. */
export function built(
  called: HttpFunction,
  args: Json,
  properties: Readonly<Record<string, string>> = {},
  more: Partial<ActionRequested> = {},
): HttpRequest {
  const definition = definitionOf({ call: called }, properties);
  const asked = { ...requested("1.a", "call", args), ...more };
  const parts =
    called.kind === "openapi"
      ? openApiRequest(definition, called.operation, asked)
      : restRequest(definition, called, args);
  return assemble(parts, callerHeaders(definition, "i-1", asked));
}

/** The same in a line: what stands between method and headers, and the body. */
export function line(...given: Parameters<typeof built>): string {
  const { method, origin, path, body } = built(...given);
  return `${method} ${origin}${path}${body === undefined ? "" : ` ${body}`}`;
}

/** Why a function makes no request of arguments. */
export function refused(...given: Parameters<typeof built>): string {
  let found: unknown;
  try {
    found = built(...given);
  } catch (error) {
    if (error instanceof ActionError && error.error.code === "400") return error.message;
    throw error;
  }
  throw new Error(`expected no request, found ${JSON.stringify(found)}`);
}
