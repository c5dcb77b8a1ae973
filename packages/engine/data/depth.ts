import { isExactNumber, type Json } from "@antiphon/protocol";

/**
 * How deep data and orders may be nested. It leaves room below `JSON_DEPTH_MAX` for the records that carry them, so
 * that whatever is written can be read back.
 */
export const DATA_DEPTH_MAX = 400;

/** Whether objects and arrays are nested deeper than this. */
export function isDeeper(value: Json, levels: number): boolean {
  if (typeof value !== "object" || value === null || isExactNumber(value)) return false;
  if (levels === 0) return true;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof item === "object" && item !== null && isDeeper(item, levels - 1)) return true;
  }
  return false;
}
