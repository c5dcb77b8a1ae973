const SURROGATE = /[\ud800-\udfff]/;

/** The number of code points, which is what jq calls the length of a text. */
export function codePointCount(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** A part of a text, its ends given in code points. */
export function sliceCodePoints(text: string, start: number, end: number): string {
  return SURROGATE.test(text) ? [...text].slice(start, end).join("") : text.slice(start, end);
}

/** A function from UTF-16 offsets into `text` to offsets in code points. */
export function codePointOffsets(text: string): (offset: number) => number {
  if (!SURROGATE.test(text)) return (offset) => offset;
  const counted = new Uint32Array(text.length + 1);
  let count = 0;
  let at = 0;
  for (const character of text) {
    counted.fill(count, at, at + character.length);
    at += character.length;
    count++;
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

/** The text of UTF-8 bytes; a byte that does not belong becomes U+FFFD. */
export function utf8Decode(bytes: readonly number[]): string {
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    let point = length < 2 ? first : first & (0x7f >> length);
    let read = 1;
    while (read < length && ((bytes[i + read] ?? 0) & 0xc0) === 0x80) {
      point = (point << 6) | ((bytes[i + read] ?? 0) & 0x3f);
      read++;
    }
    const sound = length > 0 && read === length && isScalar(point, length);
    text += sound ? String.fromCodePoint(point) : "\ufffd";
    i += read;
  }
  return text;
}

/** A text without halves of surrogate pairs, which jq turns into U+FFFD. */
export function wellFormed(text: string): string {
  return text.toWellFormed();
}

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f);
}

function isPair(text: string, i: number): boolean {
  return (text.codePointAt(i) ?? 0) > 0xffff;
}

function isScalar(point: number, length: number): boolean {
  const shortest = length === 3 ? 0x800 : length === 4 ? 0x10000 : 0;
  return point >= shortest && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
}
