import type { OpenApiBody } from "@antiphon/definition";
import { formatJson, isJsonObject, isJsonType, type Json } from "@antiphon/protocol";
import { ActionError } from "../perform/action-error.ts";
import { bytesOf } from "./bytes.ts";
import { formBody } from "./form-body.ts";
import { multipartBody } from "./multipart-body.ts";
import { textOf } from "./parameter-text.ts";

/** The body of a request, as it is sent. */
export interface Body {
  readonly contentType: string;
  readonly content: string | Uint8Array;
}

/** A value as JSON. */
export function jsonBody(value: Json, contentType = "application/json"): Body {
  return { contentType, content: formatJson(value) };
}

/**
 * A value in the media type of an operation's body; undefined: it says nothing. What is neither JSON nor made of members
 * is a text, or bytes: where arguments are left that have names, there must be one of them, and its value is meant.
 * Throws `ActionError`.
 */
export function bodyOf({ mediaType, parts = {} }: OpenApiBody, value: Json): Body | undefined {
  if (isJsonType(mediaType)) return jsonBody(value, mediaType);
  const type = mediaType.toLowerCase();
  const isForm = type.startsWith("application/x-www-form-urlencoded");
  if (isForm || type.startsWith("multipart/")) {
    if (!isJsonObject(value)) throw unfit(mediaType, "an object of its members");
    return isForm ? formBody(mediaType, parts, value) : multipartBody(mediaType, parts, value);
  }
  const [only = null, ...more] = isJsonObject(value) ? Object.values(value) : [value];
  if (only === null) return undefined;
  if (more.length > 0) throw unfit(mediaType, "one value beside the parameters");
  if (!isTextType(type)) return { contentType: mediaType, content: bytesOf(only, mediaType) };
  return { contentType: type.includes("charset") ? mediaType : `${mediaType}; charset=utf-8`, content: textOf(only) };
}

function isTextType(type: string): boolean {
  return type.startsWith("text/") || /^[^;]*[/+](?:xml|yaml|x-yaml)\b/.test(type);
}

function unfit(mediaType: string, expected: string): ActionError {
  return new ActionError("400", `a body of ${mediaType}: expected ${expected}, found something else`);
}
