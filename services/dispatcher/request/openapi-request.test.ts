import assert from "node:assert/strict";
import { test } from "node:test";
import { parseJson } from "@antiphon/protocol";
import { built, DEFAULTS, JSON_BODY, line, operation, parameter, refused, rest } from "../testing/requests.ts";

const body = { mediaType: "application/json" };

test("arguments go where an operation has a parameter of their name, the rest is the body", () => {
  const parameters = [
    parameter("id", "path"),
    parameter("page", "query"),
    parameter("X-Trace", "header"),
    parameter("session", "cookie"),
  ];
  const args = { id: "a/b c", page: 2, "X-Trace": "t", session: "s 1", name: "Ada", n: 1 };
  assert.deepEqual(built(operation({ path: "/orders/{id}", parameters, body }), args), {
    method: "POST",
    origin: "https://shop.test",
    path: "/api/orders/a%2Fb%20c?page=2",
    headers: { ...DEFAULTS, ...JSON_BODY, "x-trace": "t", cookie: "session=s%201" },
    body: '{"name":"Ada","n":1}',
  });
});

test("numbers keep the digits that they have", () => {
  const args = parseJson('{"id":12345678901234567890,"rate":68.0,"deep":[1e400]}');
  const called = operation({ path: "/orders/{id}", parameters: [parameter("id", "path")], body });
  assert.equal(
    line(called, args),
    'POST https://shop.test/api/orders/12345678901234567890 {"rate":68.0,"deep":[1e400]}',
  );
});

test("lists and objects are written in the style of their place", () => {
  const parameters = (["path", "query", "header"] as const).map((place) => parameter(place, place));
  const called = operation({ method: "GET", path: "/o/{path}", parameters });
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
    line(operation({ method: "GET", path: "/o/{id}", parameters }), { id: 1, more: 2 }),
    "GET https://shop.test/api/o/1",
  );
  assert.equal(line(operation({ path: "/o/{id}", parameters, body }), { id: 1 }), "POST https://shop.test/api/o/1 {}");
});

test("arguments that are no object are the body", () => {
  assert.equal(line(operation({ body }), [1, "two"]), 'POST https://shop.test/api/orders [1,"two"]');
  assert.equal(line(operation({ body }), "two"), 'POST https://shop.test/api/orders "two"');
  assert.equal(line(rest("POST", "http://shop.test/o"), [1]), "POST http://shop.test/o [1]");
});

test("the place of a service may be configured", () => {
  const properties = { "quarkus.rest-client.shop_yaml.url": "http://127.0.0.1:8181/v2" };
  assert.equal(line(operation({ body }), {}, properties), "POST http://127.0.0.1:8181/v2/orders {}");
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
  const { path, headers } = built(operation({ parameters, body }), { page: null, x: null });
  assert.equal(path, "/api/orders");
  assert.deepEqual(headers, { ...DEFAULTS, ...JSON_BODY });
});

test("a value cannot lead out of its place in the path", () => {
  const called = operation({ path: "/orders/{id}", parameters: [parameter("id", "path")], body });
  for (const id of ["..", "."]) {
    assert.equal(refused(called, { id }), `expected a path without "." and ".." as segments, found "/orders/${id}"`);
  }
  assert.equal(line(called, { id: "../x" }), "POST https://shop.test/api/orders/..%2Fx {}");
  assert.equal(line(called, { id: "a?b#c" }), "POST https://shop.test/api/orders/a%3Fb%23c {}");
});

test("a value takes the style of its parameter, in the path, the query, a header and a cookie", () => {
  const parameters = [
    parameter("id", "path", { style: "matrix", explode: true }),
    parameter("ids", "query", { style: "pipeDelimited", explode: false }),
    parameter("filter", "query", { mediaType: "application/json" }),
    parameter("to", "query", { allowReserved: true }),
    parameter("x", "header", { explode: true }),
    parameter("c", "cookie", { explode: false }),
  ];
  const called = operation({ method: "GET", path: "/o{id}/x", parameters });
  const args = { id: [1, 2], ids: ["a", "b"], filter: { a: 1 }, to: "/y", x: { a: 1 }, c: ["p", "q"] };
  const { path, headers } = built(called, args);
  assert.equal(path, "/api/o;id=1;id=2/x?ids=a%7Cb&filter=%7B%22a%22%3A1%7D&to=/y");
  assert.deepEqual(headers, { ...DEFAULTS, x: "a=1", cookie: "c=p,q" });
});

test("a required parameter that is not given has its default, one that may be missing is left out", () => {
  const parameters = [
    parameter("version", "path", { default: "v2" }),
    parameter("page", "query", { default: 1, required: true }),
    parameter("size", "query", { default: 10 }),
  ];
  const called = operation({ method: "GET", path: "/{version}/o", parameters });
  assert.equal(line(called, {}), "GET https://shop.test/api/v2/o?page=1");
  assert.equal(line(called, { version: "v1", page: 2 }), "GET https://shop.test/api/v1/o?page=2");
});

test("one of several services is chosen by the function's configKey; one that is not configured makes no request", () => {
  const properties = {
    'quarkus.rest-client."shop_yaml.eu".url': "http://eu.test/",
    'quarkus.rest-client."shop.us".url': "http://us.test",
    "quarkus.rest-client.shop_yaml.url": "http://default.test",
  };
  const called = operation({ method: "GET" });
  const lineOf = (service: string) => line(called, {}, properties, { service });
  assert.equal(lineOf("eu"), "GET http://eu.test/orders");
  assert.equal(lineOf("us"), "GET http://us.test/orders");
  for (const service of ["asia", ""]) {
    assert.equal(
      refused(called, {}, properties, { service }),
      `operation "op": expected "quarkus.rest-client" to have a url for the service that configKey names, found none for "${service}"`,
    );
  }
});

test("without arguments the whole data is the body, and fills parameters only that must be there", () => {
  const parameters = [parameter("id", "path"), parameter("page", "query"), parameter("v", "query", { required: true })];
  const called = operation({ path: "/orders/{id}", parameters, body });
  const args = { id: 1, page: 2, v: 3 };
  assert.equal(
    line(called, args, {}, { asBody: true }),
    'POST https://shop.test/api/orders/1?v=3 {"id":1,"page":2,"v":3}',
  );
});
