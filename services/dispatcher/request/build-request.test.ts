import assert from "node:assert/strict";
import { test } from "node:test";
import type { FunctionDefinition, OpenApiOperation, OpenApiParameter } from "@antiphon/definition";
import { type Json, parseJson } from "@antiphon/protocol";
import { ActionError } from "../perform/action-error.ts";
import { definitionOf, requested } from "../testing/world.ts";
import { buildRequest } from "./build-request.ts";

const JSON_BODY = { "content-type": "application/json" };
const DEFAULTS = {
  accept: "application/json, text/*;q=0.9, */*;q=0.8",
  kogitoprocinstanceid: "i-1",
  kogitoprocid: "orders",
  kogitoprocversion: "1.2",
  kogitoproctype: "SW",
  kogitoprocist: "Active",
  "idempotency-key": "i-1:1.a",
};

function parameter(name: string, place: OpenApiParameter["in"]): OpenApiParameter {
  return { name, in: place, required: place === "path" };
}

function operation(more: Partial<OpenApiOperation>): FunctionDefinition {
  const base = { document: "specs/shop.yaml", operationId: "op", method: "POST", path: "/orders", parameters: [] };
  const shop = { ...base, server: "https://shop.test/api/", hasBody: true, callbacks: [], ...more };
  return { kind: "openapi", name: "call", operation: shop, metadata: {} };
}

function rest(method: string, url: string): FunctionDefinition {
  return { kind: "http", name: "call", method, url, metadata: {} };
}

/** The request that a function makes of arguments. */
function built(called: FunctionDefinition, args: Json, properties: Record<string, string> = {}) {
  return buildRequest(definitionOf({ call: called }, properties), "i-1", requested("1.a", "call", args));
}

/** What stands between method and headers, and the body. */
function line(called: FunctionDefinition, args: Json, properties: Record<string, string> = {}): string {
  const { method, origin, path, body } = built(called, args, properties);
  return `${method} ${origin}${path}${body === undefined ? "" : ` ${body}`}`;
}

function refused(called: FunctionDefinition, args: Json, properties: Record<string, string> = {}) {
  let found: unknown;
  try {
    found = built(called, args, properties);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    assert.equal(error.error.code, "400");
    return error.message;
  }
  throw new Error(`expected no request, found ${JSON.stringify(found)}`);
}

test("arguments go where an operation has a parameter of their name, the rest is the body", () => {
  const parameters = [
    parameter("id", "path"),
    parameter("page", "query"),
    parameter("X-Trace", "header"),
    parameter("session", "cookie"),
  ];
  const args = { id: "a/b c", page: 2, "X-Trace": "t", session: "s 1", name: "Ada", n: 1 };
  assert.deepEqual(built(operation({ path: "/orders/{id}", parameters }), args), {
    method: "POST",
    origin: "https://shop.test",
    path: "/api/orders/a%2Fb%20c?page=2",
    headers: { ...DEFAULTS, ...JSON_BODY, "x-trace": "t", cookie: "session=s%201" },
    body: '{"name":"Ada","n":1}',
  });
});

test("numbers keep the digits that they have", () => {
  const args = parseJson('{"id":12345678901234567890,"rate":68.0,"deep":[1e400]}');
  const called = operation({ path: "/orders/{id}", parameters: [parameter("id", "path")] });
  assert.equal(
    line(called, args),
    'POST https://shop.test/api/orders/12345678901234567890 {"rate":68.0,"deep":[1e400]}',
  );
});

test("lists and objects are written in the style of their place", () => {
  const parameters = ["path", "query", "header"].map((place) => parameter(place, place as OpenApiParameter["in"]));
  const called = operation({ method: "GET", path: "/o/{path}", parameters, hasBody: false });
  const list = built(called, { path: ["a", 2, "c,d"], query: ["a", 2], header: ["a", 2] });
  assert.equal(list.path, "/api/o/a,2,c%2Cd?query=a&query=2");
  assert.equal(list.headers["header"], "a,2");
  const object = built(called, { path: { a: 1, b: "x" }, query: { a: 1, b: "x&y" }, header: { a: 1 } });
  assert.equal(object.path, "/api/o/a,1,b,x?a=1&b=x%26y");
  assert.equal(object.headers["header"], "a,1");
});

test("an operation without a body gets none, one with a body gets an empty one", () => {
  const parameters = [parameter("id", "path")];
  assert.equal(
    line(operation({ method: "GET", path: "/o/{id}", parameters, hasBody: false }), { id: 1, more: 2 }),
    "GET https://shop.test/api/o/1",
  );
  assert.equal(line(operation({ path: "/o/{id}", parameters }), { id: 1 }), "POST https://shop.test/api/o/1 {}");
});

test("arguments that are no object are the body", () => {
  assert.equal(line(operation({}), [1, "two"]), 'POST https://shop.test/api/orders [1,"two"]');
  assert.equal(line(operation({}), "two"), 'POST https://shop.test/api/orders "two"');
  assert.equal(line(rest("POST", "http://shop.test/o"), [1]), "POST http://shop.test/o [1]");
});

test("the place of a service may be configured", () => {
  const properties = { "quarkus.rest-client.shop_yaml.url": "http://127.0.0.1:8181/v2" };
  assert.equal(line(operation({}), {}, properties), "POST http://127.0.0.1:8181/v2/orders {}");
});

test("a missing, empty or null path parameter makes no request", () => {
  const called = operation({ path: "/orders/{id}/x", parameters: [parameter("id", "path")] });
  const message = '/orders/{id}/x: expected an argument "id" for the URL, found';
  assert.equal(refused(called, {}), `${message} none`);
  assert.equal(refused(called, { id: null }), `${message} none`);
  assert.equal(refused(called, { id: "" }), `${message} an empty one`);
  assert.equal(refused(called, "no object"), `${message} none`);
});

test("an optional parameter that is null is left out", () => {
  const parameters = [parameter("page", "query"), parameter("x", "header")];
  const { path, headers } = built(operation({ parameters }), { page: null, x: null });
  assert.equal(path, "/api/orders");
  assert.deepEqual(headers, { ...DEFAULTS, ...JSON_BODY });
});

test("a value cannot lead out of its place in the path", () => {
  const called = operation({ path: "/orders/{id}", parameters: [parameter("id", "path")] });
  for (const id of ["..", "."]) {
    assert.equal(refused(called, { id }), `expected a path without "." and ".." as segments, found "/orders/${id}"`);
  }
  assert.equal(line(called, { id: "../x" }), "POST https://shop.test/api/orders/..%2Fx {}");
  assert.equal(line(called, { id: "a?b#c" }), "POST https://shop.test/api/orders/a%3Fb%23c {}");
});

test("a function with a URL fills it, and HEADER_ and QUERY_ arguments go where they say", () => {
  const called = rest("PUT", "http://shop.test:81/publish/{type}?n={number}");
  const args = { type: "a b", number: 7, HEADER_Authorization: "Bearer t", QUERY_tag: ["x", "y"], name: "Ada" };
  assert.deepEqual(built(called, args), {
    method: "PUT",
    origin: "http://shop.test:81",
    path: "/publish/a%20b?n=7&tag=x&tag=y",
    headers: { ...DEFAULTS, ...JSON_BODY, authorization: "Bearer t" },
    body: '{"name":"Ada"}',
  });
});

test("only POST, PUT and PATCH have a body", () => {
  for (const method of ["GET", "DELETE", "HEAD", "OPTIONS"]) {
    assert.equal(line(rest(method, "http://shop.test/o"), { n: 1 }), `${method} http://shop.test/o`);
  }
  for (const method of ["POST", "PUT", "PATCH"]) {
    assert.equal(line(rest(method, "http://shop.test/o"), { n: 1 }), `${method} http://shop.test/o {"n":1}`);
  }
});

test("a URL that is a path only is completed by the function's properties", () => {
  assert.equal(line(rest("GET", "/o/{n}"), { n: 1 }), "GET http://localhost/o/1");
  const properties = {
    "kogito.sw.functions.call.host": "shop.test",
    "kogito.sw.functions.call.port": "8443",
    "kogito.sw.functions.call.protocol": "https",
  };
  assert.equal(line(rest("GET", "o/{n}"), { n: 1 }, properties), "GET https://shop.test:8443/o/1");
});

test("what is no http URL makes no request", () => {
  assert.equal(
    refused(rest("GET", "ftp://shop.test/o"), {}),
    'expected an http:// or https:// URL, found "ftp://shop.test/o"',
  );
});

test("credentials in a URL become a header, which the definition may override", () => {
  const { origin, headers } = built(rest("GET", "http://ada:p%40ss@shop.test/o"), {});
  assert.equal(origin, "http://shop.test");
  assert.equal(headers["authorization"], "Basic YWRhOnBAc3M=");
  const own = built(rest("GET", "http://ada:p@shop.test/o"), { HEADER_authorization: "Bearer t" });
  assert.equal(own.headers["authorization"], "Bearer t");
});

test("a header that cannot be sent makes no request", () => {
  const called = rest("GET", "http://shop.test/o");
  assert.equal(
    refused(called, { HEADER_x: "a\r\nHost: evil" }),
    'header "x": expected a text that a header can hold, found "a\\r\\nHost: evil"',
  );
  assert.equal(refused(called, { "HEADER_a b": "x" }), 'expected the name of a header, found "a b"');
});

test("who asks is told: business key, reference and correlation values travel as headers", () => {
  const context = { kogitobusinesskey: "Zoë 1", kogitoprocrefid: "i-0", orderId: "17", "not a name": "x" };
  const definition = definitionOf({ call: rest("GET", "http://shop.test/o") });
  const { headers } = buildRequest(definition, "i-1", { ...requested("1.a", "call"), context });
  assert.deepEqual(headers, { ...DEFAULTS, kogitobusinesskey: "Zo%C3%AB 1", kogitoprocrefid: "i-0", orderid: "17" });
});

test("a function that is not there, or that is no call, makes no request", () => {
  const definition = definitionOf({ log: { kind: "sysout", name: "log", level: "info", metadata: {} } });
  assert.throws(() => buildRequest(definition, "i-1", requested("1.a", "toString")), {
    message: 'workflow "orders", function "toString": expected one to call, found none',
  });
  assert.throws(() => buildRequest(definition, "i-1", requested("1.a", "log")), {
    message: 'workflow "orders", function "log": expected one to call, found one of kind "sysout"',
  });
});
