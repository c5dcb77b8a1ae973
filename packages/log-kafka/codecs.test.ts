import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decompressLz4 } from "./lz4.ts";
import { decompressSnappy } from "./snappy.ts";

const TEXT = `${Array.from({ length: 6 }, (_, i) => `{"id":${i},"straße":"\u2603"}`).join("")}${"ab".repeat(200)}`;
const MANY = 1_000_000;

/** The text as producers compress it: those of Java frame their blocks, others write one as it is. */
const COMPRESSED = {
  "Snappy of Java": [
    decompressSnappy,
    "glNOQVBQWQAAAAABAAAAAQAAAE6gBFx7ImlkIjowLCJzdHJhw59lIjoi4piDIn0JGAAxWhgAADJaGAAAM1oYAAA0WhgAADVCGAAEYWL+AgD+AgD+AgD+AgD+AgD+AgA2AgA=",
  ],
  "Snappy of others": [
    decompressSnappy,
    "oARceyJpZCI6MCwic3RyYcOfZSI6IuKYgyJ9CRgAMVoYAAAyWhgAADNaGAAANFoYAAA1QhgABGFi/gIA/gIA/gIA/gIA/gIA/gIANgIA",
  ],
  LZ4: [
    decompressLz4,
    "BCJNGGBAgkEAAADyCXsiaWQiOjAsInN0cmHDn2UiOiLimIMifRgAHzEYAAQfMhgABB8zGAAEHzQYAAQdNRgAL2FiAgD/d1BiYWJhYgAAAAA=",
  ],
} as const;

for (const [name, [decompress, base64]] of Object.entries(COMPRESSED)) {
  describe(name, () => {
    const bytes = Buffer.from(base64, "base64");
    const { length } = Buffer.from(TEXT);

    test("is read, and up to the limit in bytes", () => {
      assert.equal(decompress(bytes, length).toString(), TEXT);
      assert.equal(decompress(bytes, length + 1).toString(), TEXT);
      assert.throws(() => decompress(bytes, length - 1), {
        message: /expected at most \d+ bytes when it is written out/,
      });
    });

    test("is refused where it is cut off, wherever that is", () => {
      for (let end = 1; end < bytes.length; end++) {
        // A frame of Java's that ends with a block is whole.
        const read = outcomeOf(() => decompress(bytes.subarray(0, end), length).toString());
        assert.notEqual(read, TEXT, `of ${end} bytes`);
      }
    });

    test("comes to an end with any one byte changed", () => {
      for (let at = 0; at < bytes.length; at++) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 0xff;
        const read = outcomeOf(() => decompress(changed, MANY));
        assert.ok(read instanceof Error || read.length <= MANY);
      }
    });
  });
}

test("what repeats itself is written out, whatever its distance and length", () => {
  for (let distance = 1; distance <= 20; distance++) {
    for (const count of [4, 5, 18, 19, 60, 64]) {
      const piece = Buffer.from(Array.from({ length: distance }, (_, i) => 65 + i));
      const expected = Array.from({ length: distance + count }, (_, i) =>
        String.fromCharCode(65 + (i % distance)),
      ).join("");
      const snappy = Buffer.from([
        distance + count,
        (distance - 1) << 2,
        ...piece,
        ((count - 1) << 2) | 2,
        distance,
        0,
      ]);
      assert.equal(decompressSnappy(snappy, MANY).toString(), expected);
      const long = count - 4 >= 15 ? [count - 19] : [];
      const literals = distance >= 15 ? [distance - 15] : [];
      const token = (Math.min(distance, 15) << 4) | Math.min(count - 4, 15);
      const block = [token, ...literals, ...piece, distance, 0, ...long, 0];
      assert.equal(decompressLz4(frameOf(block), MANY).toString(), expected);
    }
  }
});

test("a block that is not compressed, checksums and the size of the content are read over", () => {
  const plain = [
    0x04,
    0x22,
    0x4d,
    0x18,
    0x40 | 16 | 8 | 4,
    0x40,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0x99,
    1,
    0,
    0,
    0x80,
    65,
    1,
    2,
    3,
    4,
    0,
    0,
    0,
    0,
    5,
    6,
    7,
    8,
  ];
  assert.equal(decompressLz4(Buffer.from([...plain, ...plain]), MANY).toString(), "AA");
});

function frameOf(block: readonly number[]): Buffer {
  return Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x99, block.length, 0, 0, 0, ...block, 0, 0, 0, 0]);
}

function outcomeOf<Value>(read: () => Value): Value | Error {
  try {
    return read();
  } catch (error) {
    return error as Error;
  }
}
