import type { Fact } from "@antiphon/log";
import { type CloudEvent, type Json, parseJson, readCloudEvent } from "@antiphon/protocol";

const PREFIX = "ce_";

/** Whether a record has attributes of an event in its headers. */
export function hasEventHeaders({ headers = {} }: Fact): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase().startsWith(PREFIX));
}

/**
 * The CloudEvent in a record of a user's topic: in binary mode where a `ce_` header says so, else structured.
 * Undefined: a tombstone. Throws an Error that says what was expected and what was found.
 */
export function readRecord({ value, headers = {}, malformed }: Fact): CloudEvent | undefined {
  if (malformed) throw new Error("expected a CloudEvent in UTF-8, found other bytes");
  const attributes = Object.entries(headers).filter(([name]) => name.toLowerCase().startsWith(PREFIX));
  if (attributes.length > 0) return readBinary(attributes, value, headers);
  return value === null ? undefined : readCloudEvent(parseJson(value));
}

function readBinary(
  attributes: readonly (readonly [string, string])[],
  value: string | null,
  headers: Readonly<Record<string, string>>,
): CloudEvent {
  const type = contentTypeIn(headers);
  return readCloudEvent({
    ...Object.fromEntries(attributes.map(([name, text]) => [name.toLowerCase().slice(PREFIX.length), text])),
    ...(type !== undefined && { datacontenttype: type }),
    ...(value !== null && value !== "" && dataOf(value, type)),
  });
}

/** What the headers of a record say about its value. */
export function contentTypeIn(headers: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type")?.[1];
}

/** Without a content type data is JSON, as the specification has it. */
export function dataOf(value: string, type = "application/json"): { readonly [member: string]: Json } {
  if (/^[^;]*[/+]json\b/i.test(type)) return { data: parseJson(value) };
  if (/^text\//i.test(type)) return { data: value };
  return { data_base64: Buffer.from(value).toString("base64") };
}
