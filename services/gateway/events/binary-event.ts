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
  return body.length === 0 ? document : { ...document, ...dataIn(body, typeof type === "string" ? type : undefined) };
}

/** A body as the data of an event: JSON, as it is without a content type, else text, else bytes. */
export function dataIn(body: Buffer, type: string | undefined): { readonly [member: string]: Json } {
  if (type === undefined || /^[^;]*[/+]json\b/i.test(type)) return { data: readJson(body.toString("utf8")) };
  if (isUtf8(body) && !/^\s*application\/octet-stream/i.test(type)) return { data: body.toString("utf8") };
  return { data_base64: body.toString("base64") };
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
