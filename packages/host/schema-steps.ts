import type { Json, JsonObject } from "@antiphon/protocol";
import type { Steps } from "./linear-regexp.ts";
import { isPlainObject, mapSchema } from "./map-schema.ts";

/** The keyword that every schema in a schema gets, and whose value is what checking it costs beside its data. */
export const STEPS_KEYWORD = "antiphon:steps";

/** What one check may cost: some half a second. */
export const STEPS_MAX = 1_000_000;

/** A check costs more than it may. */
export class TooCostlyError extends Error {
  override readonly name = "TooCostlyError";
}

/** Counts what a check costs. */
export class CheckSteps implements Steps {
  #left = 0;

  begin(): void {
    this.#left = STEPS_MAX;
  }

  take(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TooCostlyError(`is checked in more than ${STEPS_MAX} steps, which is the limit`);
  }

  /** Before a schema is applied to a value: all that it says may look at all that is directly in it. */
  apply(cost: number, data: unknown): boolean {
    if (typeof data === "string") this.take(cost + (data.length >> 5));
    else if (Array.isArray(data)) this.take(cost + (data.length >> 2));
    else if (typeof data === "object" && data !== null) this.take(cost + (Object.keys(data).length >> 1));
    else this.take(cost);
    return true;
  }
}

/** A schema in which each says what it costs. */
export function withSteps(schema: JsonObject): JsonObject {
  return mapSchema(schema, (one) => ({ [STEPS_KEYWORD]: costOf(one), ...one }));
}

/** One, and one for four of what its keywords list. */
function costOf(schema: JsonObject): number {
  const { properties, required, enum: values } = schema;
  const lists = [isPlainObject(properties) ? Object.keys(properties) : [], required, values, schema.const];
  return 1 + (lists.reduce<number>((sum, list) => sum + sizeOf(list), 0) >> 2);
}

/** Values in a value, itself among them. */
function sizeOf(value: Json | undefined): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + sizeOf(item), 1);
  if (isPlainObject(value)) return Object.values(value).reduce<number>((sum, item) => sum + sizeOf(item), 1);
  return value === undefined ? 0 : 1;
}
