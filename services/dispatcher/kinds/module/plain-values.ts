import { exactNumber, isExactNumber, JSON_DEPTH_MAX, type Json } from "@antiphon/protocol";

/** JSON as plain values: a number that is held by its digits is a number, or a bigint if it is whole and too large for one. */
export function toPlain(value: Json): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isExactNumber(value)) {
    const number = Number(value.rawJSON);
    const isLarge = /^-?\d+$/.test(value.rawJSON) && !Number.isSafeInteger(number);
    return isLarge ? BigInt(value.rawJSON) : number;
  }
  if (Array.isArray(value)) return value.map(toPlain);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toPlain(member)]));
}

/** A value is no JSON; the message says what was found, and where in the value. */
export class NotJsonError extends Error {
  override readonly name = "NotJsonError";
}

/**
 * Plain values as JSON. A member that is undefined is left out; what has `toJSON` is what that makes of it. Throws
 * `NotJsonError` for what JSON does not have: functions, symbols, infinities, maps and the like, and circles.
 */
export function fromPlain(value: unknown): Json {
  return convert(value, "", new Set());
}

function convert(value: unknown, place: string, around: Set<object>): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "bigint":
      return exactNumber(String(value));
    case "number":
      if (Number.isFinite(value)) return value;
      throw notJson(String(value), place);
    case "object":
      return value === null ? null : convertObject(value, place, around);
    case "undefined":
    case "function":
    case "symbol":
      throw notJson(typeof value === "undefined" ? "undefined" : `a ${typeof value}`, place);
  }
}

function convertObject(value: object, place: string, around: Set<object>): Json {
  if (isExactNumber(value)) return value;
  if (around.has(value)) throw notJson("an object that contains itself", place);
  if (around.size > JSON_DEPTH_MAX) throw notJson(`more than ${JSON_DEPTH_MAX} levels of nesting`, "");
  around.add(value);
  try {
    if ("toJSON" in value && typeof value.toJSON === "function") return convert(value.toJSON(), place, around);
    if (Array.isArray(value)) return Array.from(value, (item: unknown, i) => convert(item, `${place}/${i}`, around));
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) throw notJson(`a ${value.constructor.name}`, place);
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(members.map(([name, member]) => [name, convert(member, `${place}/${name}`, around)]));
  } finally {
    around.delete(value);
  }
}

function notJson(found: string, place: string): NotJsonError {
  return new NotJsonError(`expected a result that is JSON, found ${found}${place === "" ? "" : ` at ${place}`}`);
}
