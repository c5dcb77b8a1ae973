import assert from "node:assert/strict";
import { test } from "node:test";
import type { FunctionDefinition } from "@antiphon/definition";
import type { ActionRequested, Json } from "@antiphon/protocol";
import * as make from "../testing/build.ts";
import { given } from "../testing/index.ts";

const AUTH = "quarkus.openapi-generator.shop_yaml.auth";

function operation(metadata: FunctionDefinition["metadata"] = {}): FunctionDefinition {
  const names = ["simple", "named", "exchanged", "plain"];
  const operation = {
    document: "specs/shop.yaml",
    operationId: "order",
    method: "POST",
    path: "/orders",
    parameters: [{ name: "id", in: "query", required: false, style: "form", explode: true } as const],
    body: { mediaType: "application/json" },
    security: names.map((name) => [{ name, scheme: { type: "bearer" }, scopes: [] } as const]),
    callbacks: [],
  };
  return { kind: "openapi", name: "order", operation, metadata };
}

/** The request that an instance makes which was started with these headers. */
function requestOf(
  called: FunctionDefinition,
  {
    data = {},
    headers = {},
    properties = {},
  }: {
    readonly data?: Json;
    readonly headers?: Readonly<Record<string, string>>;
    readonly properties?: Readonly<Record<string, string>>;
  },
): ActionRequested {
  const action = make.call("order", called, { arguments: {} });
  const definition = make.workflowOf([make.operation("ask", [action])], { properties });
  const { events } = given(definition).when(make.start(data, { headers }));
  const fact = events.find(({ type }) => type === "ActionRequested");
  if (fact?.type !== "ActionRequested") throw new Error("expected a request");
  return fact;
}

test("the headers whose tokens a call passes on are those that the configuration names, and no others", () => {
  const properties = {
    [`${AUTH}.simple.token-propagation`]: "true",
    [`${AUTH}.named.token-propagation`]: "true",
    [`${AUTH}.named.header-name`]: "X-Authorization-Simple",
    "sonataflow.security.auth.exchanged.token-exchange.enabled": "true",
    [`${AUTH}.exchanged.header-name`]: "X-Missing",
    [`${AUTH}.plain.header-name`]: "X-Other",
  };
  const headers = { authorization: "Bearer a", "x-authorization-simple": "b", "x-other": "c" };
  assert.deepEqual(requestOf(operation(), { headers, properties }).tokens, {
    authorization: "Bearer a",
    "x-authorization-simple": "b",
  });
  assert.equal(requestOf(operation(), { headers }).tokens, undefined);
});

test("an event brings a token in the attribute that has the letters and digits of the header", () => {
  const properties = {
    [`${AUTH}.named.token-propagation`]: "true",
    [`${AUTH}.named.header-name`]: "X-Authorization-Simple",
  };
  const headers = { type: "order", xauthorizationsimple: "b" };
  assert.deepEqual(requestOf(operation(), { headers, properties }).tokens, { "x-authorization-simple": "b" });
});

test("one of several services is chosen by an expression over the data", () => {
  const called = operation({ configKey: "${ .cluster }" });
  assert.equal(requestOf(called, { data: { cluster: "eu" } }).service, "eu");
  assert.equal(requestOf(called, { data: {} }).service, "");
  assert.equal(requestOf(operation({ configKey: "cluster1" }), {}).service, "cluster1");
  assert.equal(requestOf(operation(), {}).service, undefined);
});

test("a service is told that nobody gave arguments, so that the data is the body", () => {
  const requestWith = (more: { readonly arguments?: Json }) => {
    const action = make.call("order", operation(), more);
    const { events } = given(make.workflowOf([make.operation("ask", [action])])).when(make.start({ id: 1 }));
    return events.find(({ type }) => type === "ActionRequested");
  };
  const request = { type: "ActionRequested", action: "1.order", function: "order", definition: make.HASH } as const;
  assert.deepEqual(requestWith({}), { ...request, arguments: { id: 1 }, asBody: true });
  assert.deepEqual(requestWith({ arguments: { id: ".id" } }), { ...request, arguments: { id: 1 } });
});
