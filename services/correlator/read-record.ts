import type { Fact } from "@antiphon/log";
import { type CloudEvent, type Content, hasEventHeaders, readEvent } from "@antiphon/protocol";

/** The CloudEvent in a record. Undefined: a tombstone. Throws an Error that says what was expected and what was found. */
export function readRecord({ value, headers = {}, malformed }: Fact): CloudEvent | undefined {
  if (malformed) throw new Error("expected a CloudEvent in UTF-8, found other bytes");
  if (value === null && !hasEventHeaders(headers)) return undefined;
  return readEvent({ headers, body: contentOf(value ?? "") }, "kafka");
}

/** A record's value as the content of a message. */
export function contentOf(text: string): Content {
  return { text, base64: () => Buffer.from(text).toString("base64") };
}
