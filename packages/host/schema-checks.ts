import { formatJson, type Json, type JsonObject } from "@antiphon/protocol";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

/** A value that is longer as JSON is told its first error only, as a list of all could be longer than itself. */
const FULL_CHECK_LENGTH_MAX = 65_536;
/** How many errors are told. */
const ERRORS_MAX = 20;

/** One thing that a schema does not allow. `pointer` is the place in the value; empty: the value itself. */
export interface SchemaError {
  readonly pointer: string;
  readonly message: string;
}

/** A JSON schema of a definition that is none. */
export class UnusableSchemaError extends Error {
  override readonly name = "UnusableSchemaError";
}

/** Checks values against JSON schemas (draft-07), each compiled when it is first used. */
export class SchemaChecks {
  readonly #all = newAjv(true);
  readonly #first = newAjv(false);
  readonly #compiled = new WeakMap<JsonObject, { all?: ValidateFunction; first?: ValidateFunction }>();

  /** What is wrong with a value, at most `ERRORS_MAX` things; empty if nothing is. Throws `UnusableSchemaError`. */
  check(schema: JsonObject, value: Json): readonly SchemaError[] {
    const text = formatJson(value);
    const which = text.length <= FULL_CHECK_LENGTH_MAX ? "all" : "first";
    const validate = this.#compile(schema, which);
    // Ajv knows nothing of numbers in their own digits.
    if (validate(JSON.parse(text))) return [];
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
    return ajv.compile(JSON.parse(formatJson({ ...rest, $id: "schema" })) as object);
  } catch (error) {
    throw new UnusableSchemaError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function newAjv(allErrors: boolean): Ajv {
  const ajv = new Ajv({ allErrors, strict: false, validateSchema: false, addUsedSchema: false, logger: false });
  addFormats.default(ajv);
  return ajv;
}

function readError({ instancePath, message, params, keyword }: ErrorObject): SchemaError {
  const names = keyword === "additionalProperties" ? ` (${JSON.stringify(params.additionalProperty)})` : "";
  const values = keyword === "enum" ? `: ${JSON.stringify(params.allowedValues)}` : "";
  return { pointer: instancePath, message: `${message ?? keyword}${names}${values}` };
}
