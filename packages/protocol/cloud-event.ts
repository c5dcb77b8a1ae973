import { isJsonObject, type Json, type JsonObject } from "./json.ts";

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

/**
 * Checks a document against CloudEvents 1.0 (JSON format); throws `CloudEventError`. Attributes that are null are taken
 * as absent. An empty `source` is let through, as SonataFlow's own examples send one.
 */
export function readCloudEvent(document: Json): CloudEvent {
  if (!isJsonObject(document)) throw new CloudEventError("", "an object", kindOf(document));
  if (document.specversion !== "1.0") throw new CloudEventError("specversion", '"1.0"', show(document.specversion));
  for (const name of REQUIRED) {
    const value = document[name];
    if (typeof value !== "string" || (value === "" && name !== "source")) {
      throw new CloudEventError(name, "a non-empty text", show(value));
    }
  }
  const names = Object.keys(document);
  if (names.length > ATTRIBUTES_MAX) {
    throw new CloudEventError("", `at most ${ATTRIBUTES_MAX} attributes`, `${names.length}`);
  }
  let nulls = false;
  for (const name of names) {
    if (name === "data" || name === "data_base64") continue;
    const value = document[name];
    if (value === null) nulls = true;
    else checkAttribute(name, value as Json);
  }
  const event = nulls
    ? Object.fromEntries(Object.entries(document).filter(([n, v]) => v !== null || n === "data"))
    : document;
  return event as CloudEvent;
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

function checkAttribute(name: string, value: Json): void {
  if (!NAME.test(name)) throw new CloudEventError(name, "a name of lower-case letters and digits", show(name));
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
    throw new CloudEventError(name, "a text, a whole number or a boolean", kindOf(value));
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new CloudEventError(name, "a text, a whole number or a boolean", String(value));
  }
  if (typeof value === "string" && value.length > ATTRIBUTE_LENGTH_MAX) {
    throw new CloudEventError(name, `at most ${ATTRIBUTE_LENGTH_MAX} characters`, `${value.length}`);
  }
}

function kindOf(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? (isJsonObject(value) ? "an object" : "a number") : `a ${typeof value}`;
}

function show(value: Json | undefined): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : kindOf(value);
}
