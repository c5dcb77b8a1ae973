import type { Json, JsonObject } from "@antiphon/protocol";

const SCHEMAS_BY_NAME = ["properties", "patternProperties", "definitions", "$defs", "dependencies", "dependentSchemas"];
const SCHEMAS = [
  ...["items", "additionalItems", "prefixItems", "contains", "additionalProperties", "propertyNames"],
  ...["allOf", "anyOf", "oneOf", "not", "if", "then", "else"],
];

/** A JSON schema in which every schema, the innermost first, is what `change` makes of it. Data in it stays as it is. */
export function mapSchema(schema: JsonObject, change: (schema: JsonObject) => JsonObject): JsonObject {
  const inEach = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(inEach);
    return isPlainObject(value) ? mapSchema(value, change) : value;
  };
  const members = Object.entries(schema).map(([keyword, value]): [string, Json] => {
    if (SCHEMAS.includes(keyword)) return [keyword, inEach(value)];
    if (!SCHEMAS_BY_NAME.includes(keyword) || !isPlainObject(value)) return [keyword, value];
    return [keyword, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inEach(one)]))];
  });
  return change(Object.fromEntries(members));
}

/** Whether a value of a schema that was parsed by `JSON.parse` has members. */
export function isPlainObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
