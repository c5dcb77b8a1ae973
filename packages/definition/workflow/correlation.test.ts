import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems, readDefinition } from "../index.ts";

function read(event: object, more: object = {}) {
  const states = [{ name: "Wait", type: "event", onEvents: [{ eventRefs: ["paid"], actions: [] }], end: true }];
  const events = [{ name: "paid", type: "paid", ...event }];
  const files = { "w.sw.json": JSON.stringify({ id: "w", start: "Wait", events, states, ...more }) };
  return readDefinition({ path: "w.sw.json", files }, {});
}

const correlation = [{ contextAttributeName: "orderId" }, { contextAttributeName: "customer" }];

test("metadata of an event may say where in it the value of a correlation attribute stands", () => {
  const { definition, problems } = read({ correlation, metadata: { correlation: { orderId: "${ .data.order.id }" } } });
  assert.equal(formatProblems(problems), "");
  assert.deepEqual(definition?.events.paid?.correlation, [
    { name: "orderid", from: "${ .data.order.id }" },
    { name: "customer" },
  ]);
});

test("what it says must be for an attribute that there is, and an expression over the event alone", () => {
  const told = (values: unknown) =>
    read({ correlation, metadata: { correlation: values } }).problems.map(({ expected, found }) => [expected, found]);
  assert.deepEqual(told({ orderidd: ".id" }), [["the name of a correlation attribute", '"orderidd"']]);
  assert.deepEqual(told({ orderid: 17 }), [["an expression over the event", "17"]]);
  assert.deepEqual(told({ orderid: [".id"] }), [["an expression over the event", "an array"]]);
  const [[, syntax] = []] = told({ orderid: "${ .data. }" });
  assert.match(`${syntax}`, /^"\$\{ \.data\. \}": /);
  const [[, variable] = []] = told({ orderid: "${ $WORKFLOW.instanceId }" });
  assert.match(`${variable}`, /\$WORKFLOW/);
  assert.deepEqual(told("orderid"), [["an object of expressions by attribute", '"orderid"']]);
});
