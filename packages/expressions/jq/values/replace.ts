import type { Json, JsonObject } from "@antiphon/protocol";
import type { Run } from "../run.ts";
import { boundIn, index, sliceBounds } from "./access.ts";
import { isArray, isNumber, isObject, kindOf, type Members, setMember, toDouble } from "./kinds.ts";
import { fail } from "./text.ts";

/** jq's own limit on the positions of items. */
const POSITION_MAX = 536_870_911;

/** A copy of `value` in which `key` leads to `replacement`. A missing object or array is made. */
export function withValueAt(value: Json, key: Json, replacement: Json, run: Run): Json {
  run.grow(2);
  if (typeof key === "string") return withMember(value, key, replacement, run);
  if (isNumber(key)) return withItem(value, toDouble(key), replacement, run);
  if (isObject(key)) return withSlice(value, key, replacement, run);
  if (isArray(key) && isArray(value)) return fail("Cannot update field at array index of array");
  if (value === null || isObject(value)) return fail(`Cannot update field at object index of ${kindOf(key)}`);
  return fail(`Cannot index ${kindOf(value)} with ${kindOf(key)}`);
}

/** jq's `setpath`. */
export function withValueAtPath(value: Json, keys: readonly Json[], replacement: Json, run: Run, from = 0): Json {
  const key = keys[from];
  if (key === undefined) return replacement;
  run.enter();
  try {
    const inner = value === null ? null : index(value, key, run);
    return withValueAt(value, key, withValueAtPath(inner, keys, replacement, run, from + 1), run);
  } finally {
    run.leave();
  }
}

/** A copy that may be changed. */
export function copyObject(object: JsonObject, run: Run): Members {
  run.charge(1 + (Object.keys(object).length >> 1));
  return { ...object };
}

function withMember(value: Json, name: string, replacement: Json, run: Run): Json {
  if (value !== null && !isObject(value))
    return fail(`Cannot index ${kindOf(value)} with string ${JSON.stringify(name)}`);
  run.name(name);
  const copy = value === null ? {} : copyObject(value, run);
  setMember(copy, name, replacement);
  return copy;
}

function withItem(value: Json, position: number, replacement: Json, run: Run): Json {
  if (value !== null && !isArray(value)) return fail(`Cannot index ${kindOf(value)} with number`);
  if (Number.isNaN(position)) return fail("Cannot set array element at NaN index");
  const items = value ?? [];
  const floor = Math.floor(position);
  const at = floor < 0 ? floor + items.length : floor;
  if (at < 0) return fail("Out of bounds negative array index");
  if (at > POSITION_MAX) return fail("Array index too large");
  run.charge((items.length >> 2) + Math.max(0, at - items.length));
  const copy = [...items];
  while (copy.length < at) copy.push(null);
  copy[at] = replacement;
  return copy;
}

function withSlice(value: Json, key: JsonObject, replacement: Json, run: Run): Json {
  if (typeof value === "string") return fail("Cannot update string slices");
  if (value !== null && !isArray(value)) return fail(`Cannot update field at object index of ${kindOf(value)}`);
  if (!isArray(replacement)) return fail("A slice of an array can only be assigned another array");
  const items = value ?? [];
  const [start, end] = sliceBounds(items.length, boundIn(key, "start"), boundIn(key, "end"));
  run.charge((items.length + replacement.length) >> 2);
  return [...items.slice(0, start), ...replacement, ...items.slice(end)];
}
