import type { Json, JsonObject } from "@antiphon/protocol";
import type { Run } from "../run.ts";
import { boundIn, index, sliceBounds } from "./access.ts";
import { isArray, isNumber, isObject, kindOf, toDouble } from "./kinds.ts";
import { equal, sorted } from "./order.ts";
import { copyObject, withValueAt } from "./replace.ts";
import { fail } from "./text.ts";

/** jq's `delpaths`: all paths are meant as they were before anything is deleted. */
export function withoutPaths(value: Json, paths: Json, run: Run): Json {
  if (!isArray(paths)) return fail("Paths must be specified as an array");
  const checked = sorted(paths, run).map((path) => (isArray(path) ? path : fail("Path must be specified as an array")));
  return checked[0]?.length === 0 ? null : withoutSorted(value, checked, 0, run);
}

/** Deletes, at one level, each key that ends a path, and below the other keys what is left of their paths. */
function withoutSorted(value: Json, paths: readonly (readonly Json[])[], level: number, run: Run): Json {
  if (value === null) return null;
  let result: Json = value;
  const ending: Json[] = [];
  for (let i = 0; i < paths.length; ) {
    const key = paths[i]?.[level] ?? null;
    let end = i + 1;
    while (end < paths.length && equal(paths[end]?.[level] ?? null, key, run)) end++;
    const group = paths.slice(i, end);
    run.charge(group.length);
    i = end;
    // The shortest path sorts first.
    if (group[0]?.length === level + 1) ending.push(key);
    else result = withoutBelow(result, key, group, level, run);
  }
  return ending.length === 0 ? result : withoutKeys(result, ending, run);
}

function withoutBelow(value: Json, key: Json, paths: readonly (readonly Json[])[], level: number, run: Run): Json {
  const inner = index(value, key, run);
  if (inner === null) return value;
  run.enter();
  try {
    const rest = withoutSorted(inner, paths, level + 1, run);
    return rest === inner ? value : withValueAt(value, key, rest, run);
  } finally {
    run.leave();
  }
}

function withoutKeys(value: Json, keys: readonly Json[], run: Run): Json {
  if (isObject(value)) return withoutMembers(value, keys, run);
  if (isArray(value)) return withoutItems(value, keys, run);
  return fail(`Cannot delete field at ${typeof keys[0] === "string" ? "object" : "array"} index of ${kindOf(value)}`);
}

function withoutMembers(object: JsonObject, keys: readonly Json[], run: Run): Json {
  const names = keys.map((key) => {
    if (typeof key === "string") return key;
    return fail(`Cannot delete field at ${isNumber(key) ? "array" : kindOf(key)} index of object`);
  });
  if (!names.some((name) => Object.hasOwn(object, name))) return object;
  const copy = copyObject(object, run);
  for (const name of names) delete copy[name];
  return copy;
}

function withoutItems(items: readonly Json[], keys: readonly Json[], run: Run): Json {
  const dead = new Set<number>();
  run.charge(items.length >> 3);
  for (const key of keys) {
    if (isNumber(key)) {
      const at = Math.floor(toDouble(key));
      dead.add(at < 0 ? at + items.length : at);
    } else if (isObject(key)) {
      const [start, end] = sliceBounds(items.length, boundIn(key, "start"), boundIn(key, "end"));
      run.charge(end - start);
      for (let at = start; at < end; at++) dead.add(at);
    } else {
      return fail(`Cannot delete field at ${kindOf(key) === "string" ? "object" : kindOf(key)} index of array`);
    }
  }
  return items.filter((_, at) => !dead.has(at));
}
