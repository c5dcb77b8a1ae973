import type { Members } from "../document/members.ts";
import type { DataSchema } from "../model.ts";
import { standaloneSchema } from "../openapi/schema.ts";
import { resolve } from "./shared-list.ts";

/**
 * Reads a schema of data: the name of its file, or an object with `schema`, which is such a name or the schema itself,
 * and `failOnValidationErrors`.
 */
export function readDataSchema(members: Members, name: string): DataSchema | undefined {
  if (members.get(name)?.kind !== "object") return schemaIn(members, name, true);
  return members.object(name, "a data schema", (it) => {
    it.require("schema", "a JSON schema or the name of its file");
    return schemaIn(it, "schema", it.flag("failOnValidationErrors", true));
  });
}

function schemaIn(members: Members, name: string, failOnValidationErrors: boolean): DataSchema | undefined {
  const node = resolve(members, name);
  const schema = node && standaloneSchema(node, members.reading);
  return schema && { schema, failOnValidationErrors };
}
