import { durationMs } from "@antiphon/definition";
import { z } from "zod";

/** What a setting is called outside, and how a wrong value of it is answered. */
export interface SettingInfo {
  /** Environment variables that set it; the first one that is there counts. */
  readonly variables: readonly string[];
  /** What a right value is, to go behind "expected". */
  readonly expected: string;
  /** Its value is never printed. */
  readonly secret: boolean;
}

const known = z.registry<SettingInfo>();

/**
 * One field of a settings schema, read from an environment variable. `schema` takes the variable's text, or undefined
 * where it is not set or empty; `expected` completes the sentence "expected …" for whoever set it wrong.
 */
export function setting<Schema extends z.ZodType>(
  variable: string,
  expected: string,
  schema: Schema,
  options: { readonly secret?: boolean; readonly also?: readonly string[] } = {},
): Schema {
  // A clone, because a schema shared by two settings would otherwise carry the name of the later one.
  const field = schema.clone() as Schema;
  known.add(field, { variables: [variable, ...(options.also ?? [])], expected, secret: options.secret ?? false });
  return field;
}

/** What `setting` noted about a field; undefined if it was made without it. */
export function settingInfo(field: z.core.$ZodType): SettingInfo | undefined {
  return known.get(field as z.ZodType);
}

/** A whole number within bounds, written in decimal digits. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
}

/** `true` or `false`, or `1` or `0`. */
export function flag() {
  return z.enum(["true", "1", "false", "0"]).transform((text) => text === "true" || text === "1");
}

/** Texts between commas, blanks around them taken away; at least one. */
export function list(item: z.ZodType<string, string> = z.string().min(1)) {
  return z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim()))
    .pipe(z.array(item).min(1));
}

/** An absolute URL whose scheme is one of `schemes`, kept as it was written. */
export function url(...schemes: readonly string[]) {
  return z.string().refine((text) => {
    const scheme = URL.parse(text)?.protocol.slice(0, -1);
    return scheme !== undefined && schemes.includes(scheme);
  });
}

/** An ISO 8601 duration without years and months, `P7D`, of at least `minMs`; in milliseconds. */
export function duration(minMs: number) {
  return z
    .string()
    .transform((text) => durationMs(text) ?? Number.NaN)
    .pipe(z.number().min(minMs));
}
