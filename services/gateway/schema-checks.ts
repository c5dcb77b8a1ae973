import { SchemaChecks as Checks, type SchemaError, UnusableSchemaError } from "@antiphon/host";
import type { Json, JsonObject } from "@antiphon/protocol";
import { Problem } from "./http/problem.ts";

export type { SchemaError };

/** Checks values against the JSON schemas of definitions; one that cannot be used is a 500. */
export class SchemaChecks {
  readonly #checks = new Checks();

  /** What is wrong with a value; empty if nothing is. */
  check(schema: JsonObject, value: Json): readonly SchemaError[] {
    try {
      return this.#checks.check(schema, value);
    } catch (error) {
      if (!(error instanceof UnusableSchemaError)) throw error;
      const message = `a schema of the definition cannot be used: ${error.message}`;
      throw new Problem(500, "unusable-schema", message, { cause: error });
    }
  }
}
