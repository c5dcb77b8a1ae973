import { DATA_DEPTH_MAX, isExactNumber, type Json, type JsonObject } from "@antiphon/protocol";

/**
 * How deep orders and facts may be nested: what carries data of `DATA_DEPTH_MAX` adds a few levels. It leaves room below
 * `JSON_DEPTH_MAX` for the records that carry them, so that whatever is written can be read back.
 */
export const FACT_DEPTH_MAX = DATA_DEPTH_MAX + 10;

/** Whether what an order or a fact carries is nested deeper than it may be. */
export function isTooDeep(value: Json): boolean {
  return isDeeper(value, DATA_DEPTH_MAX + 1);
}

/** Whether objects and arrays are nested deeper than this. */
export function isDeeper(value: Json, levels: number): boolean {
  return lengthWithin(value, levels) === undefined;
}

/**
 * About how many UTF-16 units a value has as JSON, and never more than that; undefined if objects and arrays are nested
 * deeper than `levels`.
 */
export function lengthWithin(value: Json, levels: number): number | undefined {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null || isExactNumber(value)) return 1;
  if (levels === 0) return undefined;
  let length = 1;
  if (Array.isArray(value)) {
    for (const item of value) {
      const one = lengthWithin(item, levels - 1);
      if (one === undefined) return undefined;
      length += one + 1;
    }
    return length;
  }
  const members = value as JsonObject;
  for (const name of Object.keys(members)) {
    const one = lengthWithin(members[name] as Json, levels - 1);
    if (one === undefined) return undefined;
    length += name.length + 4 + one;
  }
  return length;
}
