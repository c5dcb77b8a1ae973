import { Buffer } from "node:buffer";
import type { Fact } from "@antiphon/log";
import { formatJson, readEvent } from "@antiphon/protocol";

/** The CloudEvent of a record as one line of JSON, in whichever mode it was published; undefined if it holds none. */
export function eventLine({ value, headers = {}, malformed }: Fact): string | undefined {
  if (malformed) return undefined;
  try {
    const text = value ?? "";
    const body = { text, base64: () => Buffer.from(text).toString("base64") };
    return formatJson(readEvent({ headers, body }, "kafka"));
  } catch {
    return undefined;
  }
}
