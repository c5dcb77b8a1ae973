import { compressed, Grown } from "./grown.ts";

/** What Java's producers write before their blocks, and how long the header is that begins with it. */
const FRAMED = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const FRAME_HEADER_BYTES = 16;
const LENGTH_BYTES = 4;

/** Lengths up to this one are in the tag of a literal itself, larger ones in one to four bytes behind it. */
const SHORT_LITERAL_MAX = 60;

/** Decompresses Snappy, one block as C's producers write it, or several with their lengths as Java's do. Throws if it is none, or longer than `bytesMax`. */
export function decompressSnappy(bytes: Buffer, bytesMax: number): Buffer {
  const grown = new Grown(bytesMax);
  if (!bytes.subarray(0, FRAMED.length).equals(FRAMED)) readBlock(bytes, grown);
  else {
    for (let at = FRAME_HEADER_BYTES; at < bytes.length; ) {
      const begin = at + LENGTH_BYTES;
      const end = begin + (begin <= bytes.length ? bytes.readUInt32BE(at) : 0);
      if (begin > bytes.length || end > bytes.length) throw compressed("Snappy", "a whole block");
      readBlock(bytes.subarray(begin, end), grown);
      at = end;
    }
  }
  return grown.bytes();
}

function readBlock(block: Buffer, grown: Grown): void {
  const beginning = grown.length;
  let at = 0;
  /** A number of so many bytes, the lowest first. */
  const read = (count: number): number => {
    if (at + count > block.length) throw compressed("Snappy", "a whole block");
    const value = block.readUIntLE(at, count);
    at += count;
    return value;
  };
  const length = lengthFrom(() => read(1));
  while (at < block.length) {
    const tag = read(1);
    const kind = tag & 3;
    if (kind === 0) {
      const short = (tag >> 2) + 1;
      const count = short <= SHORT_LITERAL_MAX ? short : read(short - SHORT_LITERAL_MAX) + 1;
      if (at + count > block.length) throw compressed("Snappy", "a whole block");
      grown.append(block.subarray(at, at + count));
      at += count;
    } else if (kind === 1) grown.repeat(((tag >> 5) << 8) | read(1), ((tag >> 2) & 7) + 4);
    else grown.repeat(read(kind === 2 ? 2 : 4), (tag >> 2) + 1);
  }
  if (grown.length - beginning !== length) throw compressed("Snappy", `${length} bytes, as it says`);
}

/** Seven bits a byte, the lowest first; the highest bit says that there are more. */
function lengthFrom(next: () => number): number {
  for (let value = 0, factor = 1; factor <= 2 ** 28; factor *= 128) {
    const byte = next();
    value += (byte & 127) * factor;
    if (byte < 128) return value;
  }
  throw compressed("Snappy", "a length of at most five bytes");
}
