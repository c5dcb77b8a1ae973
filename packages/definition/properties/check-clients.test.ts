import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems, readDefinition } from "../index.ts";

const FUNCTIONS = `- { name: order, operation: "specs/order-desk.yaml#placeOrder" }`;

function notes({ servers = "", properties = "", functions = FUNCTIONS }): readonly string[] {
  const workflow = `id: w\nstart: s\nfunctions:\n  ${functions}
states: [{ name: s, type: operation, actions: [{ functionRef: order }], end: true }]`;
  const document = `openapi: 3.0.3\n${servers}\npaths: { /orders: { post: { operationId: placeOrder } } }`;
  const files = { "w.sw.yaml": workflow, "specs/order-desk.yaml": document, "application.properties": properties };
  const read = readDefinition({ path: "w.sw.yaml", files }, {});
  if (read.definition === undefined) assert.fail(formatProblems(read.problems));
  return read.notes.length === 0 ? [] : formatProblems(read.notes).split("\n");
}

test("a service that neither the configuration nor its document has a place for is told of", () => {
  const expected = `a URL, as property "quarkus.rest-client.order_desk_yaml.url" or among the servers of specs/order-desk.yaml`;
  const note = (url: string) => [`w.sw.yaml:4:5 /functions/0: expected ${expected}, found none: ${url} is asked`];
  assert.deepEqual(notes({}), note("http://localhost:8080"));
  assert.deepEqual(notes({ servers: "servers: [{ url: /api }]" }), note("http://localhost:8080/api"));
  assert.deepEqual(
    notes({ properties: "quarkus.rest-client.orderdesk_yaml.url=http://orders" }),
    note("http://localhost:8080"),
  );
});

test("one that has a place, or that the data chooses, is not", () => {
  assert.deepEqual(notes({ servers: 'servers: [{ url: "https://orders" }]' }), []);
  assert.deepEqual(notes({ properties: "quarkus.rest-client.order_desk_yaml.url=http://orders" }), []);
  assert.deepEqual(notes({ properties: 'quarkus.rest-client."order-desk_yaml".url=http://orders' }), []);
  const chosen = `- { name: order, operation: "specs/order-desk.yaml#placeOrder", metadata: { configKey: .cluster } }`;
  assert.deepEqual(notes({ functions: chosen }), []);
});
