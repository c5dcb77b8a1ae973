import { beginningOf } from "@antiphon/log";
import { eventIn, formatJson, type Rejection } from "@antiphon/protocol";

/** The most bytes of a rejected input that are kept, as they stand in a record: in JSON, with what has to be escaped. */
export const REJECTED_BYTES_MAX = 2_000_000;
/** The most bytes of UTF-8 that are kept of one that is longer and carries no event, and of one that cannot be read. */
export const BEGINNING_BYTES_MAX = 100_000;
/** The most bytes of UTF-8 of a reason. */
export const REASON_BYTES_MAX = 10_000;

/**
 * What is recorded of an input that is rejected: a fact of limited size, whatever came in. Of an event in one that is too
 * long the attributes are kept, so that it is known which one it was.
 */
export function rejectionOf(reason: string, value: string): Rejection {
  const short = beginningOf(reason, REASON_BYTES_MAX);
  if (spelledBytes(value) <= REJECTED_BYTES_MAX) return { reason: short, value };
  return { reason: short, value: attributesIn(value) ?? beginningOf(value, BEGINNING_BYTES_MAX), isCut: true };
}

/** The order's event without its data, as `eventIn` reads it; undefined: it carried none, or one of too many attributes. */
function attributesIn(value: string): string | undefined {
  const event = eventIn(value);
  if (event === undefined) return undefined;
  const { data: _, data_base64: __, ...attributes } = event;
  const text = formatJson({ event: attributes });
  return spelledBytes(text) <= REJECTED_BYTES_MAX ? text : undefined;
}

function spelledBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
