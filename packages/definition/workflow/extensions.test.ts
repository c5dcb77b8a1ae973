import assert from "node:assert/strict";
import { test } from "node:test";
import { definitionIn, problemsIn } from "../testing/read-text.ts";

const REST = "start: s\nstates: [{ name: s, type: inject, data: {}, end: true }]";
const API = `openapi: 3.1.0
info: { title: Orders, version: 1.0.0 }
paths: { /orders: { get: { operationId: list, responses: {} } } }`;

test("what the data must be at the end is a schema, written there or in a file", () => {
  const read = (schema: string, files = {}) =>
    definitionIn(`id: a\nextensions: [{ extensionid: workflow-output-schema, outputSchema: ${schema} }]\n${REST}`, {
      files,
    }).dataOutputSchema;
  assert.deepEqual(read("schema/out.json", { "schema/out.json": '{"type":"object"}' }), {
    schema: { type: "object" },
    failOnValidationErrors: true,
  });
  assert.deepEqual(read("{ schema: { type: array }, failOnValidationErrors: false }"), {
    schema: { type: "array" },
    failOnValidationErrors: false,
  });
});

test("an alias stands for a document, also if a file has the aliases", () => {
  const functions = 'functions: [{ name: f, operation: "orders#list" }]';
  const documentOf = (members: string, files: Record<string, string>) => {
    const text = `id: a\nextensions: [{ extensionId: workflow-uri-definitions, ${members} }]\n${functions}\n${REST}`;
    const called = definitionIn(text, { files }).functions.f;
    return called?.kind === "openapi" && called.operation.document;
  };
  assert.equal(documentOf("definitions: { orders: 'classpath:/api/v1.yaml' }", { "api/v1.yaml": API }), "orders");
  const aliases = '{"definitions":{"orders":"api/v1.yaml"}}';
  assert.equal(documentOf("uri: a.json", { "a.json": aliases, "api/v1.yaml": API }), "orders");
});

test("a document that an alias names and that is not there is told where the alias stands", () => {
  assert.deepEqual(
    problemsIn(`id: a
extensions: [{ extensionid: workflow-uri-definitions, definitions: { orders: api/v1.yaml } }]
functions: [{ name: f, operation: "orders#list" }]
${REST}`),
    [
      '2:78 /extensions/0/definitions/orders: expected a file of the resources folder (looked for "api/v1.yaml", "specs/api/v1.yaml", "schema/api/v1.yaml", "schemas/api/v1.yaml"), found "api/v1.yaml"',
    ],
  );
});

test("a function of a namespace needs no definition", () => {
  const { functions } = definitionIn(
    `id: a
start: s
extensions: [{ extensionid: workflow-function-namespaces, namespaces: [math] }]
states: [{ name: s, type: operation, actions: [{ functionRef: "math:add" }, { functionRef: { refName: "math:add" } }], end: true }]`,
    { files: { "functions/math.ts": "export async function add() {}" } },
  );
  assert.deepEqual(functions, {
    "math:add": { name: "math:add", metadata: {}, kind: "module", module: "functions/math.ts", exported: "add" },
  });
});

test("an extension that is not known is refused with those that are", () => {
  assert.deepEqual(
    problemsIn(`id: a
extensions:
  - { extensionid: workflow-output-schem, schema: {} }
  - { outputSchema: a.json }
  - { extensionid: workflow-uri-definitions, definitions: { a: [] } }
  - { extensionid: workflow-output-schema }
  - { extensionid: workflow-function-namespaces, namespace: [a] }
${REST}`).map((one) => one.replace(/^\d+:\d+ /, "")),
    [
      '/extensions/0/extensionid: expected "workflow-output-schema", "workflow-uri-definitions" or "workflow-function-namespaces", found "workflow-output-schem"; did you mean "workflow-output-schema"?',
      '/extensions/1/extensionid: expected "workflow-output-schema", "workflow-uri-definitions" or "workflow-function-namespaces", found nothing',
      "/extensions/2/definitions/a: expected the name of a document, found an empty array",
      "/extensions/3/outputSchema: expected a JSON schema or the name of its file, found nothing",
      "/extensions/4/namespaces: expected names of namespaces, found nothing",
      '/extensions/4/namespace: expected a member of an extension, found "namespace"; did you mean "namespaces"?',
    ],
  );
});
