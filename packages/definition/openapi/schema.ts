import type { Json, JsonObject } from "@antiphon/protocol";
import type { Node, ObjectNode } from "../document/node.ts";
import { describe, jsonOf } from "../document/node.ts";
import { once, type Reading } from "../document/reading.ts";
import { follow } from "./reference.ts";

/** How many parts the schemas of one reading may have, each with all that it refers to. */
export const SCHEMA_PARTS_MAX = 1_000_000;

/** Keywords whose members are named by the author, each a schema. */
const SCHEMAS_BY_NAME = new Set(["properties", "patternProperties", "dependencies", "dependentSchemas"]);

/** Keywords whose values are data, which must not be taken for schemas. */
const DATA = new Set(["enum", "const", "default", "example", "examples"]);

/** Keywords that only hold what is referred to; those parts come along when they are. */
const HOLDERS = new Set(["definitions", "$defs", "components"]);

/**
 * A JSON schema that stands on its own: what it refers to in its document and in other files comes along under
 * `definitions`. What OpenAPI 3.0 says in its own way (`nullable`, `exclusiveMinimum: true`) is said as JSON Schema does.
 */
export function standaloneSchema(node: Node, reading: Reading): JsonObject | undefined {
  return once(standing, node, reading);
}

function standing(node: Node, reading: Reading): JsonObject | undefined {
  const root = follow(node, reading);
  if (root?.kind !== "object") {
    if (root !== undefined) reading.problems.report(root, "a JSON schema", describe(root));
    return undefined;
  }
  const names = new Map<Node, string>([[root, "#"]]);
  const pending: [name: string, schema: Node][] = [];

  function convert(part: Node): Json {
    count(part);
    if (part.kind === "array") return part.items.map(convert);
    return part.kind === "object" ? inJsonSchema(convertMembers(part)) : part.value;
  }

  /** Schemas that bring along the same others have them each, which multiplies. */
  function count(part: Node): void {
    reading.schemaParts.count += 1;
    if (reading.schemaParts.count === SCHEMA_PARTS_MAX + 1) {
      reading.problems.report(
        part,
        `at most ${SCHEMA_PARTS_MAX} parts of schemas, with all that they refer to`,
        "more",
      );
    }
  }

  function convertMembers(schema: ObjectNode): JsonObject {
    const members: [string, Json][] = [];
    for (const [keyword, member] of schema.members) {
      if (keyword === "$ref") members.push([keyword, define(schema)]);
      else if (DATA.has(keyword)) members.push([keyword, jsonOf(member)]);
      else if (SCHEMAS_BY_NAME.has(keyword)) members.push([keyword, convertEach(member)]);
      else if (!HOLDERS.has(keyword)) members.push([keyword, convert(member)]);
    }
    return Object.fromEntries(members);
  }

  function convertEach(schemas: Node): Json {
    if (schemas.kind !== "object") return jsonOf(schemas);
    return Object.fromEntries([...schemas.members].map(([name, schema]) => [name, convert(schema)]));
  }

  /** What a reference is in the new schema. */
  function define(reference: ObjectNode): string {
    const meant = follow(reference, reading);
    if (meant === undefined) return "#";
    const known = names.get(meant);
    if (known !== undefined) return known;
    const number = String(names.size);
    names.set(meant, `#/definitions/${number}`);
    pending.push([number, meant]);
    return `#/definitions/${number}`;
  }

  const schema = inJsonSchema(convertMembers(root));
  const definitions: [name: string, schema: Json][] = [];
  // Grows while it is gone through: what is referred to may refer to more.
  for (const [name, meant] of pending) {
    if (reading.schemaParts.count > SCHEMA_PARTS_MAX) break;
    definitions.push([name, convert(meant)]);
  }
  return definitions.length === 0 ? schema : { ...schema, definitions: Object.fromEntries(definitions) };
}

/** OpenAPI 3.0 marks a type as nullable and a bound as exclusive; JSON Schema has a type null and exclusive bounds. */
function inJsonSchema(schema: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...schema };
  if (schema.nullable === true && typeof schema.type === "string") result.type = [schema.type, "null"];
  if (typeof schema.nullable === "boolean") delete result.nullable;
  for (const [flag, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (typeof schema[flag] !== "boolean") continue;
    delete result[flag];
    if (schema[flag] && schema[bound] !== undefined) {
      result[flag] = schema[bound];
      delete result[bound];
    }
  }
  return result;
}
