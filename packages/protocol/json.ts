/**
 * JSON that passes through unharmed. A number that a double would change (`68.0`, a 64-bit id, forty digits) is held as
 * an `ExactNumber`, which `JSON.stringify` writes as it was read. Any other document is parsed as usual: a scan decides.
 */
export type Json = null | boolean | number | string | ExactNumber | readonly Json[] | { readonly [name: string]: Json };

export type JsonObject = { readonly [name: string]: Json };

/** A number in the digits that it was written with. */
export interface ExactNumber {
  readonly rawJSON: string;
}

/** How deep objects and arrays may be nested in a document. */
export const JSON_DEPTH_MAX = 512;

/** A text is not JSON, or more deeply nested than `JSON_DEPTH_MAX`. */
export class JsonSyntaxError extends Error {
  override readonly name: string = "JsonSyntaxError";
}

interface NativeJson {
  parse(text: string, revive?: (key: string, value: Json, context: { source?: string }) => Json): Json;
  rawJSON(digits: string): ExactNumber;
  isRawJSON(value: unknown): value is ExactNumber;
}
const native = JSON as unknown as NativeJson;

/**
 * A number, where a JSON text may have one, that is long, has an exponent, ends in a zero behind the point, or is a
 * negative zero. Such a number need not change in a double; text in a string may look like one. Both only cost time.
 */
const SUSPECT = /(?:^|"\s*:|[[,])\s*-?(?:[\d.]{17}|\d{16}|\d+\.\d*0(?![\d.])|\d+(?:\.\d+)?[eE]|(?<=-)0(?![.\d]))/;

/** Parses a JSON text; throws `JsonSyntaxError` with the engine's own words on what is wrong and where. */
export function parseJson(text: string): Json {
  try {
    const value = SUSPECT.test(text) ? native.parse(text, keepDigits) : native.parse(text);
    if (text.length > 2 * JSON_DEPTH_MAX && deeperThan(value, JSON_DEPTH_MAX)) {
      throw new JsonSyntaxError(`nested more than ${JSON_DEPTH_MAX} levels deep`);
    }
    return value;
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw error;
    throw new JsonSyntaxError((error as Error).message, { cause: error });
  }
}

/** Writes JSON in one line, exact numbers in their own digits. */
export function formatJson(value: Json): string {
  return JSON.stringify(value);
}

export function isExactNumber(value: unknown): value is ExactNumber {
  return typeof value === "object" && value !== null && native.isRawJSON(value);
}

/** The number as it is written, exactly. */
export function exactNumber(digits: string): ExactNumber {
  return native.rawJSON(digits);
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !native.isRawJSON(value);
}

/** Deep equality as JSON sees it: the order of members does not matter, exact numbers are equal if their digits are. */
export function equalJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isExactNumber(a) || isExactNumber(b)) {
    return isExactNumber(a) && isExactNumber(b) && a.rawJSON === b.rawJSON;
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => equalJson(item, b[i]));
  }
  const [left, right] = [a as JsonObject, b as JsonObject];
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && equalJson(left[name] as Json, right[name] as Json))
  );
}

function keepDigits(_key: string, value: Json, context: { source?: string }): Json {
  const digits = context.source;
  if (typeof value !== "number" || digits === undefined || String(value) === digits) return value;
  return native.rawJSON(digits);
}

function deeperThan(value: Json, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof item === "object" && item !== null && deeperThan(item, levels - 1)) return true;
  }
  return false;
}
