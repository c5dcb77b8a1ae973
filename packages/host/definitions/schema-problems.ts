import { type Bundle, type Definition, type Problem, problemAt } from "@antiphon/definition";
import type { JsonObject } from "@antiphon/protocol";
import { SchemaChecks, UnusableSchemaError } from "../schema-checks.ts";

/** What is wrong with the schemas of a definition's data, in themselves. */
export function schemaProblems(bundle: Bundle, definition: Definition): readonly Problem[] {
  const { dataInputSchema, dataOutputSchema } = definition;
  const schemas = [
    ["/dataInputSchema", dataInputSchema?.schema],
    ["/extensions", dataOutputSchema?.schema],
  ] as const;
  return schemas.flatMap(([pointer, schema]) => {
    const reason = schema && reasonAgainst(schema);
    return reason === undefined ? [] : [problemAt(bundle, pointer, "a JSON schema", `another thing: ${reason}`)];
  });
}

function reasonAgainst(schema: JsonObject): string | undefined {
  try {
    new SchemaChecks().check(schema, null);
    return undefined;
  } catch (error) {
    if (error instanceof UnusableSchemaError) return error.message;
    throw error;
  }
}
