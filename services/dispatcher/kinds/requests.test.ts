import assert from "node:assert/strict";
import { test } from "node:test";
import type { GraphQlField, KnativeService, ODataEntitySet } from "@antiphon/definition";
import { type ActionOutcome, exactNumber, type Json, type JsonObject } from "@antiphon/protocol";
import { jsonBody } from "../request/body.ts";
import { definitionOf, requested } from "../testing/world.ts";
import { graphQlOutcome, graphQlRequest } from "./graphql-request.ts";
import { knativeRequest } from "./knative-request.ts";
import { odataOutcome, odataRequest } from "./odata-request.ts";

const PET: GraphQlField = { kind: "graphql", url: "http://pets/graphql", operation: "query", field: "pet" };

function graphQl(args: Json, selectionSet?: string, metadata: JsonObject = {}, field: Partial<GraphQlField> = {}) {
  const called = { ...PET, ...field, name: "f", metadata };
  const asked = { ...requested("1.a", "f", args), ...(selectionSet !== undefined && { selectionSet }) };
  return JSON.parse(String(graphQlRequest(called, asked).body?.content));
}

test("a field of GraphQL is asked for with its arguments written out, and what is wanted of it", () => {
  const args = { id: 'a"b', age: 3, price: exactNumber("1.50"), tags: ["x", null], in: { city: { zip: true } } };
  assert.deepEqual(graphQl(args, "{ name, owner { id } }"), {
    operationName: "pet",
    query: `query pet {
  pet(
    id: "a\\"b"
    age: 3
    price: 1.50
    tags: ["x", null]
    in: { city: { zip: true } }
  ) {
    name
    owner {
      id
    }
  }
}`,
  });
  assert.deepEqual(graphQl({}, undefined, {}, { operation: "mutation", field: "reset" }), {
    operationName: "reset",
    query: "mutation reset {\n  reset\n}",
  });
});

test("an argument whose type the function tells is a variable", () => {
  assert.deepEqual(graphQl({ id: 1, kind: "DOG" }, "{ name }", { variableTypes: { kind: "Kind!" } }), {
    operationName: "pet",
    query: "query pet($kind: Kind!) {\n  pet(id: 1, kind: $kind) {\n    name\n  }\n}",
    variables: { kind: "DOG" },
  });
});

test("what is no GraphQL is refused before it is sent", () => {
  assert.throws(() => graphQl({ "a-b": 1 }), { message: 'expected a name of GraphQL, found "a-b"' });
  assert.throws(() => graphQl({}, "{ name"), {
    message: 'expected a selection set of GraphQL, found "{ name": Syntax Error: Expected Name, found <EOF>.',
  });
  assert.throws(() => graphQl({}, "name"), {
    message: 'expected a selection set of GraphQL, found "name": it begins with no "{"',
  });
  assert.throws(() => graphQl([1]), {
    message: 'GraphQL field "pet": expected an object of arguments, found another value',
  });
  assert.throws(() => graphQl({ a: 1 }, undefined, { variableTypes: { a: "!!" } }), {
    message: 'variable type of "a": expected a type of GraphQL, found "!!"',
  });
});

const http = (status: number) => ({ status, headers: {} });
const RUNTIME = ["java.lang.RuntimeException", "java.lang.Exception"];

test("the field's value is the result of GraphQL, and its errors are the workflow's", () => {
  const answered = (output: Json, status = 200) =>
    graphQlOutcome({ ...PET, name: "f", metadata: {} }, { status: "completed", output, http: http(status) });
  assert.deepEqual(answered({ data: { pet: { name: "Rex" } } }), {
    status: "completed",
    output: { name: "Rex" },
    http: http(200),
  });
  assert.deepEqual(answered({ data: { pet: null } }), { status: "completed", output: null, http: http(200) });
  const errors = [{ message: "no such pet", extensions: { code: "NOT_FOUND" } }, { message: "too bad" }];
  assert.deepEqual(answered({ data: { pet: null }, errors }), {
    status: "failed",
    error: { code: "NOT_FOUND", message: "no such pet; too bad", classes: RUNTIME },
  });
  assert.deepEqual(answered({ errors: [{}] }, 400), {
    status: "failed",
    error: { code: "graphql", message: "an error without a message", classes: RUNTIME },
  });
  assert.deepEqual(answered("teapot", 418), { status: "completed", output: "teapot", http: http(418) });
  assert.deepEqual(answered("<html>"), {
    status: "failed",
    error: {
      code: "response",
      message: 'expected a response of GraphQL with "data" and its "pet", found another one',
      classes: RUNTIME,
    },
  });
});

const PEOPLE: ODataEntitySet = { kind: "odata", url: "http://svc/v4/", entitySet: "People" };

function odata(args: Json): string {
  const { method, base, path, query } = odataRequest({ ...PEOPLE, name: "f", metadata: {} }, args);
  return `${method} ${base}${path}?${query.join("&")}`;
}

test("an entity set of OData is asked for with the options of its query", () => {
  const queryOptions = {
    filter: "Age gt 18 and City eq 'A&B'",
    orderBy: "Name desc",
    top: 5,
    count: true,
    schemaVersion: "2",
  };
  assert.equal(
    odata({ queryOptions }),
    "GET http://svc/v4/People?$filter=Age%20gt%2018%20and%20City%20eq%20'A%26B'&$orderby=Name%20desc&$top=5&$count=true&$schemaversion=2",
  );
  assert.equal(odata({}), "GET http://svc/v4/People?");
  assert.equal(
    odata({ key: "o'neil", queryOptions: { select: "Name" } }),
    "GET http://svc/v4/People('o''neil')?$select=Name",
  );
  assert.equal(odata({ key: 7 }), "GET http://svc/v4/People(7)?");
  assert.equal(odata({ key: "7" }), "GET http://svc/v4/People(7)?");
  assert.equal(odata({ key: "a=1,b='x'" }), "GET http://svc/v4/People(a%3D1%2Cb%3D'x')?");
});

test("an option that OData does not have is refused, with those that it has", () => {
  assert.throws(
    () => odata({ queryOptions: { fliter: "x" } }),
    /OData queryOptions: expected filter, expand, .*, found "fliter"/,
  );
  assert.throws(() => odata({ filter: "x" }), {
    message: 'OData arguments: expected key, queryOptions, found "filter"',
  });
  assert.throws(() => odata({ queryOptions: "x" }), {
    message: "queryOptions: expected an object, found another value",
  });
});

test("the entities are the result of OData, without what surrounds them unless their count was asked for", () => {
  const answer = (output: Json): ActionOutcome => ({ status: "completed", output, http: http(200) });
  const many = { "@odata.context": "x", "@odata.count": 2, value: [{ Name: "A" }] };
  assert.deepEqual(odataOutcome({}, answer(many)), answer(many.value));
  assert.deepEqual(odataOutcome({ queryOptions: { count: true } }, answer(many)), answer(many));
  assert.deepEqual(odataOutcome({ key: 1 }, answer({ Name: "A" })), answer({ Name: "A" }));
});

const PRICES: KnativeService = {
  kind: "knative",
  service: "prices",
  path: "/quote",
  method: "POST",
  asCloudEvent: false,
};

function knative(args: Json, service: Partial<KnativeService> = {}, properties: Readonly<Record<string, string>> = {}) {
  const called = { ...PRICES, ...service, name: "f", metadata: {} };
  return knativeRequest(definitionOf({ f: called }, properties), called, "i-1", requested("1.a", "f", args));
}

test("a Knative service is where Kubernetes has it, unless the properties say otherwise", () => {
  const base = (service: Partial<KnativeService>, properties = {}) => knative({}, service, properties).base;
  assert.equal(base({ namespace: "shop" }), "http://prices.shop.svc.cluster.local");
  assert.equal(base({}), "http://prices.default.svc.cluster.local");
  assert.equal(base({}, { "antiphon.knative.namespace": "shop" }), "http://prices.shop.svc.cluster.local");
  assert.equal(base({}, { "antiphon.knative.prices.url": "http://localhost:1/" }), "http://localhost:1");
  assert.equal(
    base(
      {},
      {
        "kogito.sw.functions.f.host": "here",
        "kogito.sw.functions.f.port": "81",
        "kogito.sw.functions.f.protocol": "https",
      },
    ),
    "https://here:81",
  );
});

test("arguments of a Knative service are the body of a POST, and the query of a GET", () => {
  const base = "http://prices.default.svc.cluster.local";
  const path = "/quote";
  assert.deepEqual(knative({ sku: 1 }), {
    method: "POST",
    base,
    path,
    query: [],
    headers: [],
    body: jsonBody({ sku: 1 }),
  });
  assert.deepEqual(knative({ sku: "a b", n: null, many: [1, 2] }, { method: "GET" }), {
    method: "GET",
    base,
    path,
    query: ["sku=a%20b", "many=1", "many=2"],
    headers: [],
  });
});

test("arguments that are a CloudEvent are sent as one, with an id that is the same at every attempt", () => {
  const event = { specversion: "1.0", source: "/shop", type: "quote", data: { sku: 1 } };
  const bodyOf = (args: Json) => knative(args, { asCloudEvent: true }).body;
  const structured = (body: Json) => jsonBody(body, "application/cloudevents+json; charset=UTF-8");
  assert.deepEqual(bodyOf(event), structured({ id: "i-1_1.a", ...event }));
  assert.deepEqual(bodyOf({ ...event, id: "own" }), structured({ id: "own", ...event }));
  assert.throws(() => knative({ data: {} }, { asCloudEvent: true }), {
    message:
      'arguments of a Knative service: CloudEvent attribute "specversion": expected "1.0" or "0.3", found nothing',
  });
});
