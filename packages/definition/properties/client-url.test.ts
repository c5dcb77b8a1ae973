import assert from "node:assert/strict";
import { test } from "node:test";
import type { Definition, OpenApiOperation } from "../model.ts";
import { definitionIn } from "../testing/read-text.ts";
import { baseUrlOf } from "./client-url.ts";

const DOCUMENT = `
openapi: 3.0.3
info: { title: Order Service }
servers: [{ url: "https://{host}/api/", variables: { host: { default: orders.example } } }]
paths: { /orders: { post: { operationId: create } } }`;

function callTo(properties: string, document = DOCUMENT): string {
  const path = "specs/order-service.yaml";
  const definition = definitionIn(
    `id: shop\nstart: s\nfunctions: [{ name: createOrder, operation: "${path}#create" }]\nstates: [{ name: s, type: inject, data: {}, end: true }]`,
    { files: { [path]: document, "application.properties": properties } },
  );
  return baseUrlOf(definition, operationOf(definition));
}

function operationOf(definition: Definition): OpenApiOperation {
  const called = definition.functions.createOrder;
  if (called?.kind !== "openapi") throw new Error("expected an OpenAPI function");
  return called.operation;
}

test("a service is where its client's configuration says, by the strategy for keys", () => {
  assert.equal(callTo("quarkus.rest-client.order_service_yaml.url=http://file/"), "http://file");
  assert.equal(callTo("quarkus.rest-client.order-service_yaml.url=http://hyphen"), "http://hyphen");
  assert.equal(callTo('quarkus.rest-client."order-service.yaml".url=http://quoted'), "http://quoted");
  const strategy = (name: string, key: string) =>
    callTo(
      `kogito.sw.operationIdStrategy=${name}\nquarkus.rest-client.${key}.url=http://${name}\nquarkus.rest-client.order_service_yaml.url=http://file`,
    );
  assert.equal(strategy("FILE_NAME", "other"), "http://file");
  assert.equal(strategy("FULL_URI", "specs_order_service_yaml"), "http://FULL_URI");
  assert.equal(strategy("FUNCTION_NAME", "shop_createOrder"), "http://FUNCTION_NAME");
  assert.equal(strategy("SPEC_TITLE", "Order_Service"), "http://SPEC_TITLE");
});

test("else a service is where its document says, else on the local port 8080", () => {
  assert.equal(callTo(""), "https://orders.example/api");
  const without = (servers: string) => callTo("", DOCUMENT.replace(/^servers:.*$/m, servers));
  assert.equal(without(""), "http://localhost:8080");
  assert.equal(without("servers: [{ url: /api }]"), "http://localhost:8080/api");
});
