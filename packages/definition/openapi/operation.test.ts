import assert from "node:assert/strict";
import { test } from "node:test";
import type { FunctionDefinition, OpenApiOperation } from "../model.ts";
import { definitionIn, problemsIn } from "../testing/read-text.ts";

type Files = Readonly<Record<string, string>>;

function workflowWith(operation: string): string {
  return `id: a\nstart: s\nfunctions: [{ name: f, operation: ${JSON.stringify(operation)} }]\nstates: [{ name: s, type: inject, data: {}, end: true }]`;
}

function operationIn(files: Files, operation: string): OpenApiOperation {
  const called: FunctionDefinition | undefined = definitionIn(workflowWith(operation), { files }).functions.f;
  if (called?.kind !== "openapi") throw new Error("expected an OpenAPI function");
  return called.operation;
}

const CALLBACK = `
openapi: 3.0.3
info: { title: Callback, version: "1" }
servers: [{ url: "http://localhost:8181" }]
paths:
  /event:
    post:
      operationId: Send Event
      requestBody: { content: { application/json: { schema: { type: object } } } }
      callbacks:
        answered:
          "{$request.body#/uri}":
            post:
              requestBody:
                content:
                  text/plain: { schema: { type: string } }
                  application/json: { schema: { $ref: "#/components/schemas/Answer" } }
components:
  schemas:
    Answer:
      type: object
      properties:
        message: { type: string, nullable: true }
        before: { $ref: "#/components/schemas/Answer" }
        score: { $ref: "#/components/schemas/Score" }
    Score: { type: number, minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false, example: { $ref: none } }
`;

test("an operation is read with its server, its path and its callback", () => {
  assert.deepEqual(operationIn({ "specs/callback.yaml": CALLBACK }, "specs/callback.yaml#Send Event"), {
    document: "specs/callback.yaml",
    operationId: "Send Event",
    method: "POST",
    path: "/event",
    server: "http://localhost:8181",
    title: "Callback",
    parameters: [],
    body: { mediaType: "application/json" },
    security: [],
    callbacks: [
      {
        name: "answered",
        url: "$request.body#/uri",
        schema: {
          type: "object",
          properties: {
            message: { type: ["string", "null"] },
            before: { $ref: "#" },
            score: { $ref: "#/definitions/1" },
          },
          definitions: { "1": { type: "number", exclusiveMinimum: 0, maximum: 9, example: { $ref: "none" } } },
        },
      },
    ],
  });
});

test("an operation's id may be written in camel case", () => {
  const files = { "specs/callback.yaml": CALLBACK };
  assert.equal(operationIn(files, "specs/callback.yaml#sendEvent").operationId, "Send Event");
});

test("the exact id wins over one that is the same in camel case", () => {
  const files = {
    "a.json": JSON.stringify({
      openapi: "3.1.0",
      paths: { "/x": { get: { operationId: "do-it" }, put: { operationId: "doIt" } } },
    }),
  };
  assert.equal(operationIn(files, "a.json#doIt").method, "PUT");
  assert.equal(operationIn(files, "a.json#do-it").method, "GET");
});

test("parameters of the path and of the operation come together, the operation's win", () => {
  const files = {
    "a.yaml": `
openapi: 3.0.0
paths:
  /orders/{id}:
    parameters:
      - { $ref: "shared/parameters.yaml#/components/parameters/Id" }
      - { name: full, in: query, required: true }
      - { name: trace, in: header }
    get:
      operationId: read
      servers: [{ url: /v2 }]
      parameters: [{ name: full, in: query }, { name: session, in: cookie, required: true }]`,
    "shared/parameters.yaml":
      'components: { parameters: { Id: { $ref: "#/components/parameters/Other~1Id" }, "Other/Id": { name: id, in: path } } }',
  };
  assert.deepEqual(operationIn(files, "a.yaml#read"), {
    document: "a.yaml",
    operationId: "read",
    method: "GET",
    path: "/orders/{id}",
    server: "/v2",
    parameters: [
      { name: "id", in: "path", required: true, style: "simple", explode: false },
      { name: "full", in: "query", required: false, style: "form", explode: true },
      { name: "trace", in: "header", required: false, style: "simple", explode: false },
      { name: "session", in: "cookie", required: true, style: "form", explode: true },
    ],
    security: [],
    callbacks: [],
  });
});

test("path items, callbacks and bodies may be referred to, also in other files", () => {
  const files = {
    "api/main.yaml": 'openapi: 3.1.0\npaths: { /a: { $ref: "paths.yaml#/a" } }',
    "api/paths.yaml": `
a:
  post:
    operationId: ask
    requestBody: { $ref: "#/body" }
    callbacks: { done: { $ref: "./callbacks.yaml" } }
body: {}`,
    "api/callbacks.yaml": `
"{$request.header.x-callback}": { post: { requestBody: { $ref: "paths.yaml#/body" } } }
"http://fixed": { post: {} }
"{$request.body#/base}/status": { post: {} }`,
  };
  assert.deepEqual(operationIn(files, "api/main.yaml#ask").callbacks, [
    { name: "done", url: "$request.header.x-callback" },
  ]);
});

test("members of a schema that are named like its keywords are members", () => {
  const schema = {
    type: "object",
    properties: {
      definitions: { $ref: "#/components/schemas/D" },
      default: { type: "string", default: { $ref: "x" } },
      enum: { enum: [{ $ref: "y" }] },
      nullable: { type: "boolean" },
    },
  };
  const files = {
    "a.json": JSON.stringify({
      openapi: "3.1.0",
      paths: {
        "/": {
          post: {
            operationId: "o",
            callbacks: { c: { "{$url}": { post: { requestBody: { content: { "application/json": { schema } } } } } } },
          },
        },
      },
      components: { schemas: { D: { type: "array", items: { $ref: "#/components/schemas/D" } } } },
    }),
  };
  assert.deepEqual(operationIn(files, "a.json#o").callbacks[0]?.schema, {
    type: "object",
    properties: {
      definitions: { $ref: "#/definitions/1" },
      default: { type: "string", default: { $ref: "x" } },
      enum: { enum: [{ $ref: "y" }] },
      nullable: { type: "boolean" },
    },
    definitions: { "1": { type: "array", items: { $ref: "#/definitions/1" } } },
  });
});

test("what is wrong with an OpenAPI document or with the naming of an operation is told", () => {
  const problems = (files: Files, operation: string) => problemsIn(workflowWith(operation), { files });
  assert.deepEqual(problems({ "specs/callback.yaml": CALLBACK }, "callback.yaml#sentEvent"), [
    '3:35 /functions/0/operation: expected the id of an operation in specs/callback.yaml, found "sentEvent"; did you mean "Send Event"?',
  ]);
  assert.deepEqual(problems({ "a.yaml": "swagger: '2.0'" }, "a.yaml#x"), [
    "a.yaml:1:1: expected an OpenAPI 3 document, found one of version 2 (Swagger), which must be converted",
  ]);
  assert.deepEqual(problems({ "a.yaml": "openapi: 4.0.0" }, "a.yaml#x"), [
    'a.yaml:1:10 /openapi: expected a version 3 of OpenAPI, found "4.0.0"',
  ]);
  assert.deepEqual(problems({ "a.yaml": "title: x" }, "a.yaml#x"), [
    "a.yaml:1:1 /openapi: expected a version 3 of OpenAPI, found nothing",
  ]);
  const referring = (reference: string) =>
    `openapi: 3.0.0\npaths: { /: { get: { operationId: x, parameters: [{ $ref: "${reference}" }] } } }\na: { $ref: "#/b" }\nb: { $ref: "#/a" }`;
  assert.deepEqual(problems({ "a.yaml": referring("#/components/none") }, "a.yaml#x"), [
    'a.yaml:2:59 /paths/~1/get/parameters/0/$ref: expected a reference to something that exists, found "#/components/none"',
  ]);
  assert.deepEqual(problems({ "a.yaml": referring("#/a") }, "a.yaml#x"), [
    "a.yaml:2:51 /paths/~1/get/parameters/0: expected at most 32 references in a row, found more, or a circle",
  ]);
});
