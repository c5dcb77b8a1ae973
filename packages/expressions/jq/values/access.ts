import type { Json, JsonObject } from "@antiphon/protocol";
import type { Run } from "../run.ts";
import { isArray, isContainer, isExact, isNumber, isObject, kindOf, memberOf, toDouble } from "./kinds.ts";
import { equal } from "./order.ts";
import { described, fail } from "./text.ts";
import { codePointCount, sliceCodePoints } from "./unicode.ts";

/** jq's `.[key]`: a member, an item, a slice, or the places of a sub-array; null where there is nothing. */
export function index(value: Json, key: Json, run: Run): Json {
  if (typeof key === "string") {
    run.name(key);
    if (isObject(value)) return memberOf(value, key) ?? null;
    if (value === null) return null;
    run.charge(key.length >> 4);
    return fail(`Cannot index ${kindOf(value)} with string ${JSON.stringify(key)}`);
  }
  if (isNumber(key)) {
    if (isArray(value)) return itemAt(value, toDouble(key));
    if (value === null) return null;
    return fail(`Cannot index ${kindOf(value)} with number`);
  }
  if (value === null && isObject(key)) return null;
  if (isObject(key) && (isArray(value) || typeof value === "string")) {
    return slice(value, boundIn(key, "start"), boundIn(key, "end"), run);
  }
  if (isArray(key) && isArray(value)) return placesOf(value, key, run);
  return fail(`Cannot index ${kindOf(value)} with ${kindOf(key)}`);
}

/** jq's `.[from:to]`; null is open. */
export function slice(value: Json, from: Json, to: Json, run: Run): Json {
  if (value === null) return null;
  if (typeof value === "string") {
    run.read(value);
    run.charge(value.length >> 4);
    const [start, end] = sliceBounds(codePointCount(value), from, to);
    return sliceCodePoints(value, start, end);
  }
  if (!isArray(value)) return fail(`Cannot index ${kindOf(value)} with object`);
  const [start, end] = sliceBounds(value.length, from, to);
  run.charge(1 + ((end - start) >> 2));
  return value.slice(start, end);
}

/** A bound of the slice that an object such as `{"start": 1, "end": null}` stands for. */
export function boundIn(key: JsonObject, name: "start" | "end"): Json {
  const bound = memberOf(key, name);
  return bound === undefined ? fail("Start and end indices of an array slice must be numbers") : bound;
}

/** The whole numbers between which a slice lies: from is rounded down, to is rounded up. */
export function sliceBounds(length: number, from: Json, to: Json): [start: number, end: number] {
  const start = Math.floor(boundOf(from, 0, length));
  return [start, Math.max(start, Math.ceil(boundOf(to, length, length)))];
}

/** Where `part` begins in `whole`; nowhere, if it is empty. */
export function placesOf(whole: readonly Json[], part: readonly Json[], run: Run): Json {
  if (part.length === 0) return [];
  const places: number[] = [];
  for (let at = 0; at + part.length <= whole.length; at++) {
    run.charge(1);
    const fits = part.every((item, i) => {
      run.charge(1);
      return equal(whole[at + i] ?? null, item, run);
    });
    if (fits) places.push(at);
  }
  return places;
}

/** Calls `visit` for each item or member, in the order in which they stand. */
export function iterate(value: Json, run: Run, visit: (item: Json, key: string | number) => void): void {
  if (isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      run.turn();
      visit(value[i] ?? null, i);
    }
  } else if (isContainer(value)) {
    const names = Object.keys(value);
    // Also what is left after the first few has been listed.
    run.charge(names.length >> 4);
    for (const name of names) {
      run.turn();
      visit(value[name] ?? null, name);
    }
  } else {
    fail(`Cannot iterate over ${described(value, run)}`);
  }
}

/** jq's `getpath`. */
export function valueAt(value: Json, keys: readonly Json[], run: Run): Json {
  run.charge(keys.length >> 2);
  let found = value;
  for (const key of keys) found = index(found, key, run);
  return found;
}

/** An object, unlike an exact number, has members by its own names; see `isExact`. */
export function isPlainName(name: string): boolean {
  return name !== "rawJSON" && !(name in Object.prototype);
}

function itemAt(items: readonly Json[], position: number): Json {
  const at = Math.floor(position);
  return items[at < 0 ? at + items.length : at] ?? null;
}

function boundOf(bound: Json, open: number, length: number): number {
  if (bound === null) return open;
  if (!isNumber(bound)) return fail("Start and end indices of an array slice must be numbers");
  const at = isExact(bound) ? toDouble(bound) : bound;
  if (Number.isNaN(at)) return open;
  return Math.min(length, Math.max(0, at < 0 ? at + length : at));
}
