import assert from "node:assert/strict";
import { test } from "node:test";
import type { FunctionDefinition } from "@antiphon/definition";
import * as make from "../testing/build.ts";
import { given } from "../testing/index.ts";

const send: FunctionDefinition = { kind: "asyncapi", name: "send", direction: "send", channel: "orders", metadata: {} };
const receive: FunctionDefinition = { ...send, name: "receive", direction: "receive", channel: "answers" };

test("an operation that sends publishes the arguments as an event of its channel's name", () => {
  const work = make.workflowOf([make.operation("work", [make.call("a", send, { arguments: { id: ".n" } })])]);
  const { events } = given(work).when(make.start({ n: 1 }));
  const produced = events.find(({ type }) => type === "EventProduced");
  assert.ok(produced?.type === "EventProduced");
  const { id, source, type, data } = produced.event;
  assert.deepEqual(
    { topic: produced.topic, id, source, type, data },
    { topic: "orders", id: "i-1-1.a", source: "/process/onboarding", type: "orders", data: { id: 1 } },
  );
  assert.equal(events.at(-1)?.type, "InstanceCompleted");
});

test("without arguments an operation that sends publishes the data, to the channel that SonataFlow names with _out", () => {
  const properties = { "mp.messaging.outgoing.orders_out.topic": "shop.orders" };
  const work = make.workflowOf([make.operation("work", [make.call("a", send)])], { properties });
  const { events } = given(work).when(make.start({ n: 1 }));
  const produced = events.find(({ type }) => type === "EventProduced");
  assert.ok(produced?.type === "EventProduced");
  assert.deepEqual([produced.topic, produced.event.type, produced.event.data], ["shop.orders", "orders_out", { n: 1 }]);
});

const waiting = make.workflowOf([make.operation("work", [make.call("a", receive)])]);

test("an operation that receives waits within the action, and the event's data is its result", () => {
  const first = given(waiting).when(make.start({ n: 1 }));
  assert.deepEqual(first.events.slice(-2), [
    { type: "EventAwaited", wait: "1.a.result", events: [{ name: "answers", eventType: "answers" }] },
    { type: "TokenMoved", step: "a.call" },
  ]);
  const event = make.cloudEvent("answers", "e-1", { answer: 42 });
  const last = first.and.when(make.deliver(event)).instance;
  assert.deepEqual(last.status === "completed" && last.data, { n: 1, answer: 42 });
});

test("an event that comes before the action that receives it is kept for it", () => {
  const service = make.http("service");
  const work = make.workflowOf([make.operation("work", [make.call("first", service), make.call("a", receive)])]);
  const event = make.cloudEvent("answers", "e-1", { answer: 42 });
  const early = given(work).when(make.start()).and.when(make.deliver(event));
  assert.equal(early.events.at(-1)?.type, "EventBuffered");
  const last = early.and.when(make.answer("1.first", {})).instance;
  assert.deepEqual(last.status === "completed" && last.data, { answer: 42 });
});

test("a service whose arguments have a form of their own gets none instead of the data", () => {
  const called: FunctionDefinition = { kind: "odata", name: "f", url: "http://svc", entitySet: "People", metadata: {} };
  const { events } = given(make.workflowOf([make.operation("work", [make.call("a", called)])])).when(
    make.start({ n: 1 }),
  );
  assert.deepEqual(events.at(-2), {
    type: "ActionRequested",
    action: "1.a",
    function: "f",
    definition: make.HASH,
    arguments: {},
  });
});
