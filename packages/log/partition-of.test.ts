import assert from "node:assert/strict";
import { test } from "node:test";
import { partitionOf } from "./partition-of.ts";

/** Hashes that Kafka's Java client computes, with the sign bit taken away. */
const HASHES = {
  "21": -973932308,
  foobar: -790332482,
  "a-little-bit-long-string": -985981536,
  "a-little-bit-longer-string": -1486304829,
  lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
  abc: 479470107,
};

test("a key goes to the partition that Kafka's own clients choose for it", () => {
  const count = 1_000_003;
  assert.deepEqual(
    Object.keys(HASHES).map((key) => partitionOf(key, count)),
    Object.values(HASHES).map((hash) => (hash & 0x7fffffff) % count),
  );
});

test("every key has a partition, whatever it is made of", () => {
  for (const key of ["", "ü", "漢字", "🙂", "\ud800", "a".repeat(10_000)]) {
    const partition = partitionOf(key, 7);
    assert.ok(Number.isInteger(partition) && partition >= 0 && partition < 7, key);
  }
});
