import assert from "node:assert/strict";
import { test } from "node:test";
import { chunkOf } from "./facts.ts";
import type { FetchedPartition, WireRecord } from "./wire.ts";

test("a chunk holds the facts and passes by the rest", () => {
  const chunk = chunkOf(
    11,
    fetched(20, [
      record(10, { headers: { "@": "10+0/n" } }),
      record(11, { headers: { "@": "10+1/n", name: "value" } }),
      record(12, { headers: { "@": "11+0/zombie" } }),
      record(13, {}),
      record(14, { isControlRecord: true }),
    ]),
  );
  assert.deepEqual(chunk, {
    from: 11,
    next: 15,
    end: 20,
    records: [
      { offset: 11, timestampMs: 1_000, key: "key", value: "value 11", headers: { name: "value" } },
      { offset: 13, timestampMs: 1_000, key: "key", value: "value 13" },
    ],
    bytes: 2 * "keyvalue 11".length + "@10+1/n".length + "namevalue".length,
  });
});

test("a chunk ends after as many facts as were asked for", () => {
  const chunk = chunkOf(0, fetched(3, [record(0, {}), record(1, {}), record(2, {})]), 2);
  assert.deepEqual([chunk.records.length, chunk.next, chunk.end], [2, 2, 3]);
});

test("nothing fetched moves nothing", () => {
  assert.deepEqual(chunkOf(5, fetched(5, [])), { from: 5, next: 5, end: 5, records: [], bytes: 0 });
});

test("bytes that are no text are told of, and headers that are there twice count once", () => {
  const { records } = chunkOf(
    0,
    fetched(1, [
      record(0, { key: null, value: Buffer.from([0x61, 0xff]), headers: { twice: ["a", "b"], none: null } }),
    ]),
  );
  assert.deepEqual(records, [
    { offset: 0, timestampMs: 1_000, key: null, value: "a\ufffd", headers: { twice: "b" }, malformed: true },
  ]);
});

test("headers that are no text are named, of one that is there several times by its last value", () => {
  const [bytes, text] = [Buffer.from([0xff]), Buffer.from("ä")];
  const headers = { one: bytes, well: text, last: [text, bytes], first: [bytes, text] };
  const { records } = chunkOf(0, fetched(1, [record(0, { headers })]));
  assert.deepEqual(records[0]?.malformedHeaders, ["one", "last"]);
  assert.deepEqual(records[0]?.headers, { one: "\ufffd", well: "ä", last: "\ufffd", first: "ä" });
});

type HeaderValue = string | Buffer | (string | Buffer)[];

interface Parts {
  readonly key?: null;
  readonly value?: Buffer;
  readonly headers?: Record<string, HeaderValue | null>;
  readonly isControlRecord?: boolean;
}

function record(offset: number, { key, value, headers = {}, isControlRecord = false }: Parts): WireRecord {
  const one = (value: string | Buffer) => (typeof value === "string" ? Buffer.from(value) : value);
  const bytes = (value: HeaderValue | null) =>
    value === null ? null : Array.isArray(value) ? value.map(one) : one(value);
  return {
    offset: String(offset),
    timestamp: "1000",
    key: key === null ? null : Buffer.from("key"),
    value: value ?? Buffer.from(`value ${offset}`),
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, bytes(text)])),
    isControlRecord,
  };
}

function fetched(highWatermark: number, messages: readonly WireRecord[]): FetchedPartition {
  return { partition: 0, highWatermark: String(highWatermark), messages };
}
