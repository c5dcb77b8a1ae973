import { z } from "zod";
import { settingInfo } from "./setting.ts";

/** The environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One variable that has a wrong value, or none where one is needed. */
export interface WrongSetting {
  readonly variable: string;
  readonly expected: string;
  /** The value in quotes, "nothing", or "a value that is not shown" where it is a secret. */
  readonly found: string;
}

/** The settings cannot be used. Names all that are wrong, not just the first. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly settings: readonly WrongSetting[];

  constructor(settings: readonly WrongSetting[]) {
    const lines = settings.map(({ variable, expected, found }) => `${variable}: expected ${expected}, found ${found}`);
    super(lines.join("\n"));
    this.settings = settings;
  }
}

/**
 * Reads a service's settings from the environment. `schema` is an object, its fields made by `setting`, or objects of
 * such fields. Throws `ConfigError`.
 */
export function readConfig<Schema extends z.ZodObject>(schema: Schema, env: Environment): z.output<Schema> {
  const read = schema.safeParse(rawValues(schema, env));
  if (read.success) return read.data;
  const wrong = new Map<string, WrongSetting>();
  for (const issue of read.error.issues) {
    const setting = wrongSetting(schema, issue, env);
    wrong.set(setting.variable, setting);
  }
  throw new ConfigError([...wrong.values()]);
}

interface RawValues {
  [field: string]: string | RawValues;
}

function rawValues(schema: z.ZodObject, env: Environment): RawValues {
  const raw: RawValues = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    if (field instanceof z.ZodObject) {
      raw[name] = rawValues(field, env);
      continue;
    }
    const found = firstSet(infoOf(field, name).variables, env);
    if (found !== undefined) raw[name] = found.value;
  }
  return raw;
}

function wrongSetting(schema: z.ZodObject, issue: z.core.$ZodIssue, env: Environment): WrongSetting {
  let field: z.core.$ZodType = schema;
  for (const name of issue.path) {
    // Below a setting the path leads into its value: which item of a list, for one.
    if (!(field instanceof z.ZodObject)) break;
    field = field.shape[String(name)] ?? field;
  }
  const place = issue.path.join(".");
  const { variables, expected, secret } = infoOf(field, place);
  const found = firstSet(variables, env);
  return {
    variable: found?.variable ?? variables[0] ?? place,
    expected,
    found: found === undefined ? "nothing" : secret ? "a value that is not shown" : JSON.stringify(found.value),
  };
}

/** An empty value counts as none: that is what `VARIABLE=` means in most files of settings. */
function firstSet(variables: readonly string[], env: Environment): { variable: string; value: string } | undefined {
  for (const variable of variables) {
    const value = env[variable];
    if (value !== undefined && value !== "") return { variable, value };
  }
  return undefined;
}

function infoOf(field: z.core.$ZodType, place: string) {
  const info = settingInfo(field);
  if (info === undefined) throw new Error(`expected the field "${place}" to be made by setting(), found a bare schema`);
  return info;
}

/** The variables that have a value. */
export function presentIn(env: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
