import type { Run } from "../run.ts";
import { chunksOf } from "../values/chunks.ts";
import { Utf8Text, utf8Encode } from "../values/unicode.ts";

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

/** The bytes of a text in UTF-8, in letters. */
export function encodeText(text: string, { alphabet, bitsPerLetter, groupLength }: BaseEncoding, run: Run): string {
  let result = "";
  let [bits, held] = [0, 0];
  for (const chunk of chunksOf(text, 2, run)) {
    const letters: string[] = [];
    for (const byte of utf8Encode(chunk)) {
      bits = (bits << 8) | byte;
      held += 8;
      while (held >= bitsPerLetter) {
        held -= bitsPerLetter;
        letters.push(alphabet.charAt(bits >> held));
        bits &= (1 << held) - 1;
      }
    }
    run.allowText(result.length + letters.length, letters.length);
    result += letters.join("");
  }
  if (held > 0) result += alphabet[bits << (bitsPerLetter - held)];
  return result.padEnd(Math.ceil(result.length / groupLength) * groupLength, "=");
}

/** The text in UTF-8, or null if a letter is not in the alphabet. Bits that do not fill a byte are dropped. */
export function decodeText(letters: string, { alphabet, bitsPerLetter }: BaseEncoding, run: Run): string | null {
  const decoded = new Utf8Text();
  let [bits, held] = [0, 0];
  for (const chunk of chunksOf(letters, 2, run)) {
    const bytes: number[] = [];
    for (const letter of chunk) {
      const value = alphabet.indexOf(letter);
      if (value < 0) return null;
      bits = (bits << bitsPerLetter) | value;
      held += bitsPerLetter;
      if (held < 8) continue;
      held -= 8;
      bytes.push(bits >> held);
      bits &= (1 << held) - 1;
    }
    decoded.add(bytes);
  }
  const text = decoded.end();
  run.allowText(text.length);
  return text;
}

/** A loop, because the obvious pattern takes quadratic time on many signs that are not at the end. */
export function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === "=") end--;
  return text.slice(0, end);
}
