import { DATA_DEPTH_MAX, isExactNumber, type Json } from "@antiphon/protocol";

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
  if (typeof value !== "object" || value === null || isExactNumber(value)) return false;
  if (levels === 0) return true;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof item === "object" && item !== null && isDeeper(item, levels - 1)) return true;
  }
  return false;
}
