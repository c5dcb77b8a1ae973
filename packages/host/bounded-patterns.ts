import type { JsonObject } from "@antiphon/protocol";
import { LinearRegExp, NotLinearError } from "./linear-regexp.ts";
import { isPlainObject, mapSchema } from "./map-schema.ts";

/** A schema as far as its patterns can be checked. */
export interface Bounded {
  readonly schema: JsonObject;
  /** What each pattern is that was left out, and why. */
  readonly unchecked: readonly string[];
}

/**
 * A schema without the patterns that cannot be checked in linear time: every text passes them. Where one of them names
 * properties, it cannot be said either which are the additional ones. A pattern that is none is left to who compiles it.
 */
export function withBoundedPatterns(schema: JsonObject): Bounded {
  const unchecked: string[] = [];
  const isBounded = (pattern: unknown): boolean => {
    if (typeof pattern !== "string") return true;
    try {
      new LinearRegExp(pattern, { take() {} });
    } catch (error) {
      if (!(error instanceof NotLinearError)) return true;
      unchecked.push(error.message);
      return false;
    }
    return true;
  };
  const bounded = mapSchema(schema, (part) => {
    const { pattern, patternProperties, ...rest } = part;
    const kept = { ...rest, ...(pattern !== undefined && isBounded(pattern) && { pattern }) };
    if (!isPlainObject(patternProperties)) return kept;
    const all = Object.entries(patternProperties);
    const named = all.filter(([name]) => isBounded(name));
    if (named.length === all.length) return { ...kept, patternProperties };
    const { additionalProperties: _, ...others } = kept as JsonObject;
    return { ...others, patternProperties: Object.fromEntries(named) };
  });
  return { schema: bounded, unchecked };
}
