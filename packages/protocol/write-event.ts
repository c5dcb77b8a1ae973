import { attributeOf, type CloudEvent } from "./cloud-event.ts";
import { isJsonType } from "./content-type.ts";
import { formatJson, type Json } from "./json.ts";

/** An event as a message of a log or of HTTP carries it. */
export interface WrittenEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What stands in front of attributes in headers: of Kafka's binding, of HTTP's. */
export type HeaderPrefix = "ce_" | "ce-";

const STRUCTURED = "application/cloudevents+json; charset=UTF-8";

/** Writes an event in a content mode of CloudEvents' Kafka or HTTP binding, or its data alone. */
export function writeEvent(
  event: CloudEvent,
  mode: "binary" | "structured" | "data",
  prefix: HeaderPrefix,
): WrittenEvent {
  // Bytes would have to be sent as bytes; the document has them as text.
  if (mode === "structured" || event.data_base64 !== undefined) {
    return { headers: { "content-type": STRUCTURED }, body: formatJson(event) };
  }
  const type = attributeOf(event, "datacontenttype") ?? "application/json";
  const attributes = mode === "binary" ? attributesOf(event, prefix) : {};
  return { headers: { ...attributes, "content-type": type }, body: bodyOf(event.data, type) };
}

function attributesOf(event: CloudEvent, prefix: HeaderPrefix): Readonly<Record<string, string>> {
  const names = Object.keys(event).filter((name) => name !== "data" && name !== "datacontenttype");
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = name === "source" ? event.source : attributeOf(event, name);
      if (value === undefined) return [];
      return [[`${prefix}${name}`, prefix === "ce-" ? encoded(value) : value]];
    }),
  );
}

/** HTTP's headers carry printable ASCII; the binding has all else percent-encoded. */
function encoded(value: string): string {
  return value.replace(/[^\x21\x23\x24\x26-\x7e]+/g, (text) => encodeURIComponent(text.toWellFormed()));
}

function bodyOf(data: Json | undefined, type: string): string {
  if (data === undefined) return "";
  return typeof data === "string" && !isJsonType(type) ? data : formatJson(data);
}
