import { equalJson, isJsonObject, type Json } from "@antiphon/protocol";

/**
 * New data merged into what is there, by SonataFlow's rules to the letter: objects member by member, arrays replaced by
 * arrays, and odd pairs so that nothing is lost (an object into a scalar keeps it as `_target`, a scalar into an object
 * becomes its `response`). Null leaves an object as it is.
 */
export function merge(source: Json, target: Json | undefined): Json {
  if (target === undefined || target === null) return source;
  if (Array.isArray(target)) {
    if (Array.isArray(source)) return source;
    return target.some((item) => equalJson(item, source)) ? target : [...target, source];
  }
  if (isJsonObject(target)) {
    if (source === null) return target;
    if (Object.keys(target).length === 0) return source;
    if (!isJsonObject(source)) return { ...target, response: source };
    const merged: Record<string, Json> = { ...target };
    for (const name of Object.keys(source)) {
      const existing = Object.hasOwn(target, name) ? target[name] : undefined;
      setOwn(merged, name, merge(source[name] as Json, existing));
    }
    return merged;
  }
  if (Array.isArray(source)) return source.some((item) => equalJson(item, target)) ? source : [target, ...source];
  if (isJsonObject(source)) return { ...source, _target: target };
  return source;
}

/** Sets a member whatever its name: `__proto__` becomes a member like any other. */
export function setOwn(object: Record<string, Json>, name: string, value: Json): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
