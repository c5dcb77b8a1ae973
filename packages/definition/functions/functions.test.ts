import assert from "node:assert/strict";
import { test } from "node:test";
import type { FunctionDefinition } from "../model.ts";
import { definitionIn, problemsIn } from "../testing/read-text.ts";

type Files = Readonly<Record<string, string>>;

/** A workflow with one function; its operation begins in line 4, column 18. */
function workflow(type: string, operation: string): string {
  return `id: a\nstart: s\nfunctions:\n  - { operation: ${JSON.stringify(operation)}, name: f, type: ${type} }
states: [{ name: s, type: operation, actions: [{ functionRef: f }], end: true }]`;
}

/** The function, without what every one has. */
function read(type: string, operation: string, files: Files = {}): object | undefined {
  const called = functionIn(type, operation, files);
  const { name, metadata, ...own } = called ?? { name: "f", metadata: {} };
  assert.deepEqual({ name, metadata }, { name: "f", metadata: {} });
  return called && own;
}

function functionIn(type: string, operation: string, files: Files): FunctionDefinition | undefined {
  return definitionIn(workflow(type, operation), { files }).functions.f;
}

function problems(type: string, operation: string, files: Files = {}): readonly string[] {
  return problemsIn(workflow(type, operation), { files });
}

const ASYNCAPI_2 = `
asyncapi: 2.6.0
channels:
  orders: { publish: { operationId: sendOrder }, subscribe: { operationId: awaitOrder } }
  other: { $ref: "#/components/channels/other" }
components: { channels: { other: { subscribe: { operationId: awaitOther } } } }`;

const ASYNCAPI_3 = `
asyncapi: 3.0.0
channels:
  orders: { address: shop.orders }
  bare: { address: null }
operations:
  sendOrder: { action: send, channel: { $ref: "#/channels/orders" } }
  awaitOrder: { action: receive, channel: { $ref: "#/channels/orders" } }
  awaitBare: { action: receive, channel: { $ref: "#/channels/bare" } }`;

test("an operation of AsyncAPI 2 sends where the document publishes, and waits where it subscribes", () => {
  const files = { "specs/a.yaml": ASYNCAPI_2 };
  assert.deepEqual(read("asyncapi", "a.yaml#sendOrder", files), {
    kind: "asyncapi",
    direction: "send",
    channel: "orders",
  });
  assert.deepEqual(read("asyncapi", "specs/a.yaml#awaitOrder", files), {
    kind: "asyncapi",
    direction: "receive",
    channel: "orders",
  });
  assert.deepEqual(read("asyncapi", "specs/a.yaml#awaitOther", files), {
    kind: "asyncapi",
    direction: "receive",
    channel: "other",
  });
});

test("an operation of AsyncAPI 3 is known by its name, and its channel by the address", () => {
  const files = { "a.yaml": ASYNCAPI_3 };
  const of = (operation: string) => read("asyncapi", `a.yaml#${operation}`, files);
  assert.deepEqual(of("sendOrder"), { kind: "asyncapi", direction: "send", channel: "shop.orders" });
  assert.deepEqual(of("awaitOrder"), { kind: "asyncapi", direction: "receive", channel: "shop.orders" });
  assert.deepEqual(of("awaitBare"), { kind: "asyncapi", direction: "receive", channel: "bare" });
});

test("what is wrong with an AsyncAPI operation is told with its place and a name that was perhaps meant", () => {
  assert.deepEqual(problems("asyncapi", "a.yaml#sendOder", { "a.yaml": ASYNCAPI_3 }), [
    '4:18 /functions/0/operation: expected an operation of a.yaml, found "sendOder"; did you mean "sendOrder"?',
  ]);
  assert.deepEqual(problems("asyncapi", "a.yaml", {}), [
    '4:18 /functions/0/operation: expected an AsyncAPI document and an operation, "specs/orders.yaml#orderPlaced", found "a.yaml"',
  ]);
  assert.deepEqual(problems("asyncapi", "a.yaml#x", { "a.yaml": "openapi: 3.0.0" }), [
    "a.yaml:1:1 /asyncapi: expected an AsyncAPI document of version 2 or 3, found nothing",
  ]);
  const broken =
    "asyncapi: 3.0.0\nchannels: { c: {} }\noperations:\n  a: { action: sned, channel: { $ref: '#/channels/c' } }";
  assert.deepEqual(problems("asyncapi", "a.yaml#b", { "a.yaml": broken }), [
    'a.yaml:4:16 /operations/a/action: expected "send" or "receive", found "sned"',
    '4:18 /functions/0/operation: expected an operation, of which a.yaml has none, found "b"',
  ]);
});

const PRICES = `syntax = "proto3";
package shop.v1;
import "money.proto";
import "google/protobuf/empty.proto";
import "google/api/annotations.proto";
message Item { string sku = 1; }
service Prices {
  rpc Quote (Item) returns (shop.Money);
  rpc Watch (stream Item) returns (stream shop.Money);
  rpc Reset (google.protobuf.Empty) returns (google.protobuf.Empty);
}`;
const MONEY = `syntax = "proto3";
package shop;
message Money { int64 cents = 1; }
service Rates { rpc Get (Money) returns (Money); }`;
const PROTO_FILES = { "proto/prices.proto": PRICES, "proto/money.proto": MONEY };

test("a method of a gRPC service is read with all that it needs, from files that import others", () => {
  const called = functionIn("rpc", "prices.proto#Prices#Watch", PROTO_FILES);
  assert.ok(called?.kind === "rpc");
  const { protocol, ...own } = called;
  assert.deepEqual(own, {
    name: "f",
    metadata: {},
    kind: "rpc",
    service: "shop.v1.Prices",
    method: "Watch",
    request: "shop.v1.Item",
    response: "shop.Money",
    requestStream: true,
    responseStream: true,
  });
  assert.deepEqual(Object.keys(protocol), ["nested"]);
  const reset = functionIn("rpc", "prices.proto#shop.v1.Prices#Reset", PROTO_FILES);
  assert.equal(reset?.kind === "rpc" && reset.request, "google.protobuf.Empty");
  assert.equal(functionIn("rpc", "prices.proto#Rates#Get", PROTO_FILES)?.kind, "rpc");
});

test("what is wrong with a gRPC method or its files is told with its place", () => {
  const told = (operation: string, files: Files = PROTO_FILES) => problems("rpc", operation, files);
  assert.deepEqual(told("prices.proto#Price#Quote"), [
    '4:18 /functions/0/operation: expected a service of prices.proto, found "Price"; did you mean "Prices"?',
  ]);
  assert.deepEqual(told("prices.proto#Prices#quote"), [
    '4:18 /functions/0/operation: expected a method of Prices, found "quote"; did you mean "Quote"?',
  ]);
  assert.deepEqual(told("prices.proto#Prices"), [
    '4:18 /functions/0/operation: expected a .proto file, a service and a method, "prices.proto#Prices#quote", found "prices.proto#Prices"',
  ]);
  assert.deepEqual(told("a.proto#A#b", { "a.proto": 'syntax = "proto3";\nmessage A {\n  string x 1;\n}' }), [
    "a.proto:3:1: expected a protocol buffers file, found something else (illegal token '1', '=' expected)",
  ]);
  assert.deepEqual(told("a.proto#A#b", { "a.proto": 'syntax = "proto3";\nmessage A { B x = 1; }' }), [
    "a.proto:1:1: expected types that all exist, found no such Type or Enum 'B' in Type .A",
  ]);
  assert.deepEqual(told("prices.proto#Prices#Quote", { "prices.proto": PRICES }), [
    'prices.proto:3:1: expected a file of the resources folder (looked for "money.proto", "specs/money.proto", "schema/money.proto", "schemas/money.proto", "proto/money.proto"), found "money.proto"',
  ]);
});

test("a field of a GraphQL service is read", () => {
  assert.deepEqual(read("graphql", "https://example.com/graphql#query#pet"), {
    kind: "graphql",
    url: "https://example.com/graphql",
    operation: "query",
    field: "pet",
  });
  assert.deepEqual(problems("graphql", "https://example.com/graphql#mutatoin#pet"), [
    '4:18 /functions/0/operation: expected "query" or "mutation", found "mutatoin"; did you mean "mutation"?',
  ]);
  assert.deepEqual(problems("graphql", "example.com#query#pet"), [
    '4:18 /functions/0/operation: expected a URL, "query" or "mutation", and a field: "https://example.com/graphql#query#pet", found "example.com#query#pet"',
  ]);
});

test("an entity set of an OData service is read", () => {
  assert.deepEqual(read("odata", "https://services.odata.org/V4/TripPinService#People"), {
    kind: "odata",
    url: "https://services.odata.org/V4/TripPinService",
    entitySet: "People",
  });
  assert.deepEqual(problems("odata", "https://services.odata.org/V4#People(1)"), [
    '4:18 /functions/0/operation: expected the name of an entity set, found "People(1)"',
  ]);
});

test("a service of Knative is read, with or without its namespace and the kind of resource", () => {
  const prefix = "knative:services.v1.serving.knative.dev/";
  assert.deepEqual(read("custom", `${prefix}shop/prices?path=/quote&method=GET`), {
    kind: "knative",
    service: "prices",
    namespace: "shop",
    path: "/quote",
    method: "GET",
    asCloudEvent: false,
  });
  assert.deepEqual(read("custom", "knative:prices?asCloudEvent=true&path=%2Fa"), {
    kind: "knative",
    service: "prices",
    path: "/a",
    method: "POST",
    asCloudEvent: true,
  });
  assert.deepEqual(problems("custom", `${prefix}prices?pth=/a`), [
    '4:18 /functions/0/operation: expected "path", "method" or "asCloudEvent", found "pth"; did you mean "path"?',
  ]);
  assert.deepEqual(problems("custom", "knative:prices?method=GET&asCloudEvent=true"), [
    '4:18 /functions/0/operation: expected the method POST for a CloudEvent, found "knative:prices?method=GET&asCloudEvent=true"',
  ]);
  assert.deepEqual(problems("custom", "knative:Prices/a/b"), [
    '4:18 /functions/0/operation: expected a Knative service, "knative:services.v1.serving.knative.dev/namespace/name?path=/p&method=POST&asCloudEvent=false", found "knative:Prices/a/b"',
  ]);
});

test("a function of the author's own is found by its name, and by the names that SonataFlow has for those of Java and Python", () => {
  const files = {
    "functions/price.ts": "export default async () => 1;\nexport async function quote() {}",
    "functions/Prices.mjs": "const get = () => 1;\nexport { get as quote };",
    "functions/prices.js": "exports.quote = () => 1;",
    "functions/python.ts": "export default () => 1;",
  };
  const of = (operation: string) => read("custom", operation, files);
  const module = (path: string, exported: string) => ({ kind: "module", module: path, exported });
  assert.deepEqual(of("price"), module("functions/price.ts", "default"));
  assert.deepEqual(of("price:quote"), module("functions/price.ts", "quote"));
  assert.deepEqual(of("service:java:com.acme.Prices::quote"), module("functions/Prices.mjs", "quote"));
  assert.deepEqual(of("service:Prices::quote"), module("functions/Prices.mjs", "quote"));
  assert.deepEqual(of("service:python:prices::quote"), module("functions/prices.js", "quote"));
  assert.deepEqual(of("script:python"), module("functions/python.ts", "default"));
});

test("a function that is not there is told with the files that could hold it, and one of a near name", () => {
  const files = { "functions/price.ts": "export async function quote() {}" };
  assert.deepEqual(problems("custom", "service:java:com.acme.Prices::quote", files), [
    '4:18 /functions/0/operation: expected a function of your own, "functions/com.acme.Prices.ts" or "functions/Prices.ts", that exports "quote", found "service:java:com.acme.Prices::quote"; did you mean "price"?',
  ]);
  assert.deepEqual(problems("custom", "price:qoute", files), [
    '4:18 /functions/0/operation: expected an export of functions/price.ts, found "qoute"; did you mean "quote"?',
  ]);
  assert.deepEqual(problems("custom", "sysuot", files), [
    '4:18 /functions/0/operation: expected a function of your own, "functions/sysuot.ts", that exports "default", found "sysuot"; did you mean "sysout"?',
  ]);
  assert.deepEqual(problems("custom", "../price", files), [
    '4:18 /functions/0/operation: expected "rest:METHOD:url", "sysout:LEVEL", "knative:…" or a function of your own, "name" or "name:export" for functions/name.ts, found "../price"',
  ]);
});

test("what runs in Java only is refused, with the way out", () => {
  assert.deepEqual(problems("custom", "camel:direct:numbers"), [
    '4:18 /functions/0/operation: expected an operation that runs without Java; write what it does as a function of your own, functions/camel.ts, and name that: "camel", found "camel:direct:numbers"',
  ]);
});
