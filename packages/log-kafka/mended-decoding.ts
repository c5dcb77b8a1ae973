import { createRequire } from "node:module";

/** What kafkajs reads answers with. */
interface Decoder {
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
const BATCH_BYTES_MIN = 49;

const require = createRequire(import.meta.url);
let isMended = false;

/**
 * Mends how kafkajs 2.2.4 reads records that strangers write, for this process, before it has read any: it copies all headers
 * for each further one, so that one record of 50,000 holds the process up for a quarter of an hour, and each one after it; and it
 * hands all records of a batch over as arguments of a call, of which 200,000 are too many. Calling it again changes nothing.
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
    try {
      while (batches.canReadBytes(BATCH_BYTES_MIN)) {
        for (const record of (await decodeBatch(batches)).records) records.push(record);
      }
    } catch (error) {
      // The last batch of an answer may be cut off.
      if ((error as Error).name !== "KafkaJSPartialMessageError") throw error;
    }
    return records;
  };
  const path = "protocol/requests/fetch/v4/decodeMessages.js";
  functionIn<DecodeMessages>(path);
  const loaded = require.cache[require.resolve(`kafkajs/src/${path}`)];
  if (loaded === undefined) throw new Error(`expected kafkajs 2.2.4 with ${path}`);
  loaded.exports = decodeMessages;
}

function functionIn<T>(file: string): T {
  const found: unknown = require(`kafkajs/src/${file}`);
  if (typeof found !== "function") throw new Error(`expected kafkajs 2.2.4 with a function in ${file}`);
  return found as T;
}
