import assert from "node:assert/strict";
import { test } from "node:test";
import type { InstanceEvent, Json } from "@antiphon/protocol";
import * as make from "../testing/build.ts";
import { given } from "../testing/index.ts";

const ordered = make.consumed("ordered");
const publish = make.publish("say", { event: make.consumed("said", { kind: "produced" }), contextAttributes: {} });

function startedBy(attributes: Readonly<Record<string, Json>>, ...states: Parameters<typeof make.workflowOf>[0]) {
  const begin = make.eventState("begin", [make.on([ordered])], { next: make.to(states[0]?.name ?? "") });
  const event = make.cloudEvent("ordered", "e-1", {}, attributes);
  const command = make.start({}, { event: { name: "ordered", event } });
  return given(make.workflowOf([begin, ...states])).when(command);
}

function hopsIn(events: readonly InstanceEvent[]): readonly unknown[] {
  return events.flatMap((one) => (one.type === "EventProduced" ? [one.event.antiphonhops] : []));
}

test("what an instance publishes that an event started has come one hop further than that event", () => {
  const say = make.operation("say", [publish]);
  assert.deepEqual(hopsIn(startedBy({}, say).events), [1]);
  assert.deepEqual(hopsIn(startedBy({ antiphonhops: 7 }, say).events), [8]);
  assert.deepEqual(hopsIn(startedBy({ antiphonhops: "7" }, say).events), [8]);
});

test("what an instance publishes that a request started has come no hop", () => {
  const { events } = given(make.workflowOf([make.operation("say", [publish])])).when(make.start());
  assert.deepEqual(hopsIn(events), [undefined]);
});

test("a definition cannot set the count back", () => {
  const reset = make.publish("say", {
    event: make.consumed("said", { kind: "produced" }),
    contextAttributes: { antiphonhops: "0" },
  });
  assert.deepEqual(hopsIn(startedBy({ antiphonhops: 7 }, make.operation("say", [reset])).events), [8]);
});

test("the instances that one starts, and the one that it goes on as, have come as far", () => {
  const child = startedBy({ antiphonhops: 7 }, make.operation("ask", [make.subflow("sub", "other")]));
  assert.deepEqual(
    child.events.flatMap((one) => (one.type === "ChildRequested" ? [one.hops] : [])),
    [8],
  );
  const asChild = given(make.workflowOf([make.operation("say", [publish])])).when(make.start({}, { hops: 8 }));
  assert.deepEqual(hopsIn(asChild.events), [8]);
  const next = { ...make.END, continueAs: { workflow: "onboarding" } };
  const continued = startedBy({ antiphonhops: 7 }, make.inject("go", {}, { next }));
  assert.deepEqual(
    continued.events.flatMap((one) => (one.type === "InstanceContinued" ? [one.hops] : [])),
    [8],
  );
});
