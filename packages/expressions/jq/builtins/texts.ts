import type { Json } from "@antiphon/protocol";
import type { Run } from "../run.ts";
import { iterate } from "../values/access.ts";
import { add, split } from "../values/arithmetic.ts";
import { chunksOf, rewritten } from "../values/chunks.ts";
import { isArray, isNumber, toDouble } from "../values/kinds.ts";
import { placesIn } from "../values/search.ts";
import { described, fail, toText } from "../values/text.ts";
import { utf8Length } from "../values/unicode.ts";
import { type Builtin, type Builtins, ofInput, ofOne } from "./builtin.ts";

/** Code points that become characters between two charges. */
const IMPLODED_AT_ONCE = 1_024;

/** Functions of texts, but for regular expressions and formats. */
export const TEXT_BUILTINS: Builtins = {
  "startswith/1": ofOne((input, part, run) => {
    const [text, start] = asTexts(input, part, "startswith() requires string inputs", run);
    return text.startsWith(start);
  }),
  "endswith/1": ofOne((input, part, run) => {
    const [text, end] = asTexts(input, part, "endswith() requires string inputs", run);
    return text.endsWith(end);
  }),
  "ltrimstr/1": ofOne((input, part, run) => {
    if (typeof input !== "string" || typeof part !== "string") return input;
    run.read(input);
    run.scan(part);
    return input.startsWith(part) ? input.slice(part.length) : input;
  }),
  "rtrimstr/1": ofOne((input, part, run) => {
    if (typeof input !== "string" || typeof part !== "string") return input;
    run.read(input);
    run.scan(part);
    return input.endsWith(part) ? input.slice(0, input.length - part.length) : input;
  }),
  "trim/0": trimming((text) => text.trim()),
  "ltrim/0": trimming((text) => text.trimStart()),
  "rtrim/0": trimming((text) => text.trimEnd()),
  "ascii_downcase/0": ofInput((input, run) =>
    inAscii(asText(input, "explode input must be a string"), /[A-Z]+/g, (letters) => letters.toLowerCase(), run),
  ),
  "ascii_upcase/0": ofInput((input, run) =>
    inAscii(asText(input, "explode input must be a string"), /[a-z]+/g, (letters) => letters.toUpperCase(), run),
  ),
  "explode/0": ofInput((input, run) => {
    const points: number[] = [];
    for (const chunk of chunksOf(asText(input, "explode input must be a string"), 2, run)) {
      for (const character of chunk) points.push(character.codePointAt(0) ?? 0);
    }
    return points;
  }),
  "implode/0": ofInput(implode),
  "split/1": ofOne((input, separator, run) => {
    const [text, at] = asTexts(input, separator, "split input and separator must be strings", run);
    return split(text, at, run);
  }),
  "join/1": ofOne(join),
};

/** Where `part` begins in `text`, counted in bytes of UTF-8 as jq 1.7 does; null for an empty part. */
export function placesInText(text: string, part: string, run: Run): Json {
  if (part === "") return null;
  run.charge(text.length >> 5);
  const found: number[] = [];
  let [bytes, counted] = [0, 0];
  for (const at of placesIn(text, part, true, run)) {
    bytes += utf8Length(text.slice(counted, at));
    counted = at;
    found.push(bytes);
  }
  return found;
}

function trimming(trim: (text: string) => string): Builtin {
  return ofInput((input, run) => {
    if (typeof input !== "string") return fail(`${described(input, run)} cannot be trimmed`);
    run.scan(input);
    return trim(input);
  });
}

function implode(value: Json, run: Run): Json {
  if (!isArray(value)) return fail("implode input must be an array");
  let text = "";
  for (let from = 0; from < value.length; from += IMPLODED_AT_ONCE) {
    const points = value.slice(from, from + IMPLODED_AT_ONCE);
    run.charge(points.length);
    const piece = points.map((point) => characterOf(point, run)).join("");
    run.allowText(text.length + piece.length, piece.length);
    text += piece;
  }
  return text;
}

function characterOf(point: Json, run: Run): string {
  const code = isNumber(point) ? toDouble(point) : Number.NaN;
  if (Number.isNaN(code))
    return fail(`${described(point, run)} can't be imploded, unicode codepoint needs to be numeric`);
  return isScalarValue(code) ? String.fromCodePoint(Math.floor(code)) : "\ufffd";
}

/** Null is nothing; numbers and booleans are written out; what cannot be added to a text is jq's error. */
function join(value: Json, separator: Json, run: Run): Json {
  let joined: Json | undefined;
  iterate(value, run, (item) => {
    const part = item === null ? "" : typeof item === "boolean" || isNumber(item) ? toText(item, run) : item;
    const before = joined === undefined ? "" : add(joined, separator, run);
    joined = add(before, part, run);
  });
  return joined ?? "";
}

function asText(value: Json, refusal: string): string {
  return typeof value === "string" ? value : fail(refusal);
}

/** Changes letters in a text: as many in a row as there are at once. */
function inAscii(text: string, letters: RegExp, change: (letters: string) => string, run: Run): string {
  return rewritten(text, 16, run, (chunk) => chunk.replace(letters, change));
}

function asTexts(value: Json, other: Json, refusal: string, run: Run): readonly [string, string] {
  if (typeof value !== "string" || typeof other !== "string") return fail(refusal);
  run.read(value);
  run.scan(other);
  return [value, other];
}

function isScalarValue(code: number): boolean {
  return code >= 0 && code < 0x110000 && !(code >= 0xd800 && code < 0xe000);
}
