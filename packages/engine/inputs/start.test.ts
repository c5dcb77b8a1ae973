import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, compile, decide } from "../index.ts";
import * as make from "../testing/build.ts";
import { environmentAt, given, NOW_MS } from "../testing/index.ts";

const approved = make.consumed("approved");

test("expressions name what an instance was started with beside its data", () => {
  const state = make.inject("a", {}, { output: "{sum: (.n + $more)}" });
  const { instance, events } = given(make.workflowOf([state])).when(make.start({ n: 1 }, { variables: { more: 2 } }));
  assert.deepEqual(events[0], make.started({ n: 1 }, { variables: { more: 2 } }));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { sum: 3 }]);
});

test("an instance may start in another state than its definition's", () => {
  const definition = make.workflowOf([make.inject("a", { a: 1 }), make.inject("b", { b: 1 })]);
  const { instance, events } = given(definition).when(make.start({}, { startFrom: "b" }));
  assert.deepEqual(events[0], make.started({}, { startFrom: "b" }));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { b: 1 }]);
});

test("the event that starts an instance may say so as well, and that state waits for events of its own", () => {
  const definition = make.workflowOf([
    make.eventState("listen", [make.on([approved])]),
    make.eventState("again", [make.on([approved])]),
  ]);
  const event = make.cloudEvent("approved", "e-1", { n: 1 }, { kogitoprocstartfrom: "again" });
  const started = given(definition).when(make.start({}, { event: { name: "approved", event } }));
  assert.deepEqual(started.events.slice(1), [
    { type: "StateEntered", state: "again", visit: 1 },
    { type: "EventAwaited", wait: "1.event", events: [{ name: "approved", eventType: "approved" }] },
    { type: "TokenMoved", step: "turn 0" },
  ]);
  const { instance } = started.and.when(make.deliver(make.cloudEvent("approved", "e-2", { m: 2 })));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 1, m: 2 }]);
});

test("a state that is not there, or that undoes things, is none to start in", () => {
  const undo = make.inject("undo", {}, { usedForCompensation: true, next: { kind: "return", produce: [] } });
  const workflow = compile(make.workflowOf([make.inject("a", {}), undo]));
  for (const startFrom of ["nowhere", "undo"]) {
    assert.throws(
      () => decide(workflow, absent, make.start({}, { startFrom }), environmentAt(NOW_MS)),
      new RegExp(`expected the name of a state of workflow "onboarding", found "${startFrom}" to start from`),
    );
  }
});

test("who started it is told to everybody whom it tells something", () => {
  const ask = make.operation("ask", [make.call("a", make.http("service"))]);
  const { events } = given(make.workflowOf([ask])).when(make.start({}, { referenceId: "r-1", businessKey: "b" }));
  assert.deepEqual(
    events[2],
    make.requested("1.a", {}, { context: { kogitoprocrefid: "r-1", kogitobusinesskey: "b" } }),
  );
});
