import { type Json, JsonSyntaxError, parseJson } from "@antiphon/protocol";
import { constant, type Filter, several } from "../filters/filter.ts";
import type { Run } from "../run.ts";
import { negate } from "../values/arithmetic.ts";
import { isDecimal, numberFromDigits } from "../values/decimal.ts";
import {
  isArray,
  isContainer,
  isNumber,
  isObject,
  isTrue,
  kindOf,
  memberOf,
  setMember,
  toDouble,
} from "../values/kinds.ts";
import { compare, equal, sortedNames } from "../values/order.ts";
import { includes } from "../values/search.ts";
import { described, fail, toJsonText, toText } from "../values/text.ts";
import { codePointCount, utf8Length } from "../values/unicode.ts";
import { type Builtins, ofInput, ofOne } from "./builtin.ts";

/** Functions that ask what a value is, how large it is, or that turn it into another kind. */
export const KIND_BUILTINS: Builtins = {
  "not/0": ofInput((input) => !isTrue(input)),
  "type/0": ofInput(kindOf),
  "length/0": ofInput(lengthOf),
  "utf8bytelength/0": ofInput((input, run) => {
    if (typeof input !== "string") return fail(`${described(input, run)} only strings have UTF-8 byte length`);
    run.read(input);
    run.charge(input.length >> 4);
    return utf8Length(input);
  }),
  "keys/0": ofInput((input, run) => (isObject(input) ? sortedNames(input, run) : keysOf(input, run))),
  "keys_unsorted/0": ofInput(keysOf),
  "has/1": ofOne((input, key, run) => {
    if (typeof key === "string") run.name(key);
    if (isObject(input) && typeof key === "string") return Object.hasOwn(input, key);
    if (input === null) return false;
    if (isArray(input) && isNumber(key)) return toDouble(key) >= 0 && toDouble(key) < input.length;
    return fail(`Cannot check whether ${kindOf(input)} has a ${kindOf(key)} key`);
  }),
  "contains/1": ofOne(contains),
  "tostring/0": ofInput(toText),
  "tojson/0": ofInput(toJsonText),
  "tonumber/0": ofInput(toNumber),
  "fromjson/0": ofInput(fromJson),
  "toarray/0": ofInput((input) => (isArray(input) ? input : [input])),
  "abs/0": ofInput((input, run) => (compare(input, 0, run) < 0 ? negate(input, run) : input)),
  "nan/0": ofInput((_input, run) => run.number(Number.NaN)),
  "infinite/0": ofInput((_input, run) => run.number(Number.POSITIVE_INFINITY)),
  "isnan/0": ofInput((input, run) => Number.isNaN(numeric(input, run))),
  "isinfinite/0": ofInput((input, run) => Math.abs(numeric(input, run)) === Number.POSITIVE_INFINITY),
  "isfinite/0": ofInput((input) => isNumber(input) && Math.abs(toDouble(input)) !== Number.POSITIVE_INFINITY),
  "isnormal/0": ofInput((input, run) => isNormal(numeric(input, run))),
  "arrays/0": only(isArray),
  "objects/0": only(isObject),
  "iterables/0": only(isContainer),
  "scalars/0": only((value) => !isContainer(value)),
  "booleans/0": only((value) => typeof value === "boolean"),
  "numbers/0": only(isNumber),
  "strings/0": only((value) => typeof value === "string"),
  "nulls/0": only((value) => value === null),
  "values/0": only((value) => value !== null),
  "have_literal_numbers/0": () => constant(true),
};

/** The double of a number; anything else is jq's error. */
export function numeric(value: Json, run: Run): number {
  return isNumber(value) ? toDouble(value) : fail(`${described(value, run)} number required`);
}

function only(accepts: (value: Json) => boolean): () => Filter {
  const filter = several(
    (input, _frame, emit) => {
      if (accepts(input)) emit(input);
    },
    (path, input, _frame, emit) => {
      if (accepts(input)) emit(path, input);
    },
  );
  return () => filter;
}

/** jq's `length`. */
export function lengthOf(value: Json, run: Run): number {
  if (value === null) return 0;
  if (typeof value === "string") {
    run.read(value);
    run.charge(value.length >> 4);
    return codePointCount(value);
  }
  if (isNumber(value)) return Math.abs(toDouble(value));
  if (isArray(value)) return value.length;
  if (!isObject(value)) return fail(`${described(value, run)} has no length`);
  const { length } = Object.keys(value);
  run.charge(length >> 4);
  return length;
}

function keysOf(value: Json, run: Run): Json {
  if (!isContainer(value)) return fail(`${described(value, run)} has no keys`);
  const names = isArray(value) ? value.map((_, i) => i) : Object.keys(value);
  run.charge(names.length >> 2);
  return names;
}

function contains(whole: Json, part: Json, run: Run): boolean {
  if (isObject(whole) && isObject(part)) {
    return Object.keys(part).every((name) => {
      const inner = memberOf(whole, name);
      return inner !== undefined && containsSameKind(inner, part[name] ?? null, run);
    });
  }
  if (isArray(whole) && isArray(part)) {
    return part.every((wanted) => whole.some((item) => containsSameKind(item, wanted, run)));
  }
  if (typeof whole === "string" && typeof part === "string") {
    return includes(whole, part, run);
  }
  // To jq, true and false are different kinds.
  if (kindOf(whole) === kindOf(part) && (typeof whole !== "boolean" || whole === part)) return equal(whole, part, run);
  return fail(`${described(whole, run)} and ${described(part, run)} cannot have their containment checked`);
}

function containsSameKind(whole: Json, part: Json, run: Run): boolean {
  run.charge(1);
  if (kindOf(whole) !== kindOf(part) || typeof whole === "boolean") return whole === part;
  run.enter();
  const result = contains(whole, part, run);
  run.leave();
  return result;
}

function toNumber(value: Json, run: Run): Json {
  if (isNumber(value)) return value;
  if (typeof value !== "string") return fail(`${described(value, run)} cannot be parsed as a number`);
  run.read(value);
  run.charge(value.length >> 3);
  const text = value.trim();
  if (text === "nan") return run.number(Number.NaN);
  if (isDecimal(text)) return numberFromDigits(text);
  return fail(`Invalid numeric literal at EOF at line 1, column ${value.length} (while parsing '${value}')`);
}

function fromJson(value: Json, run: Run): Json {
  if (typeof value !== "string") return fail(`${described(value, run)} cannot be parsed as JSON`);
  run.scan(value);
  if (value.trim() === "") return null;
  run.charge(value.length);
  try {
    return parseJson(value);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return withoutNan(value, run) ?? fail(`${error.message} (while parsing '${value.slice(0, 100)}')`);
  }
}

/** jq reads the word `nan` where JSON has a number, and writes it as null. */
function withoutNan(text: string, run: Run): Json | undefined {
  const marker = "\ufdd0nan";
  if (!text.includes("nan") || text.includes(marker)) return undefined;
  run.charge(text.length);
  try {
    return replaceMarker(parseJson(marked(text, `"${marker}"`)), marker, run);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

/** A text of JSON with a marker for each `nan` that stands in no text of it. */
function marked(text: string, marker: string): string {
  let result = "";
  for (let at = 0; at < text.length; ) {
    const end = text[at] === '"' ? endOfQuoted(text, at) : endOfUnquoted(text, at);
    const piece = text.slice(at, end);
    result += piece[0] === '"' ? piece : piece.replace(/-?\bnan\d*\b/g, marker);
    at = end;
  }
  return result;
}

function endOfQuoted(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function endOfUnquoted(text: string, from: number): number {
  const quote = text.indexOf('"', from);
  return quote < 0 ? text.length : quote;
}

function replaceMarker(value: Json, marker: string, run: Run): Json {
  if (value === marker) return run.number(Number.NaN);
  if (isArray(value)) return value.map((item) => replaceMarker(item, marker, run));
  if (!isObject(value)) return value;
  const members = {};
  for (const name of Object.keys(value)) setMember(members, name, replaceMarker(value[name] ?? null, marker, run));
  return members;
}

function isNormal(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) >= 2.2250738585072014e-308;
}
