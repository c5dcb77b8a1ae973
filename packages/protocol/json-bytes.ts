import { isExactNumber, type Json, type JsonObject } from "./json.ts";

/** How many bytes a value has as JSON; undefined if objects and arrays are nested deeper than `levels`. */
export function bytesWithin(value: Json, levels: number): number | undefined {
  if (typeof value === "string") return bytesOfText(value);
  if (typeof value === "number") return String(value).length;
  if (value === null || value === true) return 4;
  if (value === false) return 5;
  if (isExactNumber(value)) return value.rawJSON.length;
  if (levels === 0) return undefined;
  // Brackets, and commas between what is in them.
  let bytes = 1;
  if (Array.isArray(value)) {
    for (const item of value) {
      const one = bytesWithin(item, levels - 1);
      if (one === undefined) return undefined;
      bytes += one + 1;
    }
    return Math.max(2, bytes);
  }
  const members = value as JsonObject;
  for (const name of Object.keys(members)) {
    const member = members[name];
    if (member === undefined) continue;
    const one = bytesWithin(member, levels - 1);
    if (one === undefined) return undefined;
    bytes += bytesOfText(name) + 1 + one + 1;
  }
  return Math.max(2, bytes);
}

/** Of a text as JSON in UTF-8, with its quotes. */
function bytesOfText(text: string): number {
  let bytes = 2;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += unit >= 0x20 ? (unit === QUOTE || unit === BACKSLASH ? 2 : 1) : SHORT.has(unit) ? 2 : 6;
    else if (unit < 0x800) bytes += 2;
    else if (unit < 0xd800 || unit > 0xdfff) bytes += 3;
    else if (unit < 0xdc00 && isLow(text.charCodeAt(i + 1))) {
      bytes += 4;
      i += 1;
    } else bytes += 6;
  }
  return bytes;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Control characters that have an escape of a letter. */
const SHORT: ReadonlySet<number> = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d]);

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
