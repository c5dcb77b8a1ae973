import assert from "node:assert/strict";
import { test } from "node:test";
import { readDefinition } from "./index.ts";

const URL = "https://example.com/api/v1/orders.yaml";

function bundle(operation: string, files: Readonly<Record<string, string>> = {}, functionMembers = "", members = "") {
  const text = `id: a
start: s
functions: [{ name: f, operation: "${operation}"${functionMembers} }]
${members}
states: [{ name: s, type: operation, actions: [{ functionRef: f }], end: true }]`;
  return { path: "a.sw.yaml", files: { ...files, "a.sw.yaml": text } };
}

function api(path: string): string {
  return `openapi: 3.1.0
info: { title: Orders, version: 1.0.0 }
paths: { /orders: { $ref: "${path}" } }`;
}

const ORDERS = "get: { operationId: list, responses: {} }";

test("a document on the web is wanted, and those that it refers to are when it is there", () => {
  const wantedWith = (files: Readonly<Record<string, string>>) =>
    readDefinition(bundle(`${URL}#list`, files), {}).wanted.map(({ url, place }) => [
      url,
      `${place.file}${place.pointer}`,
    ]);
  assert.deepEqual(wantedWith({}), [[URL, "a.sw.yaml/functions/0/operation"]]);
  const ref = `${URL}/paths/~1orders/$ref`;
  assert.deepEqual(wantedWith({ [URL]: api("paths.yaml") }), [["https://example.com/api/v1/paths.yaml", ref]]);
  assert.deepEqual(wantedWith({ [URL]: api("../paths.yaml#/a") }), [["https://example.com/api/paths.yaml", ref]]);
  assert.deepEqual(wantedWith({ [URL]: api("/p.yaml") }), [["https://example.com/p.yaml", ref]]);
  assert.deepEqual(wantedWith({ [URL]: api("http://other/p.yaml") }), [["http://other/p.yaml", ref]]);
  assert.deepEqual(wantedWith({ [URL]: api("paths.yaml"), "https://example.com/api/v1/paths.yaml": ORDERS }), []);
});

test("a definition is read when all that it wants is in its bundle, and not before", () => {
  const files = { [URL]: api("paths.yaml"), "https://example.com/api/v1/paths.yaml": ORDERS };
  const called = readDefinition(bundle(`${URL}#list`, files), {}).definition?.functions.f;
  assert.deepEqual(called?.kind === "openapi" && [called.operation.document, called.operation.path], [URL, "/orders"]);
  assert.deepEqual(readDefinition(bundle(`${URL}#list`), {}).problems, [
    {
      file: "a.sw.yaml",
      line: 3,
      column: 35,
      pointer: "/functions/0/operation",
      expected: "a document that was fetched",
      found: `"${URL}"`,
    },
  ]);
});

test("a document is fetched by what the function's auth says, secrets of the configuration filled in", () => {
  const credentialsIn = (auth: string, authRef = "who") => {
    const files = { "application.properties": "a.password=secret\nb.token=abc\nb.username=me\nb.password=pw" };
    const given = bundle(`${URL}#list`, files, `, authRef: ${authRef}`, `auth: [{ name: who, ${auth} }]`);
    return readDefinition(given, {}).wanted[0]?.credentials;
  };
  assert.deepEqual(credentialsIn('properties: { username: me, password: "${ $SECRET.a.password }" }'), {
    scheme: "basic",
    username: "me",
    password: "secret",
  });
  assert.deepEqual(credentialsIn("scheme: bearer, properties: { token: '$SECRET.\"b.token\"' }"), {
    scheme: "bearer",
    token: "abc",
  });
  assert.deepEqual(credentialsIn("properties: $SECRET.b"), { scheme: "basic", username: "me", password: "pw" });
  assert.equal(credentialsIn("properties: $SECRET.b", "nobody"), undefined);
});

test("a document that is to be fetched by what is not known yet is refused", () => {
  const auth = "auth: [{ name: who, scheme: oauth2, properties: { grantType: clientCredentials, clientId: c } }]";
  const { problems } = readDefinition(bundle(`${URL}#list`, {}, ", authRef: who", auth), {});
  assert.deepEqual(
    problems.map(({ pointer, expected }) => [pointer, expected]),
    [
      ["/functions/0/operation", "a document that was fetched"],
      ["/functions/0/authRef", "basic or bearer authentication, known by now, for a document on the web"],
    ],
  );
});

test("a document is named by its path on the class path, or in the file system of the project", () => {
  const files = { "specs/api.yaml": api("paths.yaml"), "specs/paths.yaml": ORDERS };
  for (const name of [
    "classpath:specs/api.yaml",
    "classpath:/specs/api.yaml",
    "file:specs/api.yaml",
    "file:///home/me/src/main/resources/specs/api.yaml",
    "api.yaml",
  ]) {
    assert.deepEqual(readDefinition(bundle(`${name}#list`, files), {}).problems, [], name);
  }
});

test("whatever may stand in a document of its own may stand in one on the web", () => {
  const lists = [
    "functions",
    "events",
    "errors",
    "retries",
    "auth",
    "secrets",
    "constants",
    "timeouts",
    "dataInputSchema",
  ];
  const members = lists.map((list) => `${list}: http://example.com/${list}.json`).join("\n");
  const text = `id: a
start: s
${members}
extensions:
  - { extensionid: workflow-output-schema, outputSchema: { schema: http://example.com/out.json } }
  - { extensionid: workflow-uri-definitions, uri: http://example.com/aliases.json }
states: [{ name: s, type: operation, actions: [{ functionRef: f, retryRef: r }], onErrors: [{ errorRef: e, end: true }], end: true }]`;
  const { problems, wanted } = readDefinition({ path: "a.sw.yaml", files: { "a.sw.yaml": text } }, {});
  const names = [...lists, "out", "aliases"];
  assert.deepEqual(
    wanted.map(({ url }) => url).toSorted(),
    names.map((name) => `http://example.com/${name}.json`).toSorted(),
  );
  assert.equal(problems.length, names.length);
});
