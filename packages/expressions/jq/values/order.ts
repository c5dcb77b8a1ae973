import type { ExactNumber, Json, JsonObject } from "@antiphon/protocol";
import type { Run } from "../run.ts";
import { compareDecimals } from "./decimal.ts";
import { isArray, isExact, isNumber, memberOf, toDouble } from "./kinds.ts";

/** UTF-16 units of texts that are compared at once. */
const PIECE = 2_048;

/** jq's order of all values: null, false, true, numbers, strings, arrays, objects. Negative, zero or positive. */
export function compare(left: Json, right: Json, run: Run): number {
  if (typeof left === "string" && typeof right === "string") return compareTexts(left, right, run);
  if (left === right) return 0;
  if (typeof left === "number" && typeof right === "number") return compareDoubles(left, right);
  const rank = rankOf(left);
  const difference = rank - rankOf(right);
  if (difference !== 0) return difference;
  if (isNumber(left) && isNumber(right)) {
    const byDouble = compareDoubles(toDouble(left), toDouble(right));
    // Two ids that differ in their last digit only may be the same double, but are not equal.
    if (byDouble !== 0) return byDouble;
    const [a, b] = [digitsOf(left), digitsOf(right)];
    run.charge((a.length + b.length) >> 4);
    return compareDecimals(a, b);
  }
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return 0;
  run.enter();
  const order =
    isArray(left) && isArray(right)
      ? compareArrays(left, right, run)
      : compareObjects(left as JsonObject, right as JsonObject, run);
  run.leave();
  return order;
}

/** Whether jq's `==` holds. */
export function equal(left: Json, right: Json, run: Run): boolean {
  if (typeof left === "string" && typeof right === "string") return equalTexts(left, right, run);
  if (left === right) return true;
  if (typeof left !== "object" && typeof right !== "object") return false;
  return compare(left, right, run) === 0;
}

/** A sorted copy; equal values keep their places. */
export function sorted(values: readonly Json[], run: Run): Json[] {
  run.charge(values.length >> 2);
  return [...values].sort(comparing(run));
}

/** What `sort` is given, and charged for each time that it asks. */
export function comparing(run: Run): (left: Json, right: Json) => number {
  return (left, right) => {
    run.charge(1);
    return compare(left, right, run);
  };
}

/** Whether two texts are the same one. */
export function equalTexts(left: string, right: string, run: Run): boolean {
  if (left.length !== right.length) return false;
  run.scan(left);
  run.read(right);
  return left === right;
}

/** Names in the order of their code points. */
export function sortedNames(object: JsonObject, run: Run): string[] {
  const names = Object.keys(object);
  run.charge(1 + (names.length >> 1));
  return names.length < 2 ? names : names.sort(comparing(run));
}

/** By code points, which differs from JavaScript's order where surrogates meet U+E000 to U+FFFF. */
function compareTexts(left: string, right: string, run: Run): number {
  if (equalTexts(left, right, run)) return 0;
  run.read(left);
  run.read(right);
  const length = Math.min(left.length, right.length);
  for (let i = alikeUntil(left, right, length, run); i < length; i++) {
    const [a, b] = [left.charCodeAt(i), right.charCodeAt(i)];
    if (a === b) continue;
    const [highA, highB] = [isSurrogate(a), isSurrogate(b)];
    if (highA !== highB) return highA ? 1 : -1;
    return a - b;
  }
  return left.length - right.length;
}

/** Where two texts may begin to differ: pieces that are the same are found by JavaScript, which is faster. */
function alikeUntil(left: string, right: string, length: number, run: Run): number {
  let at = 0;
  for (; at + PIECE <= length; at += PIECE) {
    run.charge(PIECE >> 6);
    if (left.slice(at, at + PIECE) !== right.slice(at, at + PIECE)) break;
  }
  return at;
}

function digitsOf(value: number | ExactNumber): string {
  return typeof value === "number" ? String(value) : value.rawJSON;
}

/** NaN is less than any number, itself included. */
function compareDoubles(left: number, right: number): number {
  if (left < right || Number.isNaN(left)) return -1;
  return left === right ? 0 : 1;
}

function compareArrays(left: readonly Json[], right: readonly Json[], run: Run): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    run.charge(1);
    const order = compare(left[i] ?? null, right[i] ?? null, run);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** First by their names as a set, then member by member. */
function compareObjects(left: JsonObject, right: JsonObject, run: Run): number {
  const names = sortedNames(left, run);
  const byNames = compareArrays(names, sortedNames(right, run), run);
  if (byNames !== 0) return byNames;
  for (const name of names) {
    run.charge(1);
    const order = compare(memberOf(left, name) ?? null, memberOf(right, name) ?? null, run);
    if (order !== 0) return order;
  }
  return 0;
}

function rankOf(value: Json): number {
  switch (typeof value) {
    case "boolean":
      return value ? 2 : 1;
    case "number":
      return 3;
    case "string":
      return 4;
    default:
      if (value === null) return 0;
      if (Array.isArray(value)) return 5;
      return isExact(value) ? 3 : 6;
  }
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
