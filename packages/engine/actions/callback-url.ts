import {
  type CallbackState,
  channelOf,
  type Definition,
  type FunctionDefinition,
  type OpenApiOperation,
} from "@antiphon/definition";
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

/**
 * Whether the answer to a callback state comes by its URL alone: its action carries the URL out, because its operation's
 * `callbacks` or its arguments say so, and neither a correlation nor a channel of the definition is another way for the event.
 */
export function isAnsweredByUrl({ properties }: Pick<Definition, "properties">, state: CallbackState): boolean {
  const { action, event } = state;
  if (action === undefined || action.call.kind !== "function") return false;
  if (event.correlation.length > 0 || channelOf(properties, event.type, "incoming") !== undefined) return false;
  const { function: called, arguments: given } = action.call;
  return carriesUrl(called, given) || NAMES_URL.test(JSON.stringify([given ?? null, called]));
}

const NAMES_URL = /\$WORKFLOW\s*\.\s*callbackUrl\b/;

function carriesUrl(called: FunctionDefinition, given: Json | undefined): boolean {
  if (called.kind !== "openapi") return false;
  return called.operation.callbacks.some(({ url }) => {
    const [name] = placeOf(url) ?? [];
    return name !== undefined && !(isJsonObject(given) && Object.hasOwn(given, name));
  });
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
