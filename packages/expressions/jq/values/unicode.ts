const SURROGATE = /[\ud800-\udfff]/;

/** The number of code points, which is what jq calls the length of a text. */
export function codePointCount(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) if (isPair(text, i)) count--;
  return count;
}

/** A part of a text, its ends given in code points. */
export function sliceCodePoints(text: string, start: number, end: number): string {
  if (!SURROGATE.test(text)) return text.slice(start, end);
  const from = offsetOf(text, start, 0, 0);
  return text.slice(from, offsetOf(text, end, start, from));
}

/** The offset in UTF-16 units of a code point, counted on from one whose offset is known. */
function offsetOf(text: string, point: number, knownPoint: number, knownOffset: number): number {
  let at = knownOffset;
  for (let count = knownPoint; count < point && at < text.length; count++) at += isPair(text, at) ? 2 : 1;
  return at;
}

/** A function from UTF-16 offsets into `text` to offsets in code points. */
export function codePointOffsets(text: string): (offset: number) => number {
  if (!SURROGATE.test(text)) return (offset) => offset;
  const counted = new Uint32Array(text.length + 1);
  let count = 0;
  let at = 0;
  for (; at < text.length; count++) {
    counted[at] = count;
    if (isPair(text, at)) counted[++at] = count;
    at++;
  }
  counted[at] = count;
  return (offset) => counted[offset] ?? count;
}

/** The number of bytes in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (isPair(text, i)) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

export function utf8Encode(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), continuation(point));
    else if (point >= 0xd800 && point <= 0xdfff) bytes.push(0xef, 0xbf, 0xbd);
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), continuation(point >> 6), continuation(point));
    else {
      bytes.push(0xf0 | (point >> 18), continuation(point >> 12), continuation(point >> 6), continuation(point));
    }
  }
  return bytes;
}

/** The text of UTF-8 bytes that come piece by piece; a byte that does not belong becomes U+FFFD. */
export class Utf8Text {
  #text = "";
  /** The bytes at the end of the last piece that may be the beginning of a character. */
  #open: readonly number[] = [];

  add(bytes: readonly number[]): void {
    const all = this.#open.length === 0 ? bytes : [...this.#open, ...bytes];
    this.#open = this.#decode(all, all.length - 3);
  }

  end(): string {
    this.#decode(this.#open, this.#open.length);
    return this.#text;
  }

  /** Decodes the characters that begin before `until`; the bytes that are left. */
  #decode(bytes: readonly number[], until: number): readonly number[] {
    const characters: string[] = [];
    let at = 0;
    while (at < until) {
      const first = bytes[at] ?? 0;
      const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
      let point = length < 2 ? first : first & (0x7f >> length);
      let read = 1;
      while (read < length && ((bytes[at + read] ?? 0) & 0xc0) === 0x80) {
        point = (point << 6) | ((bytes[at + read] ?? 0) & 0x3f);
        read++;
      }
      const sound = length > 0 && read === length && isScalar(point, length);
      characters.push(sound ? String.fromCodePoint(point) : "\ufffd");
      at += read;
    }
    this.#text += characters.join("");
    return bytes.slice(at);
  }
}

/** A text without halves of surrogate pairs, which jq turns into U+FFFD. */
export function wellFormed(text: string): string {
  return text.toWellFormed();
}

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f);
}

function isPair(text: string, i: number): boolean {
  const unit = text.charCodeAt(i);
  if (unit < 0xd800 || unit > 0xdbff || i + 1 >= text.length) return false;
  const next = text.charCodeAt(i + 1);
  return next >= 0xdc00 && next <= 0xdfff;
}

function isScalar(point: number, length: number): boolean {
  const shortest = length === 3 ? 0x800 : length === 4 ? 0x10000 : 0;
  return point >= shortest && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
}
