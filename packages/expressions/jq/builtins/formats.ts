import type { Json } from "@antiphon/protocol";
import type { Format } from "../filters/construct.ts";
import type { Run } from "../run.ts";
import { rewritten } from "../values/chunks.ts";
import { isArray, isContainer, isNumber } from "../values/kinds.ts";
import { described, fail, toJsonText, toText } from "../values/text.ts";
import { BASE32, BASE64, type BaseEncoding, decodeText, encodeText, withoutPadding } from "./base-encoding.ts";
import { type Builtins, ofOne } from "./builtin.ts";

const HTML: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  "'": "&apos;",
  '"': "&quot;",
};

const CSV: Readonly<Record<string, string>> = { '"': '""' };

const SHELL: Readonly<Record<string, string>> = { "'": "'\\''" };

const TSV: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

const FORMATS: Readonly<Record<string, Format>> = {
  text: toText,
  json: toJsonText,
  html: (value, run) => escaped(toText(value, run), /[<>&'"]/g, HTML, run),
  uri: (value, run) =>
    rewritten(toText(value, run), 4, run, (chunk) =>
      encodeURIComponent(chunk.toWellFormed()).replace(
        /[!'()*]/g,
        (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    ),
  csv: (value, run) => row(value, "csv", ",", (text) => `"${escaped(text, /"/g, CSV, run)}"`, run),
  tsv: (value, run) => row(value, "tsv", "\t", (text) => escaped(text, /[\\\t\n\r]/g, TSV, run), run),
  sh: (value, run) =>
    joined(
      (isArray(value) ? value : [value]).map((item) => quotedForShell(item, run)),
      " ",
      run,
    ),
  base64: (value, run) => encodeText(toText(value, run), BASE64, run),
  base64d: (value, run) => decoded(value, BASE64, "base64", run),
  base32: (value, run) => encodeText(toText(value, run), BASE32, run),
  base32d: (value, run) => decoded(value, BASE32, "base32", run),
};

/** What `@name` does; null if there is no such format. */
export function formatNamed(name: string): Format | null {
  return Object.hasOwn(FORMATS, name) ? (FORMATS[name] ?? null) : null;
}

export const FORMAT_BUILTINS: Builtins = {
  "format/1": ofOne((input, name, run) => {
    if (typeof name !== "string") return fail(`${described(name, run)} is not a valid format`);
    const format = formatNamed(name) ?? fail(`${name} is not a valid format`);
    return format(input, run);
  }),
};

function row(value: Json, name: string, separator: string, quote: (text: string) => string, run: Run): string {
  if (!isArray(value)) return fail(`${described(value, run)} cannot be ${name}-formatted, only an array can be`);
  const cells = value.map((cell) => {
    run.charge(1);
    if (cell === null) return "";
    if (typeof cell === "boolean" || isNumber(cell)) return toText(cell, run);
    if (typeof cell === "string") return quote(cell);
    return fail(`${described(cell, run)} is not valid in a csv row`);
  });
  return joined(cells, separator, run);
}

function joined(cells: readonly string[], separator: string, run: Run): string {
  run.allowText(cells.reduce((length, cell) => length + cell.length + 1, 0));
  run.grow(cells.length);
  return cells.join(separator);
}

function quotedForShell(value: Json, run: Run): string {
  run.charge(1);
  if (isContainer(value)) return fail(`${described(value, run)} can not be escaped for shell`);
  if (typeof value !== "string") return toText(value, run);
  return `'${escaped(value, /'/g, SHELL, run)}'`;
}

function decoded(value: Json, encoding: BaseEncoding, name: string, run: Run): string {
  const text = toText(value, run);
  run.scan(text);
  const letters = withoutPadding(text);
  const decoded = decodeText(letters, encoding, run);
  if (decoded === null || (text !== "" && letters === ""))
    return fail(`${described(value, run)} is not valid ${name} data`);
  if (encoding === BASE64 && letters.length % 4 === 1)
    return fail(`${described(value, run)} trailing base64 byte found`);
  return decoded;
}

/** A piece of a text is escaped at once: there may be something to escape at each of its places. */
function escaped(text: string, what: RegExp, by: Readonly<Record<string, string>>, run: Run): string {
  return rewritten(text, 4, run, (chunk) => chunk.replace(what, (letter) => by[letter] ?? letter));
}
