import assert from "node:assert/strict";
import { test } from "node:test";
import { instanceHeaders } from "./request-headers.ts";

test("headers of the connection, and those that say who the sender is, are not kept", () => {
  const kept = instanceHeaders({
    authorization: "Bearer x",
    cookie: "a=b",
    connection: "close",
    "content-length": "2",
    "transfer-encoding": "chunked",
    orderid: "o-1",
    "x-kogito-referenceid": "r",
  });
  assert.deepEqual(kept, { orderid: "o-1", "x-kogito-referenceid": "r" });
});

test("a header that came several times is one text", () => {
  assert.deepEqual(instanceHeaders({ "x-many": ["a", "b"] }), { "x-many": "ab" });
});

test("headers over the limit are refused", () => {
  assert.throws(() => instanceHeaders({ "x-long": "x".repeat(8_192) }), {
    status: 431,
    message: "the headers: expected at most 8192 characters, found 8198",
  });
});
