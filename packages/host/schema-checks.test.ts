import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@antiphon/protocol";
import { SchemaChecks } from "./schema-checks.ts";

/** A part has parts. `extra` is what else the schema says. */
function parts(type: string, extra: JsonObject = {}): JsonObject {
  return { ...extra, type, properties: { parts: { type: "array", items: { $ref: "#" } } } };
}

test("a schema may refer to the whole of itself, whatever it is called, and others of the same name are others", () => {
  const checks = new SchemaChecks();
  const extra = { $schema: "http://json-schema.org/draft-07/schema#", $id: "https://acme.com/part" };
  for (const schema of [parts("object"), parts("object", extra)]) {
    assert.deepEqual(checks.check(schema, { parts: [{ parts: [{}] }] }), []);
    assert.deepEqual(checks.check(schema, { parts: [{ parts: [1] }] }), [
      { pointer: "/parts/0/parts/0", message: "must be object" },
    ]);
  }
  assert.deepEqual(checks.check(parts("array", extra), {}), [{ pointer: "", message: "must be array" }]);
});
