import { isJsonObject, type Json, type JsonObject } from "@antiphon/protocol";

/** Where schemas stand in an OpenAPI document. */
const SCHEMAS = "#/components/schemas/";

/** A reference to a schema of the document. */
export function schemaRef(name: string): JsonObject {
  return { $ref: `${SCHEMAS}${name}` };
}

/** A text as the name of a component: characters that it may not have become their codes. */
export function componentName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/gu, (char) => `_${char.codePointAt(0)?.toString(16)}`);
}

/**
 * A JSON schema, which stands on its own, as the component `name` of an OpenAPI document: what it refers to within itself,
 * `#/definitions/0`, is referred to where that stands in the document. `title` is what forms show, if it has none itself.
 */
export function dataSchema(schema: JsonObject, name: string, title: string): JsonObject {
  // References are local, and would be to something else below an `$id`.
  const { $schema: _, $id: __, ...rest } = schema;
  return { title, ...relocated(rest, name) };
}

function relocated(schema: JsonObject, name: string): JsonObject {
  return Object.fromEntries(
    Object.entries(schema).map(([key, member]) => {
      const isLocal = key === "$ref" && typeof member === "string" && member.startsWith("#");
      return [key, isLocal ? `${SCHEMAS}${name}${member.slice(1)}` : relocate(member, name)];
    }),
  );
}

function relocate(value: Json, name: string): Json {
  if (Array.isArray(value)) return value.map((item: Json) => relocate(item, name));
  return isJsonObject(value) ? relocated(value, name) : value;
}
