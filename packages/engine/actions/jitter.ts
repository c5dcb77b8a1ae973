/**
 * A number from -1 to 1 that looks like chance, and is the same for the same text: whoever decides again waits as long.
 * The text's 32-bit FNV-1a hash, stirred once more so that texts which differ in their last letter lie apart.
 */
export function jitterOf(seed: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 0x7fffffff - 1;
}
