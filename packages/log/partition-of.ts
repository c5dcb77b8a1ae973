const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;
const SHIFT = 24;

/**
 * The partition, from 0 to `count - 1`, that a key belongs to: murmur2 over its UTF-8 bytes, as Kafka's own clients
 * choose it, so that a producer in any language puts the same key into the same partition. It must never change.
 */
export function partitionOf(key: string, count: number): number {
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % count;
}

/** Austin Appleby's MurmurHash2 (public domain), 32 bits, with the seed that Kafka's Java client uses. */
function murmur2(bytes: Buffer): number {
  let hash = SEED ^ bytes.length;
  const wholeWords = bytes.length - (bytes.length % 4);
  for (let i = 0; i < wholeWords; i += 4) {
    let word = Math.imul(bytes.readInt32LE(i), MULTIPLIER);
    word = Math.imul(word ^ (word >>> SHIFT), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ word;
  }
  if (wholeWords < bytes.length) {
    for (let i = bytes.length - 1; i >= wholeWords; i--) hash ^= (bytes[i] ?? 0) << (8 * (i - wholeWords));
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}
