import type { ScalarType, ValueType, ValueTypes } from "@antiphon/definition";
import { isExactNumber, isJsonObject, type Json } from "@antiphon/protocol";
import { toScalar } from "./to-scalar.ts";

/** How many values that do not fit are named. */
export const MISFITS_MAX = 10;

/** A body in the types of its schema. */
export interface Typed {
  readonly value: Json;
  /** The values that could not be converted, and stay as they are: `/price: expected a number, found a text`. */
  readonly misfits: readonly string[];
}

/**
 * Converts the scalars of a body to the types that its schema names, `"110"` to `110` for a number, as the classes do that
 * a generator makes of the schema. What does not fit without loss stays, and is told. A body without any change is
 * returned as it is.
 */
export function toTypes(types: ValueTypes, body: Json): Typed {
  const misfits: string[] = [];

  function convert(type: ValueType | undefined, value: Json, pointer: string): Json {
    if (type === undefined || value === null) return value;
    if (type.scalar !== undefined) return scalar(type.scalar, value, pointer);
    if (Array.isArray(value)) return convertItems(type, value, pointer);
    return isJsonObject(value) ? convertMembers(type, value, pointer) : value;
  }

  function convertItems({ items }: ValueType, list: readonly Json[], pointer: string): Json {
    if (items === undefined) return list;
    const type = types[items];
    let changed: Json[] | undefined;
    for (const [i, item] of list.entries()) {
      const converted = convert(type, item, `${pointer}/${i}`);
      if (converted === item) continue;
      changed ??= [...list];
      changed[i] = converted;
    }
    return changed ?? list;
  }

  function convertMembers(
    { members = {}, others }: ValueType,
    object: { readonly [name: string]: Json },
    pointer: string,
  ): Json {
    let changed: [string, Json][] | undefined;
    const entries = Object.entries(object);
    for (const [i, [name, member]] of entries.entries()) {
      const place = Object.hasOwn(members, name) ? members[name] : others;
      if (place === undefined) continue;
      const converted = convert(types[place], member, `${pointer}/${name}`);
      if (converted === member) continue;
      changed ??= [...entries];
      changed[i] = [name, converted];
    }
    return changed === undefined ? object : Object.fromEntries(changed);
  }

  function scalar(type: ScalarType, value: Json, pointer: string): Json {
    const converted = toScalar(type, value);
    if (converted !== undefined) return converted;
    if (misfits.length < MISFITS_MAX) misfits.push(`${pointer}: expected ${NAMES[type]}, found ${kindOf(value)}`);
    return value;
  }

  return { value: convert(types[0], body, ""), misfits };
}

const NAMES: Readonly<Record<ScalarType, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
};

/** What a value is, without saying what it holds. */
function kindOf(value: Json): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number" || isExactNumber(value)) return "a number";
  return isJsonObject(value) ? "an object" : typeof value === "boolean" ? "true or false" : "a text";
}
