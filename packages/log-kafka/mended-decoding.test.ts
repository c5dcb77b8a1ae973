import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { mendDecoding } from "./mended-decoding.ts";
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

/** Records as a broker answers with them: what kafkajs writes, in one batch, read again. */
async function readAgain(records: readonly Written[]): Promise<readonly WireRecord[]> {
  const src = (path: string) => require(`kafkajs/src/protocol/${path}.js`);
  const recordOf = src("recordBatch/record/v0/index");
  const { RecordBatch } = src("recordBatch/v0/index");
  const [Encoder, Decoder] = [src("encoder"), src("decoder")];
  const encoded = records.map((record, offsetDelta) => recordOf({ ...record, offsetDelta, timestampDelta: 0 }));
  const batch: Encoder = await RecordBatch({ records: encoded, firstTimestamp: 0, maxTimestamp: 0 });
  const answer: Encoder = new Encoder().writeInt32(batch.buffer.length).writeBuffer(batch.buffer);
  return src("requests/fetch/v4/decodeMessages")(new Decoder(answer.buffer));
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
