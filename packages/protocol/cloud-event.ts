import { isJsonType } from "./content-type.ts";
import { checkData, loneSurrogate, UnfitDataError } from "./data.ts";
import { isJsonObject, type Json, type JsonObject, JsonSyntaxError, parseJson } from "./json.ts";
import { kindOf } from "./kind-of.ts";
import { isBase64, payloadOf } from "./payload.ts";
import { isTimestamp } from "./timestamp.ts";

/** A CloudEvent 1.0 in its JSON format: attributes and extensions beside `data`. */
export type CloudEvent = JsonObject & {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
};

/** What tells one CloudEvent from another: producers keep (source, id) unique. */
export interface EventRef {
  readonly source: string;
  readonly id: string;
  readonly type: string;
}

/** The most characters of an attribute's value, and the most attributes, that are accepted. */
export const ATTRIBUTE_LENGTH_MAX = 4_096;
export const ATTRIBUTES_MAX = 64;

/** A document is no CloudEvent. `member` is the attribute at fault; empty: the document itself. */
export class CloudEventError extends Error {
  override readonly name = "CloudEventError";
  readonly member: string;
  readonly expected: string;
  readonly found: string;

  constructor(member: string, expected: string, found: string) {
    super(`CloudEvent${member === "" ? "" : ` attribute "${member}"`}: expected ${expected}, found ${found}`);
    this.member = member;
    this.expected = expected;
    this.found = found;
  }
}

const NAME = /^[a-z0-9]+$/;
const REQUIRED = ["id", "source", "type"] as const;
const TEXTS = ["subject", "dataschema"] as const;
/** RFC 2045: a type and a subtype, parameters behind them. */
const MEDIA_TYPE = /^\s*[!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+\s*(?:;.*)?$/s;

/**
 * Checks a document against CloudEvents 1.0 (JSON format); throws `CloudEventError`. One of 0.3 is turned into 1.0.
 * Attributes that are null are taken as absent. An empty `source` is let through, as SonataFlow's own examples send one.
 * Data in base64 that is JSON or text by its content type is read as that: the same event reads alike however it came.
 */
export function readCloudEvent(document: Json): CloudEvent {
  if (!isJsonObject(document)) throw new CloudEventError("", "an object", kindOf(document));
  const event = upgraded(withoutNulls(document));
  for (const name of REQUIRED) {
    const value = event[name];
    if (typeof value !== "string" || (value === "" && name !== "source")) {
      throw new CloudEventError(name, "a non-empty text", show(value));
    }
  }
  checkAttributes(event);
  return withReadableData(event) as CloudEvent;
}

/** The event's identity. */
export function refOf(event: CloudEvent): EventRef {
  return { source: event.source, id: event.id, type: event.type };
}

/** A context attribute as text, as it would stand in a header; undefined if it is missing or empty. */
export function attributeOf(event: CloudEvent, name: string): string | undefined {
  // Of its own: an object has a `constructor` that nobody sent.
  const value = Object.hasOwn(event, name) ? event[name] : undefined;
  if (value === undefined || value === null || value === "" || typeof value === "object") return undefined;
  return String(value);
}

/** The document without its attributes that are null; of two members for data, one that is null is none either. */
function withoutNulls(document: JsonObject): JsonObject {
  const hasBytes = (document["data_base64"] ?? null) !== null;
  const isAbsent = (name: string): boolean => document[name] === null && (name !== "data" || hasBytes);
  const names = Object.keys(document);
  if (!names.some(isAbsent)) return document;
  return Object.fromEntries(Object.entries(document).filter(([name]) => !isAbsent(name)));
}

/** A document of version 1.0. In 0.3 the schema had another name, and an attribute said that `data` is base64. */
function upgraded(document: JsonObject): JsonObject {
  if (document["specversion"] === "1.0") return document;
  if (document["specversion"] !== "0.3") {
    throw new CloudEventError("specversion", '"1.0" or "0.3"', show(document["specversion"]));
  }
  const { schemaurl, datacontentencoding, data, ...others } = document;
  const event = { ...others, specversion: "1.0", ...(schemaurl !== undefined && { dataschema: schemaurl }) };
  if (datacontentencoding === undefined) return { ...event, ...(data !== undefined && { data }) };
  if (typeof datacontentencoding !== "string" || datacontentencoding.toLowerCase() !== "base64") {
    throw new CloudEventError("datacontentencoding", '"base64"', show(datacontentencoding));
  }
  return { ...event, ...(data !== undefined && { data_base64: data }) };
}

function checkAttributes(event: JsonObject): void {
  const names = Object.keys(event);
  if (names.length > ATTRIBUTES_MAX) {
    throw new CloudEventError("", `at most ${ATTRIBUTES_MAX} attributes`, `${names.length}`);
  }
  for (const name of names) if (name !== "data" && name !== "data_base64") checkAttribute(name, event[name] as Json);
  for (const name of TEXTS) {
    const value = event[name];
    if (value !== undefined && typeof value !== "string") throw new CloudEventError(name, "a text", kindOf(value));
  }
  const { time, datacontenttype } = event;
  if (time !== undefined && !(typeof time === "string" && isTimestamp(time))) {
    throw new CloudEventError("time", "a timestamp of RFC 3339, such as 2026-11-24T11:19:23Z", show(time));
  }
  if (datacontenttype !== undefined && !(typeof datacontenttype === "string" && MEDIA_TYPE.test(datacontenttype))) {
    throw new CloudEventError("datacontenttype", "a media type such as application/json", show(datacontenttype));
  }
}

function checkAttribute(name: string, value: Json): void {
  if (!NAME.test(name)) throw new CloudEventError(shown(name), "a name of lower-case letters and digits", show(name));
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
    throw new CloudEventError(name, "a text, a whole number or a boolean", kindOf(value));
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new CloudEventError(name, "a text, a whole number or a boolean", String(value));
  }
  if (typeof value !== "string") return;
  if (value.length > ATTRIBUTE_LENGTH_MAX) {
    throw new CloudEventError(name, `at most ${ATTRIBUTE_LENGTH_MAX} characters`, `${value.length}`);
  }
  if (!value.isWellFormed()) throw new CloudEventError(name, "well-formed text", loneSurrogate(value));
}

function withReadableData(event: JsonObject): JsonObject {
  const { data_base64: bytes, ...rest } = event;
  if (bytes === undefined) {
    if (event["data"] !== undefined) checkMember("data", event["data"]);
    return event;
  }
  if (event["data"] !== undefined) throw new CloudEventError("data_base64", "data or data_base64", "both");
  if (typeof bytes !== "string") throw new CloudEventError("data_base64", "a text of base64", kindOf(bytes));
  if (!isBase64(bytes)) throw new CloudEventError("data_base64", "a text of base64", show(bytes));
  const type = event["datacontenttype"];
  const data = typeof type === "string" ? payloadOf(bytes, type) : undefined;
  if (data === undefined) return event;
  return { ...rest, data: isJsonType(type as string) ? jsonIn(data) : data };
}

function jsonIn(text: string): Json {
  let data: Json;
  try {
    data = parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new CloudEventError("data_base64", "JSON, as datacontenttype says", error.message);
  }
  checkMember("data_base64", data);
  return data;
}

function checkMember(member: string, data: Json): void {
  try {
    checkData(data);
  } catch (error) {
    if (!(error instanceof UnfitDataError)) throw error;
    throw new CloudEventError(`${member}${error.pointer}`, error.expected, error.found);
  }
}

function show(value: Json | undefined): string {
  return typeof value === "string" ? JSON.stringify(shown(value)) : kindOf(value);
}

/** The most characters of a text that an error repeats. */
const SHOWN_MAX = 80;

function shown(text: string): string {
  return text.slice(0, SHOWN_MAX).toWellFormed();
}
