import assert from "node:assert/strict";
import { test } from "node:test";
import { instanceHeaders } from "./request-headers.ts";

const plain = { properties: {} };
const none = new Set<string>();

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
    none,
  );
  assert.deepEqual(kept, { orderid: "o-1", "x-kogito-referenceid": "r" });
});

test("a header that came several times is one text", () => {
  assert.deepEqual(instanceHeaders({ "x-many": ["a", "b"] }, plain, none), { "x-many": "ab" });
});

test("headers over the limit are refused", () => {
  assert.throws(() => instanceHeaders({ "x-long": "x".repeat(8_192) }, plain, none), {
    status: 431,
    message: "the headers: expected at most 8192 characters, found 8198",
  });
});

test("headers that a workflow's configuration excludes are not kept", () => {
  const properties = { "kogito.persistence.headers.excluded": "X-Patient, x-token" };
  const sent = { "x-patient": "p", "x-token": "t", "x-kept": "k" };
  assert.deepEqual(instanceHeaders(sent, { properties }, none), { "x-kept": "k" });
});

test("a header that says who the sender is is kept where its token is passed on", () => {
  const sent = { authorization: "Bearer x", cookie: "a=b" };
  assert.deepEqual(instanceHeaders(sent, plain, new Set(["authorization"])), { authorization: "Bearer x" });
  assert.deepEqual(instanceHeaders(sent, plain, none), {});
});
