import { type ExactNumber, isExactNumber, type Json, type JsonObject } from "@antiphon/protocol";

/** jq's names for the kinds of values. */
type Kind = "null" | "boolean" | "number" | "string" | "array" | "object";

/** An object under construction. */
export type Members = { [name: string]: Json };

export function kindOf(value: Json): Kind {
  switch (typeof value) {
    case "string":
      return "string";
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    default:
      if (value === null) return "null";
      if (Array.isArray(value)) return "array";
      return isExact(value) ? "number" : "object";
  }
}

/** Unlike `Array.isArray`, takes read-only arrays out of the union where it is false. */
export function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isExact(value);
}

export function isContainer(value: Json): value is JsonObject | readonly Json[] {
  return typeof value === "object" && value !== null && !isExact(value);
}

export function isNumber(value: Json): value is number | ExactNumber {
  return typeof value === "number" || isExact(value);
}

/** Asks the engine, which is slow, only about objects that have the one member that all exact numbers have. */
export function isExact(value: Json): value is ExactNumber {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as { readonly rawJSON?: unknown }).rawJSON !== undefined &&
    isExactNumber(value)
  );
}

export function toDouble(value: number | ExactNumber): number {
  return typeof value === "number" ? value : Number(value.rawJSON);
}

export function isTrue(value: Json): boolean {
  return value !== null && value !== false;
}

/** Sets a member of an object under construction; `__proto__` is a name like any other. */
export function setMember(members: Members, name: string, value: Json): void {
  if (name === "__proto__") {
    Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    members[name] = value;
  }
}

/** Own members only, so that nothing is inherited from `Object.prototype`. */
export function memberOf(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
