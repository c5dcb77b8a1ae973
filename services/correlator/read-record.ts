import type { Fact } from "@antiphon/log";
import { type CloudEvent, type Content, hasEventHeaders, isEventHeader, readEvent } from "@antiphon/protocol";

/** The CloudEvent in a record. Undefined: a tombstone. Throws an Error that says what was expected and what was found. */
export function readRecord({ value, headers = {}, malformed, malformedHeaders = [] }: Fact): CloudEvent | undefined {
  if (malformed) throw new Error("expected a CloudEvent in UTF-8, found other bytes");
  if (value === null && !hasEventHeaders(headers)) return undefined;
  // Two ids that are no text would become the same one.
  const broken = malformedHeaders.find(isEventHeader);
  if (broken !== undefined) throw new Error(`header ${JSON.stringify(broken)}: expected UTF-8, found other bytes`);
  return readEvent({ headers, body: contentOf(value ?? "") }, "kafka");
}

/** A record's value as the content of a message. */
export function contentOf(text: string): Content {
  return { text, base64: () => Buffer.from(text).toString("base64") };
}
