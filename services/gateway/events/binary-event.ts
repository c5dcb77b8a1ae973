import { isUtf8 } from "node:buffer";
import type { Json } from "@antiphon/protocol";
import { readJson } from "../http/body.ts";

/** Attributes of an event in binary mode stand in headers with one of these in front. */
const PREFIX = /^ce[-_]/;

/** Whether headers carry attributes of an event. */
export function hasEventHeaders(headers: Readonly<Record<string, unknown>>): boolean {
  for (const name in headers) if (PREFIX.test(name)) return true;
  return false;
}

/** An event in binary mode as a document: attributes from headers (in lower case), the body as its data. Not checked. */
export function binaryEvent(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: Buffer,
): Json {
  const document: Record<string, Json> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (PREFIX.test(name) && typeof value === "string") document[name.slice(3)] = decodeValue(value);
  }
  const type = headers["content-type"];
  if (typeof type === "string") document.datacontenttype = type;
  if (body.length === 0) return document;
  const isJson = typeof type !== "string" || /^[^;]*[/+]json\b/i.test(type);
  if (isJson) document.data = readJson(body.toString("utf8"));
  else if (isUtf8(body) && !/^\s*application\/octet-stream/i.test(type)) document.data = body.toString("utf8");
  else document.data_base64 = body.toString("base64");
  return document;
}

/** Headers carry other than printable ASCII characters percent-encoded; a value that only looks so is left as it is. */
function decodeValue(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
