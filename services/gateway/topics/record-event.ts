import { Buffer } from "node:buffer";
import type { Fact } from "@antiphon/log";
import { formatJson, parseJson, readCloudEvent } from "@antiphon/protocol";
import { binaryEvent, hasEventHeaders } from "../events/binary-event.ts";

/** The CloudEvent of a record as one line of JSON, in whichever mode it was published; undefined if it holds none. */
export function eventLine({ value, headers, malformed }: Fact): string | undefined {
  if (malformed) return undefined;
  try {
    const isBinary = headers !== undefined && hasEventHeaders(headers);
    const document = isBinary ? binaryEvent(headers, Buffer.from(value ?? "")) : parseJson(value ?? "");
    return formatJson(readCloudEvent(document));
  } catch {
    return undefined;
  }
}
