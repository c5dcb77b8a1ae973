import { Buffer } from "node:buffer";
import type { Fact } from "@antiphon/log";
import { formatJson, isEventHeader, readEvent } from "@antiphon/protocol";

/** The CloudEvent of a record as one line of JSON, in whichever mode it was published; undefined if it holds none. */
export function eventLine({ value, headers = {}, malformed, malformedHeaders = [] }: Fact): string | undefined {
  if (malformed || malformedHeaders.some(isEventHeader)) return undefined;
  try {
    const text = value ?? "";
    const body = { text, base64: () => Buffer.from(text).toString("base64") };
    return formatJson(readEvent({ headers, body }, "kafka"));
  } catch {
    return undefined;
  }
}
