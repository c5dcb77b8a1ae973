import { isJsonObject, type Json } from "@antiphon/protocol";
import { merge, setOwn } from "./merge.ts";

/**
 * The data with a value merged into what stands at a path (`toStateData`). Objects are made on the way, in place of
 * scalars too. An empty path is the data itself.
 */
export function assign(value: Json, data: Json, path: readonly string[], current: Json): Json {
  return write(merge(value, current), data, path);
}

/** What stands at a path; null if there is nothing, or something that is no object stands on the way. */
export function valueAt(data: Json, path: readonly string[]): Json {
  let value = data;
  for (const name of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return null;
    value = value[name] as Json;
  }
  return value;
}

function write(value: Json, data: Json, [name, ...rest]: readonly string[]): Json {
  if (name === undefined) return value;
  const object: Record<string, Json> = isJsonObject(data) ? { ...data } : {};
  const below = Object.hasOwn(object, name) ? (object[name] as Json) : null;
  setOwn(object, name, write(value, below, rest));
  return object;
}
