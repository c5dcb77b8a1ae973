/** An encoding of bytes in an alphabet whose letters carry a fixed number of bits each. */
export interface BaseEncoding {
  readonly alphabet: string;
  readonly bitsPerLetter: number;
  /** Letters are filled up with `=` to a multiple of this. */
  readonly groupLength: number;
}

export const BASE64: BaseEncoding = {
  alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
  bitsPerLetter: 6,
  groupLength: 4,
};

export const BASE32: BaseEncoding = {
  alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
  bitsPerLetter: 5,
  groupLength: 8,
};

export function encode(bytes: readonly number[], { alphabet, bitsPerLetter, groupLength }: BaseEncoding): string {
  let text = "";
  let [bits, held] = [0, 0];
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    held += 8;
    while (held >= bitsPerLetter) {
      held -= bitsPerLetter;
      text += alphabet[bits >> held];
      bits &= (1 << held) - 1;
    }
  }
  if (held > 0) text += alphabet[bits << (bitsPerLetter - held)];
  return text.padEnd(Math.ceil(text.length / groupLength) * groupLength, "=");
}

/** The bytes, or null if a letter is not in the alphabet. Bits that do not fill a byte are dropped. */
export function decode(text: string, { alphabet, bitsPerLetter }: BaseEncoding): number[] | null {
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  for (const letter of text.replace(/=+$/, "")) {
    const value = alphabet.indexOf(letter);
    if (value < 0) return null;
    bits = (bits << bitsPerLetter) | value;
    held += bitsPerLetter;
    if (held < 8) continue;
    held -= 8;
    bytes.push(bits >> held);
    bits &= (1 << held) - 1;
  }
  return bytes;
}
