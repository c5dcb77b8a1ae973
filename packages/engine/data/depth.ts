import { bytesWithin, DATA_DEPTH_MAX, type Json } from "@antiphon/protocol";

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
  return bytesWithin(value, levels) === undefined;
}
