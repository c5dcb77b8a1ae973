import { type Bundle, type Definition, type Problem, problemAt, propertyOf } from "@antiphon/definition";
import type { JsonObject } from "@antiphon/protocol";
import { withBoundedPatterns } from "../bounded-patterns.ts";
import { SchemaChecks, UnusableSchemaError } from "../schema-checks.ts";

/** What is wrong with the schemas of a definition's data, in themselves. */
export function schemaProblems(bundle: Bundle, definition: Definition): readonly Problem[] {
  const unusable = schemasOf(definition).flatMap(({ pointer, schema }) => {
    const reason = reasonAgainst(schema);
    return reason === undefined ? [] : [problemAt(bundle, pointer, "a JSON schema", `another thing: ${reason}`)];
  });
  return followsSonataFlow(definition) ? unusable : [...unusable, ...uncheckedPatterns(bundle, definition)];
}

/** What is not checked of schemas, where SonataFlow's way is followed; a problem otherwise. */
export function schemaNotes(bundle: Bundle, definition: Definition): readonly Problem[] {
  return followsSonataFlow(definition) ? uncheckedPatterns(bundle, definition) : [];
}

function followsSonataFlow({ properties }: Definition): boolean {
  return propertyOf(properties, "antiphon.compatibility") === "sonataflow";
}

function schemasOf({ dataInputSchema, dataOutputSchema }: Definition) {
  const schemas = [
    { pointer: "/dataInputSchema", schema: dataInputSchema?.schema },
    { pointer: "/extensions", schema: dataOutputSchema?.schema },
  ];
  return schemas.flatMap(({ pointer, schema }) => (schema === undefined ? [] : [{ pointer, schema }]));
}

function uncheckedPatterns(bundle: Bundle, definition: Definition): readonly Problem[] {
  return schemasOf(definition).flatMap(({ pointer, schema }) =>
    withBoundedPatterns(schema).unchecked.map((reason) =>
      problemAt(bundle, pointer, "patterns that can be checked", `one that is not: ${reason}`),
    ),
  );
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
