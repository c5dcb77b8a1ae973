import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenApiOperation } from "../model.ts";
import { definitionIn, notesIn, problemsIn } from "../testing/read-text.ts";

const WORKFLOW =
  'id: a\nstart: s\nfunctions: [{ name: f, operation: "a.yaml#o" }]\nstates: [{ name: s, type: inject, data: {}, end: true }]';

function given(document: string, properties = "") {
  return { files: { "a.yaml": document, "application.properties": properties } };
}

function operationIn(document: string): OpenApiOperation {
  const called = definitionIn(WORKFLOW, given(document)).functions.f;
  if (called?.kind !== "openapi") throw new Error("expected an OpenAPI function");
  return called.operation;
}

/** A document whose one operation has these members, in YAML of one line. */
function documentWith(members: string, more = ""): string {
  return `openapi: 3.1.0\npaths: { /o: { post: { operationId: o, ${members} } } }\n${more}`;
}

function bodyIn(content: string, more = ""): OpenApiOperation["body"] {
  return operationIn(documentWith(`requestBody: { content: ${content} }`, more)).body;
}

test("a parameter has the style of its place, unless the document says another", () => {
  const { parameters } = operationIn(
    documentWith(`parameters: [
      { name: p, in: path },
      { name: m, in: path, style: matrix, explode: true },
      { name: q, in: query, required: true, schema: { type: integer, default: 1 } },
      { name: d, in: query, style: deepObject, explode: "true", allowReserved: true },
      { name: j, in: query, content: { application/json: { schema: {} } } },
      { name: s, in: query, style: spaceDelimited },
      { name: h, in: header },
      { name: c, in: cookie, explode: false }]`),
  );
  assert.deepEqual(parameters, [
    { name: "p", in: "path", required: true, style: "simple", explode: false },
    { name: "m", in: "path", required: true, style: "matrix", explode: true },
    { name: "q", in: "query", required: true, style: "form", explode: true, default: 1 },
    { name: "d", in: "query", required: false, style: "deepObject", explode: true, allowReserved: true },
    { name: "j", in: "query", required: false, style: "form", explode: true, mediaType: "application/json" },
    { name: "s", in: "query", required: false, style: "spaceDelimited", explode: false },
    { name: "h", in: "header", required: false, style: "simple", explode: false },
    { name: "c", in: "cookie", required: false, style: "form", explode: false },
  ]);
});

test("a style that its place does not have is told", () => {
  const document = documentWith("parameters: [{ name: h, in: header, style: form }]");
  assert.deepEqual(problemsIn(WORKFLOW, given(document)), [
    'a.yaml:2:83 /paths/~1o/post/parameters/0/style: expected "simple", found "form"',
  ]);
});

test("a body is JSON where the service takes that, else what it takes first", () => {
  assert.deepEqual(bodyIn("{ text/plain: {}, application/vnd.shop+json: {} }"), {
    mediaType: "application/vnd.shop+json",
  });
  assert.deepEqual(bodyIn("{ text/csv: {}, application/xml: {} }"), { mediaType: "text/csv" });
  assert.deepEqual(bodyIn("{ '*/*': {} }"), { mediaType: "application/json" });
  assert.deepEqual(bodyIn("{}"), { mediaType: "application/json" });
  assert.equal(operationIn(documentWith("parameters: []")).body, undefined);
});

test("the parts of a body are read with what the document says of their types and styles", () => {
  const schema = `{
    allOf: [{ $ref: "#/components/schemas/Base" }],
    properties: {
      file: { type: string, format: binary },
      files: { type: array, items: { type: string, format: binary } },
      image: { contentMediaType: image/png },
      encoded: { type: string, contentEncoding: base64 },
      at: { type: object }, tags: { type: array }, plain: { type: string } } }`;
  const encoding = `{
    file: { contentType: "image/*, image/png" },
    note: { contentType: "text/markdown, text/plain" },
    at: { style: deepObject, explode: true },
    tags: { explode: false, allowReserved: true } }`;
  const more = "components: { schemas: { Base: { properties: { note: { type: string } } } } }";
  assert.deepEqual(bodyIn(`{ multipart/form-data: { schema: ${schema}, encoding: ${encoding} } }`, more), {
    mediaType: "multipart/form-data",
    parts: {
      note: { contentType: "text/markdown" },
      file: { binary: true },
      files: { binary: true },
      image: { binary: true, contentType: "image/png" },
      at: { style: "deepObject", explode: true },
      tags: { style: "form", explode: false, allowReserved: true },
    },
  });
});

const SCHEMES = `components: { securitySchemes: {
  key: { type: apiKey, in: header, name: X-Key },
  user: { type: http, scheme: Basic },
  holder: { $ref: "#/components/securitySchemes/other" },
  other: { type: http, scheme: bearer, bearerFormat: JWT },
  oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: "http://auth.test/token", scopes: { read: r } } } },
  oidc: { type: openIdConnect, openIdConnectUrl: "http://auth.test/realm/.well-known/openid-configuration" },
  tls: { type: mutualTLS } } }`;

test("what an operation asks for by its security is read, each way with all that it takes", () => {
  const { security } = operationIn(
    documentWith("security: [{ key: [], user: [] }, { holder: [] }, { oauth: [read] }, { oidc: [] }, {}]", SCHEMES),
  );
  const none = { scopes: [] };
  assert.deepEqual(security, [
    [
      { name: "key", scheme: { type: "apiKey", in: "header", parameter: "X-Key" }, ...none },
      { name: "user", scheme: { type: "basic" }, ...none },
    ],
    [{ name: "holder", scheme: { type: "bearer" }, ...none }],
    [{ name: "oauth", scheme: { type: "oauth2", tokenUrl: "http://auth.test/token" }, scopes: ["read"] }],
    [{ name: "oidc", scheme: { type: "oauth2", issuer: "http://auth.test/realm" }, ...none }],
    [],
  ]);
});

test("an operation's security stands in place of the document's, and a way that nobody can configure is left out", () => {
  const names = (members: string) =>
    operationIn(documentWith(members, `security: [{ user: [] }]\n${SCHEMES}`)).security.map((way) =>
      way.map(({ name }) => name),
    );
  assert.deepEqual(names("tags: []"), [["user"]]);
  assert.deepEqual(names("security: [{ key: [] }]"), [["key"]]);
  assert.deepEqual(names("security: []"), []);
  assert.deepEqual(names("security: [{ tls: [] }, { tls: [], key: [] }, { user: [] }]"), [["user"]]);
});

test("an operation is noted that can be called in no way which is known here", () => {
  const notes = (members: string) =>
    notesIn(WORKFLOW, given(documentWith(members, `servers: [{ url: "http://api" }]\n${SCHEMES}`)));
  assert.deepEqual(notes("security: [{ tls: [] }]"), [
    "a.yaml:2:50 /paths/~1o/post/security: expected a way of apiKey, http (basic, bearer), oauth2 or openIdConnect, found none: it is called without",
  ]);
  assert.deepEqual(notes("security: [{ tls: [] }, { key: [] }]"), []);
  assert.deepEqual(notes("security: []"), []);
});

test("a security scheme that does not exist is noted, and asked for nothing, as SonataFlow does", () => {
  const document = documentWith("security: [{ kye: [] }]", `servers: [{ url: "http://api" }]\n${SCHEMES}`);
  const notes = notesIn(WORKFLOW, given(document));
  assert.equal(
    notes.at(-1),
    'a.yaml:2:51 /paths/~1o/post/security/0: expected "key", "user", "holder", "other", "oauth", "oidc" or "tls", found "kye": it is called without; did you mean "key"?',
  );
});

test("a server's variables have their defaults", () => {
  const servers =
    'servers: [{ url: "https://{region}.shop.test/{base}", variables: { region: { default: eu, enum: [eu] } } }]';
  assert.equal(operationIn(documentWith("tags: []", servers)).server, "https://eu.shop.test/{base}");
});

test("a server that is relative is relative to its document, where that is on the web", () => {
  const url = "https://docs.test/v2/api.yaml";
  const serverIn = (server: string) => {
    const text = WORKFLOW.replace("a.yaml#o", `${url}#o`);
    const called = definitionIn(text, {
      files: { [url]: documentWith("tags: []", `servers: [{ url: "${server}" }]`) },
    });
    const { f } = called.functions;
    return f?.kind === "openapi" ? f.operation.server : undefined;
  };
  assert.equal(serverIn("/api"), "https://docs.test/api");
  assert.equal(serverIn("./api"), "https://docs.test/v2/api");
  assert.equal(serverIn("//other.test/api"), "https://other.test/api");
  assert.equal(serverIn("http://other.test/api"), "http://other.test/api");
});
