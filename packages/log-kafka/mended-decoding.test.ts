import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import kafkajs from "kafkajs";
import { chunkOf } from "./facts.ts";
import { TooLongError } from "./grown.ts";
import { BATCH_RECORDS_READ_MAX, mendDecoding } from "./mended-decoding.ts";
import type { WireRecord } from "./wire.ts";

interface Written {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Record<string, string | readonly string[]>;
}

interface Encoder {
  readonly buffer: Buffer;
  writeInt32(value: number): Encoder;
  writeBuffer(bytes: Buffer): Encoder;
}

const require = createRequire(import.meta.url);
mendDecoding();

/** Batches of records as a broker answers with them: what kafkajs writes, read again. */
async function readAgain(...batches: readonly Written[][]): Promise<readonly WireRecord[]> {
  return readBytes(await Promise.all(batches.map((records) => bytesOf(records))));
}

async function bytesOf(records: readonly Written[], settings: object = {}): Promise<Buffer> {
  const recordOf = source("recordBatch/record/v0/index");
  const encoded = records.map((record, offsetDelta) => recordOf({ ...record, offsetDelta, timestampDelta: 0 }));
  const { RecordBatch } = source("recordBatch/v0/index");
  const batch: Encoder = await RecordBatch({ records: encoded, firstTimestamp: 0, maxTimestamp: 0, ...settings });
  return batch.buffer;
}

async function readBytes(batches: readonly Buffer[]): Promise<readonly WireRecord[]> {
  const [Encoder, Decoder] = [source("encoder"), source("decoder")];
  const all = Buffer.concat(batches);
  const answer: Encoder = new Encoder().writeInt32(all.length).writeBuffer(all);
  return source("requests/fetch/v4/decodeMessages")(new Decoder(answer.buffer));
}

function source(path: string) {
  return require(`kafkajs/src/protocol/${path}.js`);
}

test("a record with 200,000 headers is read, of a name that is there twice the last, whatever it is called", async () => {
  const many = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`h${i}`, `${i}`]));
  const [record] = await readAgain([
    { key: "k", value: "v", headers: { ...many, twice: ["first", "last"], constructor: "c", ["__proto__"]: "p" } },
  ]);
  const textAt = (name: string) => String(record?.headers[name]);
  assert.deepEqual(["h0", "h199999", "twice", "constructor", "__proto__"].map(textAt), [
    "0",
    "199999",
    "last",
    "c",
    "p",
  ]);
});

test("a batch of 300,000 records is read whole", async () => {
  const records = await readAgain(Array.from({ length: 300_000 }, () => ({ key: null, value: null, headers: {} })));
  assert.deepEqual([records.length, records.at(-1)?.offset], [300_000, "299999"]);
});

test("a batch has as many records as may be, and in place of one more there is a record at its last offset", async () => {
  const small = { key: null, value: null, headers: {} };
  const counted = async (count: number) => {
    const bytes = await bytesOf(Array(count).fill(small), { lastOffsetDelta: count - 1 });
    return readBytes([bytes, await bytesOf([small], { firstOffset: count })]);
  };
  assert.equal((await counted(BATCH_RECORDS_READ_MAX)).length, BATCH_RECORDS_READ_MAX + 1);
  const offsets = (await counted(BATCH_RECORDS_READ_MAX + 1)).map(({ offset }) => offset);
  assert.deepEqual(offsets, [`${BATCH_RECORDS_READ_MAX}`, `${BATCH_RECORDS_READ_MAX + 1}`]);
});

test("in place of a batch that is too long when it is written out there is a record that is no text, at its last offset", async () => {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.GZIP] = () => ({
    compress: async ({ buffer }: Encoder) => buffer,
    decompress: async () => Promise.reject(new TooLongError(1)),
  });
  const written = { key: "k", value: "v", headers: {} };
  const tooLong = await bytesOf([written, written], {
    compression: CompressionTypes.GZIP,
    firstOffset: 7,
    lastOffsetDelta: 1,
    maxTimestamp: 12,
  });
  const records = await readBytes([tooLong, await bytesOf([written], { firstOffset: 9 })]);
  const { records: facts, next } = chunkOf(7, { partition: 0, highWatermark: "10", messages: records });
  assert.deepEqual(
    facts.map(({ offset, timestampMs, value, malformed }) => [offset, timestampMs, value, malformed]),
    [
      [8, 12, "\ufffd", true],
      [9, 0, "v", undefined],
    ],
  );
  assert.equal(next, 10);
});
