import assert from "node:assert/strict";
import { test } from "node:test";
import type { Chunk } from "./facts.ts";
import { FEED_BYTES_MAX, FEED_CHUNKS_MAX, FEED_RECORDS_MAX, FEEDS_BYTES_MAX, Feed, feedShare } from "./feed.ts";

/** A feed after chunks of so many records and bytes; says from which offset on it is in memory. */
function fed(chunks: readonly { readonly records?: number; readonly bytes?: number }[], bytesMax?: number) {
  const feed = new Feed("t", 0);
  let end = 0;
  for (const { records = 1, bytes = 1 } of chunks) {
    const facts = Array.from({ length: records }, (_, i) => ({
      offset: end + i,
      timestampMs: 0,
      key: null,
      value: null,
    }));
    const chunk: Chunk = { from: end, next: end + records, end: end + records, records: facts, bytes };
    feed.push(chunk, bytesMax);
    end += records;
  }
  let from = 0;
  while (from < end && feed.after(from) === undefined) from++;
  return { from, end, position: feed.position };
}

test("a feed keeps the newest records that fit its bytes", () => {
  const half = FEED_BYTES_MAX / 2;
  assert.equal(fed([{ bytes: half }, { bytes: half }]).from, 0);
  assert.equal(fed([{ bytes: half }, { bytes: half + 1 }]).from, 1);
  assert.equal(fed([{ bytes: 5 }, { bytes: 4 }, { bytes: 2 }], 6).from, 1);
});

test("what is larger than a feed may be is left to the log, and the feed goes on behind it", () => {
  assert.deepEqual(fed([{ bytes: 6 }, { bytes: 7 }], 6), { from: 2, end: 2, position: 2 });
  assert.deepEqual(fed([{ bytes: 7 }, { bytes: 6 }], 6), { from: 1, end: 2, position: 2 });
});

test("a feed keeps so many records and chunks", () => {
  assert.equal(fed([{ records: 1 }, { records: FEED_RECORDS_MAX - 1 }]).from, 0);
  assert.equal(fed([{ records: 1 }, { records: FEED_RECORDS_MAX }]).from, 1);
  const chunks = (count: number) => Array.from({ length: count }, () => ({ records: 1 }));
  assert.equal(fed(chunks(FEED_CHUNKS_MAX)).from, 0);
  assert.equal(fed(chunks(FEED_CHUNKS_MAX + 1)).from, 1);
});

test("all feeds together keep no more than a process has for them", () => {
  for (const feeds of [1, 16, 17, 1_000]) {
    assert.ok(feeds * feedShare(feeds) <= FEEDS_BYTES_MAX);
    assert.ok(feedShare(feeds) <= FEED_BYTES_MAX);
  }
  assert.equal(feedShare(16), FEED_BYTES_MAX);
});
