import { compressed, Grown } from "./grown.ts";

const MAGIC = 0x184d2204;
const WORD_BYTES = 4;
/** Magic number, flags, and the size of blocks. */
const DESCRIPTOR_BYTES = 6;

/** Bits of the flags. */
const HAS_DICTIONARY = 1;
const HAS_CONTENT_CHECKSUM = 4;
const HAS_CONTENT_SIZE = 8;
const HAS_BLOCK_CHECKSUMS = 16;

/** The highest bit of a block's length says that it is not compressed. */
const PLAIN = 0x8000_0000;
/** A length of this in a token goes on in the bytes behind it. */
const LONG = 15;
const MATCH_MIN = 4;

/** Decompresses frames of LZ4, as Kafka's producers write them; checksums are not looked at, because the broker has. Throws if it is none, or longer than `bytesMax`. */
export function decompressLz4(bytes: Buffer, bytesMax: number): Buffer {
  const grown = new Grown(bytesMax);
  let at = 0;
  while (at < bytes.length) {
    if (at + DESCRIPTOR_BYTES > bytes.length || bytes.readUInt32LE(at) !== MAGIC) throw compressed("LZ4", "a frame");
    at = readFrame(bytes, at, grown);
  }
  return grown.bytes();
}

/** Returns where the frame ends. */
function readFrame(bytes: Buffer, begin: number, grown: Grown): number {
  const flags = bytes[begin + WORD_BYTES] ?? 0;
  if (flags & HAS_DICTIONARY) throw compressed("LZ4", "a frame without a dictionary");
  let at = begin + DESCRIPTOR_BYTES + (flags & HAS_CONTENT_SIZE ? 2 * WORD_BYTES : 0) + 1;
  for (;;) {
    if (at + WORD_BYTES > bytes.length) throw compressed("LZ4", "a whole frame");
    const word = bytes.readUInt32LE(at);
    at += WORD_BYTES;
    if (word === 0) return at + (flags & HAS_CONTENT_CHECKSUM ? WORD_BYTES : 0);
    const isPlain = word >= PLAIN;
    const end = at + (isPlain ? word - PLAIN : word);
    if (end > bytes.length) throw compressed("LZ4", "a whole block");
    const block = bytes.subarray(at, end);
    if (isPlain) grown.append(block);
    else readBlock(block, grown);
    at = end + (flags & HAS_BLOCK_CHECKSUMS ? WORD_BYTES : 0);
  }
}

function readBlock(block: Buffer, grown: Grown): void {
  let at = 0;
  const next = (): number => {
    const byte = block[at++];
    if (byte === undefined) throw compressed("LZ4", "a whole block");
    return byte;
  };
  const lengthFrom = (short: number): number => {
    let length = short;
    for (let byte = short === LONG ? 255 : 0; byte === 255; length += byte) byte = next();
    return length;
  };
  while (at < block.length) {
    const token = next();
    const literals = lengthFrom(token >> 4);
    if (at + literals > block.length) throw compressed("LZ4", "a whole block");
    grown.append(block.subarray(at, at + literals));
    at += literals;
    // The last sequence of a block is literals alone.
    if (at === block.length) return;
    const distance = next() | (next() << 8);
    grown.repeat(distance, lengthFrom(token & LONG) + MATCH_MIN);
  }
}
