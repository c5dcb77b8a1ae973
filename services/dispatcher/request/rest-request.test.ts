import assert from "node:assert/strict";
import { test } from "node:test";
import { built, DEFAULTS, JSON_BODY, line, refused, rest } from "../testing/requests.ts";

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

test("data replaces neither the key of a request nor who asks, in whatever case it names them", () => {
  const args = { "HEADER_IDEMPOTENCY-Key": "stolen", HEADER_KogitoProcInstanceId: "i-2", HEADER_accept: "text/plain" };
  const { headers, body } = built(rest("POST", "http://shop.test/o"), { ...args, n: 1 });
  assert.deepEqual(headers, { ...DEFAULTS, ...JSON_BODY, accept: "text/plain" });
  assert.equal(body, '{"n":1}');
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
  const { headers } = built(rest("GET", "http://shop.test/o"), {}, {}, { context });
  assert.deepEqual(headers, { ...DEFAULTS, kogitobusinesskey: "Zo%C3%AB 1", kogitoprocrefid: "i-0", orderid: "17" });
});
