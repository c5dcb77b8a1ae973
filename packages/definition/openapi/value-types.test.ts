import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenApiOperation } from "../model.ts";
import { definitionIn, problemsIn } from "../testing/read-text.ts";
import { VALUE_TYPES_MAX } from "./value-types.ts";

const WORKFLOW =
  'id: a\nstart: s\nfunctions: [{ name: f, operation: "a.json#o" }]\nstates: [{ name: s, type: inject, data: {}, end: true }]';

type Schema = object;

function documentWith(schema: Schema, schemas: Readonly<Record<string, Schema>> = {}): string {
  const content = { "application/json": { schema } };
  const responses = { "200": { content }, default: { content: { "text/plain": { schema } } }, "404": { content } };
  return JSON.stringify({
    openapi: "3.1.0",
    paths: { "/": { post: { operationId: "o", requestBody: { content }, responses } } },
    components: { schemas },
  });
}

function operationIn(document: string, files: Readonly<Record<string, string>> = {}): OpenApiOperation {
  const { f } = definitionIn(WORKFLOW, { files: { ...files, "a.json": document } }).functions;
  if (f?.kind !== "openapi") throw new Error("expected an OpenAPI function");
  return f.operation;
}

function typesOf(schema: Schema, schemas?: Readonly<Record<string, Schema>>) {
  return operationIn(documentWith(schema, schemas)).body?.types;
}

test("the body and each successful answer have their types, an error has none", () => {
  const { body, answers } = operationIn(documentWith({ type: "number" }));
  const types = [{ scalar: "number" }];
  assert.deepEqual(body, { mediaType: "application/json", types });
  assert.deepEqual(answers, [
    { status: "200", mediaType: "application/json", types },
    { status: "default", mediaType: "text/plain", types },
  ]);
});

test("members, items and other members have theirs, in circles too", () => {
  const schemas = {
    Tree: {
      type: "object",
      properties: {
        n: { type: ["null", "integer"] },
        kids: { type: "array", items: { $ref: "#/components/schemas/Tree" } },
      },
      additionalProperties: { type: "boolean" },
    },
  };
  assert.deepEqual(typesOf({ $ref: "#/components/schemas/Tree" }, schemas), [
    { members: { n: 1, kids: 2 }, others: 3 },
    { scalar: "integer" },
    { items: 0 },
    { scalar: "boolean" },
  ]);
});

test("what holds beside a schema counts, its own members first", () => {
  const base = { properties: { a: { type: "string" }, b: { type: "string" } } };
  const schemas = { Base: base, Ring: { allOf: [{ $ref: "#/components/schemas/Ring" }] } };
  const all = { allOf: [{ $ref: "#/components/schemas/Base" }, { $ref: "#/components/schemas/Ring" }] };
  assert.deepEqual(typesOf({ ...all, properties: { a: { type: "number" } } }, schemas), [
    { members: { a: 3, b: 2 } },
    { scalar: "string" },
    { scalar: "string" },
    { scalar: "number" },
  ]);
  assert.deepEqual(typesOf({ anyOf: [{ type: "null" }, { type: "number" }] }), [{ scalar: "number" }]);
});

test("a schema that names no scalar type, or several, says nothing", () => {
  for (const schema of [
    {},
    { type: "object" },
    { type: ["string", "number"] },
    { type: "file" },
    { oneOf: [{ type: "number" }, { type: "string" }] },
  ])
    assert.equal(typesOf(schema), undefined);
});

test("a reference that leads nowhere, or to a file that is not there, is read over", () => {
  for (const $ref of ["#/components/schemas/None", "other.json#/x", "http://web.test/x.json"]) {
    const document = documentWith({ properties: { a: { $ref }, b: { type: "number" } } });
    assert.deepEqual(problemsIn(WORKFLOW, { files: { "a.json": document } }), []);
    assert.deepEqual(operationIn(document).body?.types, [{ members: { b: 1 } }, { scalar: "number" }]);
  }
  const document = documentWith({ $ref: "other.json#/x" });
  assert.deepEqual(operationIn(document, { "other.json": '{"x":{"type":"number"}}' }).body?.types, [
    { scalar: "number" },
  ]);
});

test("schemas beyond the limit are not read", () => {
  const wide = (count: number) => ({
    items: { type: "number" },
    properties: Object.fromEntries(Array.from({ length: count }, (_, i) => [`ü${i}`, {}])),
  });
  assert.deepEqual(typesOf(wide(VALUE_TYPES_MAX - 2))?.at(-1), { scalar: "number" });
  assert.equal(typesOf(wide(VALUE_TYPES_MAX - 1)), undefined);
});
