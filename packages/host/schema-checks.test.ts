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

test("patterns take linear time, in properties' names and formats as well", () => {
  const checks = new SchemaChecks();
  const email = "^([a-zA-Z0-9_\\.\\-]+)+@([a-zA-Z0-9]+)+$";
  const letters = "a".repeat(50_000);
  assert.deepEqual(checks.check({ type: "string", pattern: email }, letters), [
    { pointer: "", message: `must match pattern "${email}"` },
  ]);
  const named = { patternProperties: { [email]: false }, additionalProperties: { format: "email" } };
  assert.deepEqual(checks.check(named, { [letters]: "ä@b.de" }), [
    { pointer: `/${letters}`, message: 'must match format "email"' },
  ]);
  assert.deepEqual(checks.check(named, { a: `${"a".repeat(4_090)}@b.de` }), []);
  assert.deepEqual(checks.check(named, { a: `${"a".repeat(4_092)}@b.de` }), [
    { pointer: "/a", message: 'must match format "email"' },
  ]);
  assert.deepEqual(checks.check({ format: "byte" }, "QUJD".repeat(10_000)), []);
});

test("unique items are told apart by what they say, whatever the order of their members", () => {
  const checks = new SchemaChecks();
  const unique = { uniqueItems: true };
  const items = Array.from({ length: 20_000 }, (_, i) => ({ id: `ä${i}`, n: { a: i, b: [i] } }));
  assert.deepEqual(checks.check(unique, items), []);
  const again = { n: { b: [7], a: 7 }, id: "ä7" };
  assert.deepEqual(checks.check(unique, [...items, again]), [
    { pointer: "", message: "must NOT have duplicate items (items ## 7 and 20000 are identical)" },
  ]);
  assert.deepEqual(checks.check(unique, [1, "1", [1], { 1: 1 }, null, "null", true]), []);
  assert.deepEqual(checks.check({ uniqueItems: false }, [1, 1]), []);
});

test("a check that costs more than it may is given up, and that is what is wrong", () => {
  const checks = new SchemaChecks();
  const tooCostly = [{ pointer: "", message: "is checked in more than 1000000 steps, which is the limit" }];
  const chain = Array.from({ length: 40 }, (_, i) => {
    const next = { $ref: `#/definitions/d${i + 1}` };
    return [`d${i}`, { allOf: [next, next] }] as const;
  });
  const doubling = { $ref: "#/definitions/d0", definitions: { ...Object.fromEntries(chain), d40: { type: "string" } } };
  assert.deepEqual(checks.check(doubling, "ä"), tooCostly);
  const anyOf = Array.from({ length: 500 }, (_, i) => ({ enum: [`v${i}`] }));
  assert.deepEqual(
    checks.check(
      { items: { anyOf } },
      Array.from({ length: 20_000 }, () => "v499"),
    ),
    tooCostly,
  );
  assert.deepEqual(
    checks.check(
      { items: { anyOf } },
      Array.from({ length: 100 }, () => "v499"),
    ),
    [],
  );
  assert.deepEqual(checks.check({ allOf: [{ $ref: "#" }] }, 1), [
    { pointer: "", message: "is checked by a schema that has no end" },
  ]);
  assert.deepEqual(checks.check({ type: "string" }, 1), [{ pointer: "", message: "must be string" }]);
});

test("a pattern that takes more than linear time is not checked, and all else of its schema is", () => {
  const checks = new SchemaChecks();
  const schema = { properties: { a: { pattern: "(ä)\\1", minLength: 2 } }, required: ["a"] };
  assert.deepEqual(checks.check(schema, { a: "no" }), []);
  assert.deepEqual(checks.check(schema, { a: "ä" }), [
    { pointer: "/a", message: "must NOT have fewer than 2 characters" },
  ]);
  const named = {
    patternProperties: { "x(?=y)": { type: "number" }, "^n": { type: "number" } },
    additionalProperties: false,
  };
  assert.deepEqual(checks.check(named, { xy: "any", other: 1, n: 1 }), []);
  assert.deepEqual(checks.check(named, { n: "1" }), [{ pointer: "/n", message: "must be number" }]);
  assert.deepEqual(checks.check({ ...named, patternProperties: { "^n": {} } }, { other: 1 }).length, 1);
});

test("a schema with a pattern that is none, or that is too large, cannot be used", () => {
  const checks = new SchemaChecks();
  assert.throws(() => checks.check({ properties: { a: { pattern: "(" } } }, {}), {
    name: "UnusableSchemaError",
    message: /Unterminated group/,
  });
  const empty = JSON.stringify({ description: "" }).length;
  assert.deepEqual(checks.check({ description: "ä".repeat(262_144 - empty) }, 1), []);
  assert.throws(() => checks.check({ description: "ä".repeat(262_145 - empty) }, 1), {
    message: "expected at most 262144 characters, found 262145",
  });
});

test("what every object of JavaScript has is no member of the data", () => {
  const checks = new SchemaChecks();
  const schema = {
    properties: { constructor: { type: "string" } },
    required: ["toString"],
    dependencies: { valueOf: ["a"] },
  };
  assert.deepEqual(checks.check({ ...schema, required: [] }, {}), []);
  assert.deepEqual(checks.check(schema, { constructor: "c" }), [
    { pointer: "", message: "must have required property 'toString'" },
  ]);
  assert.deepEqual(checks.check(schema, JSON.parse('{"toString":1,"constructor":2,"__proto__":3}')), [
    { pointer: "/constructor", message: "must be string" },
  ]);
});
