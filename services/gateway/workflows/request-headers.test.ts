import assert from "node:assert/strict";
import { test } from "node:test";
import { instanceHeaders } from "./request-headers.ts";

const plain = { id: "w", functions: {}, properties: {} };

test("headers of the connection, and those that say who the sender is, are not kept", () => {
  const kept = instanceHeaders(
    {
      authorization: "Bearer x",
      cookie: "a=b",
      connection: "close",
      "content-length": "2",
      "transfer-encoding": "chunked",
      orderid: "o-1",
      "x-kogito-referenceid": "r",
    },
    plain,
  );
  assert.deepEqual(kept, { orderid: "o-1", "x-kogito-referenceid": "r" });
});

test("a header that came several times is one text", () => {
  assert.deepEqual(instanceHeaders({ "x-many": ["a", "b"] }, plain), { "x-many": "ab" });
});

test("headers over the limit are refused", () => {
  assert.throws(() => instanceHeaders({ "x-long": "x".repeat(8_192) }, plain), {
    status: 431,
    message: "the headers: expected at most 8192 characters, found 8198",
  });
});

test("headers that a workflow's configuration excludes are not kept", () => {
  const properties = { "kogito.persistence.headers.excluded": "X-Patient, x-token" };
  assert.deepEqual(instanceHeaders({ "x-patient": "p", "x-token": "t", "x-kept": "k" }, { ...plain, properties }), {
    "x-kept": "k",
  });
});

test("a header that says who the sender is is kept where the configuration has it passed on", () => {
  const security = [[{ name: "shop", scheme: { type: "bearer" } as const, scopes: [] }]];
  const place = { document: "shop.yaml", operationId: "o", method: "GET", path: "/", parameters: [], callbacks: [] };
  const functions = { f: { kind: "openapi", name: "f", operation: { ...place, security }, metadata: {} } as const };
  const properties = { "quarkus.openapi-generator.shop_yaml.auth.shop.token-propagation": "true" };
  const sent = { authorization: "Bearer x", cookie: "a=b" };
  assert.deepEqual(instanceHeaders(sent, { id: "w", functions, properties }), { authorization: "Bearer x" });
  assert.deepEqual(instanceHeaders(sent, { id: "w", functions, properties: {} }), {});
});
