import assert from "node:assert/strict";
import { test } from "node:test";
import { type CloudEvent, correlationKey, type InstanceEvent, type Json } from "@antiphon/protocol";
import * as make from "../testing/build.ts";
import { given } from "../testing/index.ts";

const orderid = { name: "orderid", from: "${ .data.order.id }" };
const ordered = make.consumed("ordered", { correlation: [orderid] });
const paid = make.consumed("paid", { correlation: [{ name: "orderid" }] });
const shipped = make.consumed("shipped", { correlation: [orderid] });

function keysIn(events: readonly InstanceEvent[]): readonly (string | undefined)[] {
  return events.flatMap((event) => (event.type === "EventAwaited" ? event.events.map(({ key }) => key) : []));
}

function typesIn(events: readonly InstanceEvent[]): readonly string[] {
  return events.map(({ type }) => type);
}

function startedBy(event: CloudEvent) {
  const begin = make.eventState("begin", [make.on([ordered])], { next: make.to("wait") });
  const definition = make.workflowOf([begin, make.callback("wait", paid)]);
  const { data: _, ...attributes } = event;
  const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));
  return given(definition).when(make.start({}, { headers, event: { name: "ordered", event } }));
}

test("an instance that an event starts knows the values that its definition reads from the event", () => {
  const event = make.cloudEvent("ordered", "e-1", { order: { id: 17 } });
  assert.deepEqual(keysIn(startedBy(event).events), [correlationKey("", "paid", { orderid: "17" })]);
});

test("an attribute of that name does not count where an expression says where the value is", () => {
  const event = make.cloudEvent("ordered", "e-1", {}, { orderid: "18" });
  const { instance } = startedBy(event);
  assert.equal(instance.status === "faulted" && instance.error.code, "correlation");
});

test("an event that was found by its instance's id is refused if its value is another than the wait's", () => {
  const started = given(make.workflowOf([make.callback("wait", shipped)])).when(make.start({ orderid: "17" }));
  const told = (data: Json) => started.and.when(make.deliver(make.cloudEvent("shipped", "e-1", data))).events;
  assert.deepEqual(typesIn(told({ order: { id: 18 } })), ["EventIgnored"]);
  const [ignored] = told({ order: { id: 18 } });
  assert.equal(
    ignored?.type === "EventIgnored" && ignored.reason,
    'wait 1.event: correlation attribute "orderid": expected "17", found "18"',
  );
  assert.equal(told({ order: { id: 17 } })[0]?.type, "EventReceived");
  assert.equal(told({ order: {} })[0]?.type, "EventReceived", "what is lacking contradicts nothing");
});

test("a value that an event brought is known from then on", () => {
  const first = make.callback("first", make.consumed("ordered", { correlation: [{ ...orderid, value: "17" }] }), {
    next: make.to("wait"),
  });
  const event = make.cloudEvent("ordered", "e-1", { order: { id: "17" } });
  const { events } = given(make.workflowOf([first, make.callback("wait", paid)]))
    .when(make.start())
    .and.when(
      make.deliver(event, { by: "key", wait: "1.event", key: `${correlationKey("", "ordered", { orderid: "17" })}` }),
    );
  assert.deepEqual(events[0]?.type === "EventReceived" && events[0].correlation, { orderid: "17" });
  assert.deepEqual(keysIn(events), [correlationKey("", "paid", { orderid: "17" })]);
});

test("a value by the name of what every object inherits is nobody's", () => {
  const odd = make.consumed("paid", { correlation: [{ name: "constructor" }] });
  const { instance } = given(make.workflowOf([make.callback("wait", odd)])).when(make.start());
  assert.equal(instance.status === "faulted" && instance.error.code, "correlation");
});
