import assert from "node:assert/strict";
import { test } from "node:test";
import type { Produce } from "@antiphon/definition";
import * as make from "../testing/build.ts";
import { given } from "../testing/index.ts";

const ordered = make.consumed("ordered", { kind: "produced" });
const produce: Produce = { event: ordered, contextAttributes: {} };
const context = {
  source: "/process/onboarding",
  time: "2026-01-01T00:00:00.000Z",
  kogitoprocinstanceid: "i-1",
  kogitoprocid: "onboarding",
  kogitoprocversion: "1.0",
  kogitoproctype: "SW",
  kogitoprocist: "Active",
  antiphoninstance: "i-1",
};

test("an action publishes an event with the whole data, and the state goes on at once", () => {
  const event = make.cloudEvent("ordered", "i-1-1.publish", { n: 1 }, context);
  given(make.workflowOf([make.operation("order", [make.publish("publish", produce)])]))
    .when(make.start({ n: 1 }))
    .then(
      make.started({ n: 1 }),
      { type: "StateEntered", state: "order", visit: 1 },
      { type: "EventProduced", topic: "ordered", event },
      { type: "StateLeft", state: "order", visit: 1 },
      { type: "InstanceCompleted" },
    );
});

test("the topic is the one that the properties name for the type", () => {
  const properties = {
    "mp.messaging.outgoing.ordered.connector": "kafka",
    "mp.messaging.outgoing.ordered.topic": "orders",
  };
  const definition = make.workflowOf([make.operation("order", [make.publish("publish", produce)])], { properties });
  const { events } = given(definition).when(make.start());
  assert.deepEqual(events[2], { ...events[2], type: "EventProduced", topic: "orders", channel: "ordered" });
});

test("an event whose channel is over HTTP says where it goes, and how it is written", () => {
  const properties = {
    "mp.messaging.outgoing.ordered.connector": "quarkus-http",
    "mp.messaging.outgoing.ordered.url": "http://orders.test/in",
    "kogito.addon.messaging.outgoing.cloudEventMode": "structured",
  };
  const definition = make.workflowOf([make.operation("order", [make.publish("publish", produce)])], { properties });
  const { events } = given(definition).when(make.start());
  assert.deepEqual(events[2], {
    ...events[2],
    type: "EventProduced",
    topic: "ordered",
    channel: "ordered",
    sink: "http://orders.test/in",
    mode: "structured",
  });
});

test("an instance that another one has started tells of its parent and of the root", () => {
  const parent = { instance: "p-1", action: "1.child", root: { instance: "r-1", workflow: "family" } };
  const definition = make.workflowOf([make.operation("order", [make.publish("publish", produce)])]);
  const { events } = given(definition).when(make.start({}, { parent }));
  const extensions = {
    ...context,
    kogitoparentprociid: "p-1",
    kogitorootprociid: "r-1",
    kogitorootprocid: "family",
  };
  assert.deepEqual(events[2], {
    type: "EventProduced",
    topic: "ordered",
    event: make.cloudEvent("ordered", "i-1-1.publish", {}, extensions),
  });
});

test("data may be an expression or an object with expressions, over what fromStateData chose", () => {
  const publish = (data: Produce["data"] & {}, fromStateData = ".") => {
    const action = make.publish("publish", { ...produce, data }, { fromStateData, useResults: false });
    const event = given(make.workflowOf([make.operation("order", [action])])).when(make.start({ a: { b: 1 } }))
      .events[2];
    return event?.type === "EventProduced" ? event.event.data : undefined;
  };
  assert.deepEqual(publish(".a"), { b: 1 });
  assert.deepEqual(publish({ x: "${ .a.b }", y: "no expression" }), { x: 1, y: "no expression" });
  assert.deepEqual(publish("{c: .b}", ".a"), { c: 1 });
});

test("context attributes override the others; business key, reference and correlation values travel along", () => {
  const keyed = make.consumed("paid", { correlation: [{ name: "orderid" }] });
  const event = { ...produce, contextAttributes: { kogitoprocrefid: ".parent", region: "eu" } };
  const definition = make.workflowOf([
    make.operation("order", [make.publish("publish", event)], { next: make.to("pay") }),
    make.callback("pay", keyed),
  ]);
  const { events } = given(definition).when(
    make.start({ parent: "p-1", orderid: 17 }, { businessKey: "b-1", headers: { "x-kogito-referenceid": "r-1" } }),
  );
  const extensions = { ...context, kogitoprocrefid: "p-1", kogitobusinesskey: "b-1", orderid: "17", region: "eu" };
  assert.deepEqual(events[2], {
    type: "EventProduced",
    topic: "ordered",
    event: make.cloudEvent("ordered", "i-1-1.publish", { parent: "p-1", orderid: 17 }, extensions),
  });
});

test("events of a transition and of an end go out in their order before the next state", () => {
  const second: Produce = { event: make.consumed("second"), data: { n: 2 }, contextAttributes: {} };
  const definition = make.workflowOf([
    make.inject("a", {}, { next: make.to("b", produce, second) }),
    make.inject("b", {}, { next: { kind: "end", terminate: true, produce: [second] } }),
  ]);
  const { events } = given(definition).when(make.start({ n: 1 }));
  const ended = { ...context, kogitoprocist: "Completed" };
  assert.deepEqual(events.slice(2), [
    { type: "StateLeft", state: "a", visit: 1 },
    { type: "EventProduced", topic: "ordered", event: make.cloudEvent("ordered", "i-1-1/0", { n: 1 }, context) },
    { type: "EventProduced", topic: "second", event: make.cloudEvent("second", "i-1-1/1", { n: 2 }, context) },
    { type: "StateEntered", state: "b", visit: 2 },
    { type: "StateLeft", state: "b", visit: 2 },
    { type: "EventProduced", topic: "second", event: make.cloudEvent("second", "i-1-2/0", { n: 2 }, ended) },
    { type: "InstanceCompleted" },
  ]);
});
