import type { Json } from "@antiphon/protocol";
import type { Format } from "../filters/construct.ts";
import type { Run } from "../run.ts";
import { isArray, isContainer, isNumber } from "../values/kinds.ts";
import { described, fail, toJsonText, toText } from "../values/text.ts";
import { utf8Decode, utf8Encode } from "../values/unicode.ts";
import { BASE32, BASE64, type BaseEncoding, decode, encode } from "./base-encoding.ts";
import { type Builtins, ofOne } from "./builtin.ts";

const HTML: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  "'": "&apos;",
  '"': "&quot;",
};

const TSV: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

const FORMATS: Readonly<Record<string, Format>> = {
  text: toText,
  json: toJsonText,
  html: (value, run) => escaped(toText(value, run), /[<>&'"]/g, HTML, run),
  uri: (value, run) =>
    utf8Encode(charged(toText(value, run), run))
      .map((byte) => {
        const letter = String.fromCharCode(byte);
        return /[A-Za-z0-9._~-]/.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
      })
      .join(""),
  csv: (value, run) => row(value, "csv", ",", (text) => `"${text.replaceAll('"', '""')}"`, run),
  tsv: (value, run) => row(value, "tsv", "\t", (text) => escaped(text, /[\\\t\n\r]/g, TSV, run), run),
  sh: (value, run) => (isArray(value) ? value : [value]).map((item) => quotedForShell(item, run)).join(" "),
  base64: (value, run) => encode(utf8Encode(charged(toText(value, run), run)), BASE64),
  base64d: (value, run) => decoded(value, BASE64, "base64", run),
  base32: (value, run) => encode(utf8Encode(charged(toText(value, run), run)), BASE32),
  base32d: (value, run) => decoded(value, BASE32, "base32", run),
};

/** What `@name` does; null if there is no such format. */
export function formatNamed(name: string): Format | null {
  return Object.hasOwn(FORMATS, name) ? (FORMATS[name] ?? null) : null;
}

export const FORMAT_BUILTINS: Builtins = {
  "format/1": ofOne((input, name, run) => {
    if (typeof name !== "string") return fail(`${described(name)} is not a valid format`);
    const format = formatNamed(name) ?? fail(`${name} is not a valid format`);
    return format(input, run);
  }),
};

function row(value: Json, name: string, separator: string, quote: (text: string) => string, run: Run): string {
  if (!isArray(value)) return fail(`${described(value)} cannot be ${name}-formatted, only an array can be`);
  const cells = value.map((cell) => {
    if (cell === null) return "";
    if (typeof cell === "boolean" || isNumber(cell)) return toText(cell, run);
    if (typeof cell === "string") return quote(charged(cell, run));
    return fail(`${described(cell)} is not valid in a csv row`);
  });
  run.charge(cells.length);
  run.allowText(cells.reduce((length, cell) => length + cell.length + 1, 0));
  run.grow(cells.length);
  return cells.join(separator);
}

function quotedForShell(value: Json, run: Run): string {
  if (isContainer(value)) return fail(`${described(value)} can not be escaped for shell`);
  if (typeof value !== "string") return toText(value, run);
  return `'${charged(value, run).replaceAll("'", "'\\''")}'`;
}

function decoded(value: Json, encoding: BaseEncoding, name: string, run: Run): string {
  const text = charged(toText(value, run), run);
  const letters = text.replace(/=+$/, "");
  const bytes = decode(text, encoding);
  if (bytes === null || (text !== "" && letters === "")) return fail(`${described(value)} is not valid ${name} data`);
  if (encoding === BASE64 && letters.length % 4 === 1) return fail(`${described(value)} trailing base64 byte found`);
  return utf8Decode(bytes);
}

function escaped(text: string, what: RegExp, by: Readonly<Record<string, string>>, run: Run): string {
  return charged(text, run).replace(what, (letter) => by[letter] ?? letter);
}

/** Formats write at most a few units for each one that they read; that much is allowed, and paid for, in advance. */
function charged(text: string, run: Run): string {
  run.charge(text.length >> 3);
  run.allowText(text.length * 2);
  return text;
}
