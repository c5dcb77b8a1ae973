import type { OpenApiOperation } from "@antiphon/definition";
import { isJsonObject, type Json, type JsonObject } from "@antiphon/protocol";
import { setOwn } from "../data/merge.ts";
import { callbackUrl } from "../language/variables.ts";
import type { Visit } from "../token/visit.ts";

/**
 * The arguments of an operation with the callback's URL wherever its `callbacks` say that the request carries one
 * (`$request.body#/a/b`, `$request.query.x`, `.header.x`, `.path.x`), unless the definition has put something there.
 * Only a callback state waits for that answer; anywhere else the arguments stay as they are.
 */
export function withCallbackUrl(operation: OpenApiOperation, args: Json, visit: Visit): Json {
  if (visit.state.state.type !== "callback" || !isJsonObject(args)) return args;
  let filled: JsonObject = args;
  for (const { url } of operation.callbacks) {
    const path = placeOf(url);
    if (path !== undefined && path.length > 0) filled = put(filled, path, callbackUrl(visit));
  }
  return filled;
}

function placeOf(expression: string): readonly string[] | undefined {
  const body = /^\$request\.body#((?:\/[^/]*)+)$/.exec(expression.trim())?.[1];
  if (body !== undefined) {
    const names = body.slice(1).split("/");
    return names.map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  }
  const parameter = /^\$request\.(?:query|header|path)\.(.+)$/.exec(expression.trim())?.[1];
  return parameter === undefined ? undefined : [parameter];
}

function put(object: JsonObject, [name, ...rest]: readonly string[], url: string): JsonObject {
  if (name === undefined) return object;
  const present = Object.hasOwn(object, name) ? (object[name] ?? null) : null;
  const filled: Record<string, Json> = { ...object };
  if (rest.length === 0) {
    if (present !== null) return object;
    setOwn(filled, name, url);
  } else {
    // What stands in the way was put there by the definition.
    if (present !== null && !isJsonObject(present)) return object;
    setOwn(filled, name, put(present ?? {}, rest, url));
  }
  return filled;
}
