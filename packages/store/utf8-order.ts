/**
 * Compares two strings by their UTF-8 bytes: negative, zero or positive.
 * JavaScript's `<` compares UTF-16 units, where an emoji (a surrogate pair, 0xD800 to 0xDFFF) sorts before U+FF01.
 */
export function compareUtf8(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

/** UTF-8 keeps the order of code points, and all that surrogates stand for lie above U+FFFF: they change places. */
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
