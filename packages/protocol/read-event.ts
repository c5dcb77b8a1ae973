import { type CloudEvent, CloudEventError, readCloudEvent } from "./cloud-event.ts";
import { isBytesType, isJsonType } from "./content-type.ts";
import { readData } from "./data.ts";
import { type Json, type JsonObject, parseJson } from "./json.ts";

/** A message of CloudEvents' HTTP or Kafka binding, as it came. */
export interface EventMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Content;
}

/** The content of a message. */
export interface Content {
  /** Undefined: its bytes are no UTF-8. Empty: there is none. */
  readonly text: string | undefined;
  base64(): string;
}

/** HTTP has values of headers percent-encoded that are no printable ASCII; Kafka has them in UTF-8. */
export type Binding = "http" | "kafka";

/** Attributes of an event in binary mode stand in headers with one of these in front. */
const PREFIX = /^ce[-_]/i;

/** Whether a header of this name carries an attribute of an event. */
export function isEventHeader(name: string): boolean {
  return PREFIX.test(name);
}

/** Whether headers carry attributes of an event. */
export function hasEventHeaders(headers: Readonly<Record<string, unknown>>): boolean {
  for (const name in headers) if (PREFIX.test(name)) return true;
  return false;
}

/** The content type that headers say, whatever the case of their names; undefined: none. */
export function contentTypeIn(headers: Readonly<Record<string, string>>): string | undefined {
  for (const name in headers) if (name.toLowerCase() === "content-type") return headers[name];
  return undefined;
}

/**
 * Reads the event of a message: in structured mode where its content type says so, in binary mode where its headers carry
 * attributes, and else in structured mode, whatever the content type, as SonataFlow's clients send it. Throws
 * `CloudEventError`, or `JsonSyntaxError` where JSON was expected.
 */
export function readEvent({ headers, body }: EventMessage, binding: Binding): CloudEvent {
  const type = contentTypeIn(headers);
  const isStructured = type !== undefined && /^\s*application\/cloudevents/i.test(type);
  if (!isStructured && hasEventHeaders(headers)) return readCloudEvent(binaryDocument(headers, body, binding));
  return readCloudEvent(readDocument(body));
}

/** The JSON of a message whose whole content is a document. Throws `CloudEventError` if there is none, `JsonSyntaxError`. */
export function readDocument({ text }: Content): Json {
  if (text === undefined) throw new CloudEventError("", "a CloudEvent in UTF-8", "other bytes");
  if (text.trim() === "") throw new CloudEventError("", "a CloudEvent", "nothing");
  return parseJson(text);
}

/**
 * A content as the members of an event that hold its data: JSON by its content type or without one, bytes where the type
 * says that it is no text or the content is none, else a text. Throws `JsonSyntaxError`.
 */
export function dataIn({ text, base64 }: Content, type: string | undefined): JsonObject {
  if (text === "") return {};
  if (type === undefined || isJsonType(type)) {
    if (text === undefined) throw new CloudEventError("data", "JSON in UTF-8", "other bytes");
    return { data: readData(text) };
  }
  return text === undefined || isBytesType(type) ? { data_base64: base64() } : { data: text };
}

function binaryDocument(headers: Readonly<Record<string, string>>, body: Content, binding: Binding): JsonObject {
  const attributes: Record<string, Json> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (PREFIX.test(name)) attributes[name.slice(3).toLowerCase()] = binding === "http" ? decoded(value) : value;
  }
  const type = contentTypeIn(headers);
  if (type !== undefined) attributes["datacontenttype"] = type;
  // Version 0.3 may say that the content is base64: then it is not what its type says yet.
  if (attributes["datacontentencoding"] !== undefined) return { ...attributes, data: body.text?.trim() ?? null };
  return { ...attributes, ...dataIn(body, type) };
}

/** A value that only looks percent-encoded is left as it is. */
function decoded(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
