import { formatJson, type Json, type JsonObject } from "@antiphon/protocol";
import { Ajv, type ErrorObject, type Format, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { withBoundedPatterns } from "./bounded-patterns.ts";
import { LinearRegExp } from "./linear-regexp.ts";
import { CheckSteps, STEPS_KEYWORD, TooCostlyError, withSteps } from "./schema-steps.ts";
import { uniqueItems } from "./unique-items.ts";

/** A value that is longer as JSON is told its first error only, as a list of all could be longer than itself. */
const FULL_CHECK_LENGTH_MAX = 65_536;
/** How many errors are told. */
const ERRORS_MAX = 20;

/** Characters of a schema, as JSON. */
const SCHEMA_LENGTH_MAX = 262_144;
/** UTF-16 units of a text that is checked for a format by a pattern which may take more than linear time. */
const FORMAT_LENGTH_MAX = 4_096;
/** Formats whose texts may be of any length: what they are checked by takes linear time. */
const LINEAR_FORMATS: ReadonlySet<string> = new Set(["byte", "binary", "password"]);

/** One thing that a schema does not allow. `pointer` is the place in the value; empty: the value itself. */
export interface SchemaError {
  readonly pointer: string;
  readonly message: string;
}

/** A JSON schema of a definition that is none. */
export class UnusableSchemaError extends Error {
  override readonly name = "UnusableSchemaError";
}

/**
 * Checks values against JSON schemas (draft-07), each compiled when it is first used. Patterns that take more than linear time
 * are not checked: a definition that has one is refused when it is deployed, unless SonataFlow's way is followed.
 */
export class SchemaChecks {
  readonly #steps = new CheckSteps();
  readonly #all = newAjv(true, this.#steps);
  readonly #first = newAjv(false, this.#steps);
  readonly #compiled = new WeakMap<JsonObject, { all?: ValidateFunction; first?: ValidateFunction }>();

  /**
   * What is wrong with a value, at most `ERRORS_MAX` things; empty if nothing is. That checking it costs more than it may is
   * such a thing. Throws `UnusableSchemaError`.
   */
  check(schema: JsonObject, value: Json): readonly SchemaError[] {
    const text = formatJson(value);
    const which = text.length <= FULL_CHECK_LENGTH_MAX ? "all" : "first";
    const validate = this.#compile(schema, which);
    this.#steps.begin();
    try {
      // Ajv knows nothing of numbers in their own digits.
      if (validate(JSON.parse(text))) return [];
    } catch (error) {
      if (error instanceof TooCostlyError) return [{ pointer: "", message: error.message }];
      // The stack, of a schema that refers to itself without going further into the value.
      if (error instanceof RangeError) return [{ pointer: "", message: "is checked by a schema that has no end" }];
      throw error;
    }
    return (validate.errors ?? []).slice(0, ERRORS_MAX).map(readError);
  }

  #compile(schema: JsonObject, which: "all" | "first"): ValidateFunction {
    const compiled = this.#compiled.get(schema) ?? {};
    this.#compiled.set(schema, compiled);
    compiled[which] ??= compile(which === "all" ? this.#all : this.#first, schema);
    return compiled[which];
  }
}

function compile(ajv: Ajv, schema: JsonObject): ValidateFunction {
  try {
    // References are local, so names of the schema itself would only clash with those of other versions.
    const { $schema: _dialect, $id: _name, ...rest } = schema;
    // Without a name Ajv does not find what refers to the whole of it, `#`.
    const text = formatJson(rest);
    if (text.length > SCHEMA_LENGTH_MAX) {
      throw new Error(`expected at most ${SCHEMA_LENGTH_MAX} characters, found ${text.length}`);
    }
    const bounded = withBoundedPatterns(JSON.parse(text) as JsonObject);
    return ajv.compile({ ...withSteps(bounded.schema), $id: "schema" });
  } catch (error) {
    throw new UnusableSchemaError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function newAjv(allErrors: boolean, steps: CheckSteps): Ajv {
  const regExp = Object.assign((pattern: string) => new LinearRegExp(pattern, steps), { code: "linearRegExp" });
  const ajv = new Ajv({
    // Else `constructor` and `toString` are there in all data.
    ownProperties: true,
    ...{ allErrors, strict: false, validateSchema: false, addUsedSchema: false, logger: false, inlineRefs: false },
    code: { regExp },
  });
  addFormats.default(ajv);
  for (const [name, format] of Object.entries(ajv.formats)) {
    if (!LINEAR_FORMATS.has(name)) ajv.addFormat(name, bounded(format));
  }
  ajv.removeKeyword("uniqueItems");
  ajv.addKeyword({ keyword: "uniqueItems", type: "array", schemaType: "boolean", validate: uniqueItems(steps) });
  ajv.addKeyword({
    keyword: STEPS_KEYWORD,
    schemaType: "number",
    errors: false,
    // First of all, since nothing behind what fails is looked at.
    before: "$ref",
    validate: (cost: number, data: unknown) => steps.apply(cost, data),
  });
  return ajv;
}

/** A format that no text has which is too long to be checked for it. */
function bounded(format: Ajv["formats"][string]): Format {
  if (format === undefined || format === true) return true;
  const [definition, rest] =
    format instanceof RegExp || typeof format === "function" ? [format, {}] : [format.validate, format];
  const check = definition instanceof RegExp ? (text: string) => definition.test(text) : definition;
  if (typeof check !== "function" || ("type" in rest && rest.type === "number")) return format as Format;
  const validate = (text: string): boolean => text.length <= FORMAT_LENGTH_MAX && check(text as never) === true;
  return { ...rest, validate } as Format;
}

function readError({ instancePath, message, params, keyword }: ErrorObject): SchemaError {
  const names = keyword === "additionalProperties" ? ` (${JSON.stringify(params.additionalProperty)})` : "";
  const values = keyword === "enum" ? `: ${JSON.stringify(params.allowedValues)}` : "";
  return { pointer: instancePath, message: `${message ?? keyword}${names}${values}` };
}
