import type { Json } from "@antiphon/protocol";
import type { Run } from "../run.ts";
import { iterate } from "../values/access.ts";
import { add, split } from "../values/arithmetic.ts";
import { isArray, isNumber, toDouble } from "../values/kinds.ts";
import { described, fail, toText } from "../values/text.ts";
import { utf8Length } from "../values/unicode.ts";
import { type Builtin, type Builtins, ofInput, ofOne } from "./builtin.ts";

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
    run.charge(part.length >> 6);
    return input.startsWith(part) ? input.slice(part.length) : input;
  }),
  "rtrimstr/1": ofOne((input, part, run) => {
    if (typeof input !== "string" || typeof part !== "string") return input;
    run.charge(part.length >> 6);
    return input.endsWith(part) ? input.slice(0, input.length - part.length) : input;
  }),
  "trim/0": trimming((text) => text.trim()),
  "ltrim/0": trimming((text) => text.trimStart()),
  "rtrim/0": trimming((text) => text.trimEnd()),
  "ascii_downcase/0": ofInput((input, run) =>
    asText(input, "explode input must be a string", run).replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  ),
  "ascii_upcase/0": ofInput((input, run) =>
    asText(input, "explode input must be a string", run).replace(/[a-z]+/g, (letters) => letters.toUpperCase()),
  ),
  "explode/0": ofInput((input, run) => {
    const text = asText(input, "explode input must be a string", run);
    run.charge(text.length);
    return Array.from(text, (character) => character.codePointAt(0) ?? 0);
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
  run.charge(text.length >> 4);
  const found: number[] = [];
  let [bytes, counted] = [0, 0];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    run.charge(1);
    bytes += utf8Length(text.slice(counted, at));
    counted = at;
    found.push(bytes);
  }
  return found;
}

function trimming(trim: (text: string) => string): Builtin {
  return ofInput((input, run) => trim(asText(input, `${described(input)} cannot be trimmed`, run)));
}

function implode(value: Json, run: Run): Json {
  if (!isArray(value)) return fail("implode input must be an array");
  run.charge(value.length);
  run.allowText(value.length);
  const characters = value.map((point) => {
    const code = isNumber(point) ? toDouble(point) : Number.NaN;
    if (Number.isNaN(code)) return fail(`${described(point)} can't be imploded, unicode codepoint needs to be numeric`);
    return isScalarValue(code) ? String.fromCodePoint(Math.floor(code)) : "\ufffd";
  });
  return characters.join("");
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

function asText(value: Json, refusal: string, run: Run): string {
  if (typeof value !== "string") return fail(refusal);
  run.charge(value.length >> 6);
  return value;
}

function asTexts(value: Json, other: Json, refusal: string, run: Run): readonly [string, string] {
  if (typeof value !== "string" || typeof other !== "string") return fail(refusal);
  run.charge(other.length >> 6);
  return [value, other];
}

function isScalarValue(code: number): boolean {
  return code >= 0 && code < 0x110000 && !(code >= 0xd800 && code < 0xe000);
}
