import assert from "node:assert/strict";
import { test } from "node:test";
import { correlationKey, type Json, parseJson } from "@antiphon/protocol";
import { route } from "./index.ts";
import { deployed, event, ids, keysIn, reasonIn, waitingFor } from "./testing/node/deployed.ts";

const correlation = [{ contextAttributeName: "orderid" }];
const byData = (expression: string) => ({
  type: "paid",
  correlation,
  metadata: { correlation: { orderid: expression } },
});
const ORDER = byData("${ .data.order.id }");

function keysOf(data: Json, awaited = ORDER): readonly string[] {
  return keysIn(route(event("paid", { data }), deployed(waitingFor("w", awaited)), ids));
}

test("a correlation value may stand anywhere in the event, where the definition says by an expression", () => {
  assert.deepEqual(keysOf({ order: { id: "17" } }), [correlationKey("", "paid", { orderid: "17" })]);
});

test("a number is a value in the digits that it was sent with, and a boolean by its word", () => {
  for (const [written, value] of [
    ["17", "17"],
    ["12345678901234567890", "12345678901234567890"],
    ["17.0", "17.0"],
    ["false", "false"],
  ] as const) {
    assert.deepEqual(keysOf(parseJson(`{"order":{"id":${written}}}`)), [
      correlationKey("", "paid", { orderid: value }),
    ]);
  }
});

test("where there is an expression, the attribute of that name does not count", () => {
  const paid = event("paid", { orderid: "18", data: { order: { id: "17" } } });
  assert.deepEqual(keysIn(route(paid, deployed(waitingFor("w", ORDER)), ids)), [
    correlationKey("", "paid", { orderid: "17" }),
  ]);
  const without = event("paid", { orderid: "18", data: {} });
  assert.match(reasonIn(route(without, deployed(waitingFor("w", ORDER)), ids)), /yields null/);
});

test("an expression may be JSONPath, where the workflow's are", () => {
  const workflow = waitingFor("w", byData("$.data.order.id"), "", { expressionLang: "jsonpath" });
  const paid = event("paid", { data: { order: { id: "17" } } });
  assert.deepEqual(keysIn(route(paid, deployed(workflow), ids)), [correlationKey("", "paid", { orderid: "17" })]);
});

test("one key is made of attributes and expressions together", () => {
  const both = { ...ORDER, correlation: [...correlation, { contextAttributeName: "customer" }] };
  const paid = event("paid", { customer: "c", data: { order: { id: "17" } } });
  assert.deepEqual(keysIn(route(paid, deployed(waitingFor("w", both)), ids)), [
    correlationKey("", "paid", { orderid: "17", customer: "c" }),
  ]);
});

test("two workflows that read the value from different places are each offered the event under their own key", () => {
  const subscriptions = deployed(
    waitingFor("a", ORDER),
    waitingFor("b", byData("${ .data.number }")),
    waitingFor("c", ORDER),
  );
  assert.deepEqual(keysIn(route(event("paid", { data: { order: { id: "17" }, number: 4 } }), subscriptions, ids)), [
    correlationKey("", "paid", { orderid: "17" }),
    correlationKey("", "paid", { orderid: "4" }),
  ]);
});

for (const [what, data, why] of [
  ["nothing", {}, "${ .data.order.id } yields null for the event"],
  ["an empty text", { order: { id: "" } }, "yields an empty text for the event"],
  ["an object", { order: { id: {} } }, "yields an object for the event"],
  ["an array", { order: { id: [1] } }, "yields an array for the event"],
  ["an error", { order: 7 }, "${ .data.order.id } fails on the event: "],
] as const) {
  test(`an expression that yields ${what} is no value, and the dead letter says so`, () => {
    const reason = reasonIn(route(event("paid", { data }), deployed(waitingFor("w", ORDER)), ids));
    assert.ok(reason.startsWith('workflow "w" awaits "paid" by orderid, orderid: ${ .data.order.id } '), reason);
    assert.ok(reason.includes(why), reason);
  });
}

test("an expression that would never end is stopped, and is no value", () => {
  const endless = waitingFor("w", byData("${ [range(1e12)] | length }"));
  assert.match(reasonIn(route(event("paid"), deployed(endless), ids)), /fails on the event: .*100000/);
});

test("an attribute that is called as what every object has is read from the event", () => {
  const both = { ...ORDER, correlation: [...correlation, { contextAttributeName: "constructor" }] };
  const paid = event("paid", { constructor: "c", data: { order: { id: "17" } } });
  assert.deepEqual(keysIn(route(paid, deployed(waitingFor("w", both)), ids)), [
    correlationKey("", "paid", { orderid: "17", constructor: "c" } as Record<string, string>),
  ]);
});

test("what a workflow may use for an event is for all its attributes together, and another workflow has its own", () => {
  // A little more than half of what there is.
  const costly = "${ .data | if ([range(0; 10000)] | length) > 0 then .id else null end }";
  const by = (...names: readonly string[]) => ({
    type: "paid",
    correlation: names.map((contextAttributeName) => ({ contextAttributeName })),
    metadata: { correlation: Object.fromEntries(names.map((name) => [name, costly])) },
  });
  const greedy = waitingFor("greedy", by("a", "b", "c", "d", "e", "f", "g", "h"));
  const modest = waitingFor("modest", by("orderid"));
  const paid = event("paid", { data: { id: "17" } });
  assert.deepEqual(keysIn(route(paid, deployed(greedy, modest), ids)), [correlationKey("", "paid", { orderid: "17" })]);
  assert.match(reasonIn(route(paid, deployed(greedy), ids)), /steps of all runs 100000/);
});
