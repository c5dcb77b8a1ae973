import { isUtf8 } from "node:buffer";
import type { Batch, Fact } from "@antiphon/log";
import { counts, parseStamp, STAMP_HEADER, type Stamp } from "./stamp.ts";
import type { FetchedPartition, WireRecord } from "./wire.ts";

/** A stretch of a partition, from one offset to the next, with the facts in it. */
export interface Chunk {
  readonly from: number;
  readonly next: number;
  /** The end of the partition as it was known then. */
  readonly end: number;
  readonly records: readonly Fact[];
  /** What the broker has of the records: keys, values and headers. */
  readonly bytes: number;
}

/** A chunk as readers get it. */
export function batchOf({ records, next, end }: Chunk): Batch {
  return { records, next, end };
}

/** What a fetch from an offset on found, at most `max` facts of it. */
export function chunkOf(from: number, fetched: FetchedPartition, max = Number.POSITIVE_INFINITY): Chunk {
  const records: Fact[] = [];
  let next = from;
  let bytes = 0;
  for (const record of fetched.messages) {
    const offset = Number(record.offset);
    // A batch is fetched whole, even if it begins earlier.
    if (offset < from) continue;
    if (records.length >= max) break;
    next = offset + 1;
    if (record.isControlRecord || !counts(offset, stampOf(record))) continue;
    records.push(factOf(offset, record));
    bytes += bytesOf(record);
  }
  return { from, next, end: Math.max(Number(fetched.highWatermark), next), records, bytes };
}

/** The stamp that a record carries. */
export function stampOf({ headers }: WireRecord): Stamp | undefined {
  const value = headers[STAMP_HEADER];
  return Buffer.isBuffer(value) ? parseStamp(value.toString("latin1")) : undefined;
}

function bytesOf({ key, value, headers }: WireRecord): number {
  let bytes = (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) {
    const found = headers[name];
    if (Array.isArray(found)) for (const text of found) bytes += name.length + (text?.length ?? 0);
    else bytes += name.length + (found?.length ?? 0);
  }
  return bytes;
}

function factOf(offset: number, { key, value, timestamp, headers }: WireRecord): Fact {
  const { texts, malformed } = headersOf(headers);
  return {
    offset,
    timestampMs: Number(timestamp),
    key: key === null ? null : key.toString(),
    value: value === null ? null : value.toString(),
    ...(texts === undefined ? {} : { headers: texts }),
    ...(value === null || isUtf8(value) ? {} : { malformed: true }),
    ...(malformed === undefined ? {} : { malformedHeaders: malformed }),
  };
}

/** Headers as text, without the stamp, and the names of those that are none. Of a name that is there several times the last counts. */
function headersOf(headers: WireRecord["headers"]): {
  readonly texts?: Record<string, string> | undefined;
  readonly malformed?: readonly string[] | undefined;
} {
  let texts: Record<string, string> | undefined;
  let malformed: string[] | undefined;
  for (const name in headers) {
    const found = headers[name];
    const value = Array.isArray(found) ? found.at(-1) : found;
    if (value === null || value === undefined || (name === STAMP_HEADER && parseStamp(value.toString()) !== undefined))
      continue;
    texts ??= {};
    texts[name] = value.toString();
    if (typeof value === "string" || isUtf8(value)) continue;
    malformed ??= [];
    malformed.push(name);
  }
  return { texts, malformed };
}
