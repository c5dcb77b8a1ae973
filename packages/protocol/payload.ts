import { isBytesType } from "./content-type.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Whether a text is base64 (RFC 4648, section 4); the padding at its end may be missing. */
export function isBase64(text: string): boolean {
  const digits = text.replace(/={1,2}$/, "");
  return /^[A-Za-z0-9+/]*$/.test(digits) && digits.length % 4 !== 1 && (digits === text || text.length % 4 === 0);
}

/** What base64 stands for, where the content type allows for a text and the bytes are UTF-8; undefined: bytes. */
export function payloadOf(base64: string, type: string): string | undefined {
  if (isBytesType(type)) return undefined;
  try {
    return decodeURIComponent(percentEncoded(base64));
  } catch {
    return undefined;
  }
}

/** The bytes as a URL spells them, which the language can decode as UTF-8 without anything from its surroundings. */
function percentEncoded(base64: string): string {
  const parts: string[] = [];
  let [bits, count] = [0, 0];
  for (const digit of base64.replace(/=+$/, "")) {
    bits = ((bits << 6) | ALPHABET.indexOf(digit)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    parts.push(`%${((bits >> count) & 0xff).toString(16).padStart(2, "0")}`);
  }
  return parts.join("");
}
