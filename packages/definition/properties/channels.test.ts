import assert from "node:assert/strict";
import { test } from "node:test";
import type { Definition, OpenApiOperation } from "../model.ts";
import { definitionIn } from "../testing/read-text.ts";
import { baseUrlOf, topicOf } from "./channels.ts";
import { readProperties } from "./properties.ts";

function topic(properties: string, direction: "incoming" | "outgoing" = "incoming", type = "order.paid"): string {
  return topicOf({ properties: readProperties(properties, {}) }, type, direction);
}

test("without configuration the topic is the event's type", () => {
  assert.equal(topic(""), "order.paid");
  assert.equal(topic("mp.messaging.incoming.order.paid.late.topic=other"), "order.paid");
});

test("a channel named like the type wins over an assigned one, and that over the common one", () => {
  const common = "mp.messaging.incoming.kogito_incoming_stream.topic=all\n";
  const assigned = `${common}kogito.addon.messaging.incoming.trigger.order.paid=money\n`;
  assert.equal(topic(common), "all");
  assert.equal(topic(assigned), "money");
  assert.equal(topic(`${assigned}mp.messaging.incoming.money.topic=payments`), "payments");
  assert.equal(topic(`${assigned}mp.messaging.incoming.order.paid.connector=smallrye-kafka`), "order.paid");
  assert.equal(topic(`${assigned}mp.messaging.incoming."order.paid".topic=quoted`), "quoted");
});

test("a renamed common channel without a topic gives its name", () => {
  const renamed = "kogito.addon.messaging.outgoing.defaultName=bus\nmp.messaging.outgoing.bus.connector=smallrye-kafka";
  assert.equal(topic(renamed, "outgoing"), "bus");
  assert.equal(topic(renamed, "incoming"), "order.paid");
});

test("a channel over HTTP has no topic, so the event's type stands in", () => {
  const common = "mp.messaging.incoming.kogito_incoming_stream.connector=quarkus-http\n";
  assert.equal(topic(common), "order.paid");
  assert.equal(topic(`${common}mp.messaging.incoming.order.paid.topic=payments`), "payments");
});

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
