import { createRequire } from "node:module";
import { TooLongError } from "./grown.ts";
import type { WireRecord } from "./wire.ts";

/** What kafkajs reads answers with. */
interface Decoder {
  readonly offset: number;
  readVarIntArray(reader: (decoder: Decoder) => Header): Header[] | HeaderList;
  readInt32(): number;
  readBytes(count: number): Buffer;
  canReadBytes(count: number): boolean;
}

interface Header {
  readonly key: string;
  readonly value: Buffer | null;
}

/** The one thing that kafkajs asks of a record's headers. */
interface HeaderList {
  reduce(): Readonly<Record<string, Buffer | null>>;
}

type DecodeMessages = (decoder: Decoder) => Promise<readonly unknown[]>;

/** Where a batch says which format it has; older ones are a message set. */
const MAGIC_OFFSET = 16;
const RECORD_BATCH = 2;
/** The header of a batch, without which there is none. */
const BATCH_BYTES_MIN = 61;
/** How many records a batch may have: each becomes several objects, and millions of small ones compress to nothing. */
export const BATCH_RECORDS_READ_MAX = 500_000;

/** Where a batch says how far its last offset is from its first, and when its last record was written. */
const LAST_OFFSET_AT = 23;
const LAST_TIMESTAMP_AT = 35;
/** Where it says how many bytes follow there, and how many records they are. */
const LENGTH_AT = 8;
const COUNT_AT = 57;
const NO_TEXT = Buffer.from([0xff]);

const require = createRequire(import.meta.url);
let isMended = false;

/**
 * Mends how kafkajs 2.2.4 reads records that strangers write, for this process, before it has read any: it copies all headers
 * for each further one, so that one record of 50,000 holds the process up for a quarter of an hour, and each one after it; it
 * hands all records of a batch over as arguments of a call, of which 200,000 are too many; and a batch
 * that cannot be read ends all reading of its partition, which one that is too long need not. Calling it again changes nothing.
 */
export function mendDecoding(): void {
  if (isMended) return;
  isMended = true;
  takeHeadersAtOnce();
  takeRecordsOneByOne();
}

function takeHeadersAtOnce(): void {
  const { prototype } = functionIn<{ readonly prototype: Decoder }>("protocol/decoder.js");
  const read = prototype.readVarIntArray;
  prototype.readVarIntArray = function readHeaders(reader) {
    const headers = read.call(this, reader) as readonly Header[];
    return { reduce: () => byName(headers) };
  };
}

/** Of a name that is there several times the last counts. */
function byName(headers: readonly Header[]): Readonly<Record<string, Buffer | null>> {
  const found: Record<string, Buffer | null> = Object.create(null);
  for (const { key, value } of headers) found[key] = value;
  return found;
}

function takeRecordsOneByOne(): void {
  const Reader = functionIn<new (bytes: Buffer) => Decoder>("protocol/decoder.js");
  const decodeBatch = functionIn<(decoder: Decoder) => Promise<{ readonly records: readonly unknown[] }>>(
    "protocol/recordBatch/v0/decoder.js",
  );
  const decodeMessageSet = functionIn<(decoder: Decoder, bytes: number) => Promise<readonly unknown[]>>(
    "protocol/messageSet/decoder.js",
  );
  const decodeMessages: DecodeMessages = async (decoder) => {
    const length = decoder.readInt32();
    if (length <= 0 || !decoder.canReadBytes(length)) return [];
    const bytes = decoder.readBytes(length);
    const batches = new Reader(bytes);
    if (bytes.readInt8(MAGIC_OFFSET) !== RECORD_BATCH) return decodeMessageSet(batches, length);
    const records: unknown[] = [];
    while (batches.canReadBytes(BATCH_BYTES_MIN)) {
      const batch = bytes.subarray(batches.offset);
      if (batch.readInt32BE(COUNT_AT) > BATCH_RECORDS_READ_MAX) {
        records.push(standIn(batch));
        batches.readBytes(LENGTH_AT + 4 + batch.readInt32BE(LENGTH_AT));
        continue;
      }
      try {
        for (const record of (await decodeBatch(batches)).records) records.push(record);
      } catch (error) {
        if (error instanceof TooLongError) records.push(standIn(batch));
        // The last batch of an answer may be cut off.
        else if ((error as Error).name === "KafkaJSPartialMessageError") break;
        else throw error;
      }
    }
    return records;
  };
  const path = "protocol/requests/fetch/v4/decodeMessages.js";
  functionIn<DecodeMessages>(path);
  const loaded = require.cache[require.resolve(`kafkajs/src/${path}`)];
  if (loaded === undefined) throw new Error(`expected kafkajs 2.2.4 with ${path}`);
  loaded.exports = decodeMessages;
}

/**
 * A record in place of a batch that is too long when it is written out, or has too many records, at the last of its offsets: no text, so that it is put
 * aside as one, and what comes behind it is read.
 */
function standIn(batch: Buffer): WireRecord {
  const offset = batch.readBigInt64BE() + BigInt(batch.readInt32BE(LAST_OFFSET_AT));
  const timestamp = batch.readBigInt64BE(LAST_TIMESTAMP_AT);
  return { offset: `${offset}`, timestamp: `${timestamp}`, key: null, value: NO_TEXT, headers: {} };
}

function functionIn<T>(file: string): T {
  const found: unknown = require(`kafkajs/src/${file}`);
  if (typeof found !== "function") throw new Error(`expected kafkajs 2.2.4 with a function in ${file}`);
  return found as T;
}
