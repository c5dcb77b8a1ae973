import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@antiphon/protocol";
import { compile, decide, dueMs, type FaultedInstance, isResting, startAnswer } from "../index.ts";
import * as make from "../testing/build.ts";
import { type Decided, environmentAt, fold, given, NOW_MS } from "../testing/index.ts";

const service = make.http("service");
const approved = make.consumed("approved");
const replace = (data: Record<string, Json>) => ({ type: "ReplaceData", instance: "i-1", data }) as const;
const types = ({ events }: Decided) => events.map(({ type }) => type);

/** How an instance of one state fares that has failed, once it is tried again, and once with other data. */
function repaired(failed: Decided, data: Record<string, Json>) {
  assert.equal(failed.instance.status, "faulted");
  assert.equal(isResting(failed.instance), true);
  const again = failed.and.when(make.retrigger);
  assert.equal(again.instance.status, "faulted");
  return failed.and.when(replace(data), make.retrigger);
}

test("an input filter that failed is applied when it is tried again", () => {
  const state = make.inject("a", { b: 2 }, { input: ".in | with_entries(.)" });
  const failed = given(make.workflowOf([state])).when(make.start({ in: 3 }));
  assert.deepEqual(types(failed), ["InstanceStarted", "StateEntered", "InstanceFaulted"]);
  const { instance } = repaired(failed, { in: { n: 1 } });
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 1, b: 2 }]);
});

test("an input filter that was applied is not applied again", () => {
  const action = make.call("a", service, { results: ".list | keys" });
  const state = make.operation("a", [action], { input: ".in" });
  const failed = given(make.workflowOf([state])).when(make.start({ in: { n: 1 } }), make.answer("1.a", { list: 3 }));
  assert.deepEqual(make.outcomeOf(failed.instance), ["faulted", { n: 1 }]);
  const again = failed.and.when(make.skip);
  assert.deepEqual(make.outcomeOf(again.instance), ["completed", { n: 1 }]);
});

test("an action that failed is asked for by a further attempt; the actions before it are not", () => {
  const state = make.operation("work", [make.call("a", service), make.call("b", service)]);
  const failed = given(make.workflowOf([state])).when(
    make.start({}),
    make.answer("1.a", { a: 1 }),
    make.failure("1.b", "500"),
  );
  const again = failed.and.when(make.retrigger);
  again.then({ type: "InstanceRetriggered" }, make.requested("1.b", { a: 1 }, { attempt: 2 }));
  const { instance } = again.and.when(make.answer("1.b", { old: 1 }), make.answer("1.b", { b: 2 }, undefined, 2));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { a: 1, b: 2 }]);
});

test("an action that failed is passed over", () => {
  const state = make.operation("work", [make.call("a", service), make.call("b", service)]);
  given(make.workflowOf([state]))
    .when(make.start({}), make.failure("1.a", "500"))
    .and.when(make.skip)
    .then({ type: "InstanceRetriggered", skip: true }, { type: "TokenMoved", step: "b.call" }, make.requested("1.b"));
});

test("an answer whose filter failed is not asked for again: the filter is applied to it anew", () => {
  const state = make.operation("work", [make.call("a", service, { results: ".x + $item" })]);
  const failed = given(make.workflowOf([state])).when(make.start({}), make.answer("1.a", { x: 1 }));
  assert.equal(failed.instance.status, "faulted");
  failed.and
    .when(make.retrigger)
    .and.when(make.skip)
    .then(
      { type: "InstanceRetriggered", skip: true },
      { type: "TokenMoved", step: "leave" },
      { type: "StateLeft", state: "work", visit: 1 },
      { type: "InstanceCompleted" },
    );
});

test("an output filter that failed is applied when it is tried again; the state's work is not done again", () => {
  const state = make.operation("work", [make.call("a", service)], { output: ".a | with_entries(.)" });
  const failed = given(make.workflowOf([state])).when(make.start({}), make.answer("1.a", { a: 1 }));
  assert.deepEqual(types(failed).slice(-4), ["ActionCompleted", "DataChanged", "TokenMoved", "InstanceFaulted"]);
  const mended = repaired(failed, { a: { b: 1 } });
  assert.deepEqual(mended.events, [
    { type: "DataChanged", data: { a: { b: 1 } } },
    { type: "InstanceRetriggered" },
    { type: "DataChanged", data: { b: 1 } },
    { type: "StateLeft", state: "work", visit: 1 },
    { type: "InstanceCompleted" },
  ]);
});

test("an error message at the end is looked at again, with the output filter applied once", () => {
  const state = make.inject("a", {}, { output: ".in", metadata: { errorMessage: "${ .problem }" } });
  const failed = given(make.workflowOf([state])).when(make.start({ in: { problem: "out of stock" } }));
  assert.deepEqual(make.outcomeOf(failed.instance), ["faulted", { in: { problem: "out of stock" } }]);
  const { instance } = repaired(failed, { in: { fine: true } });
  assert.deepEqual(make.outcomeOf(instance), ["completed", { fine: true }]);
});

test("a filter of an event's data is applied to the same event; passed over, the event leaves no data", () => {
  const filter = { useData: true, data: ".n | keys", toStateData: ".x" };
  for (const state of [
    make.callback("wait", approved, { eventFilter: filter }),
    make.eventState("wait", [make.on([approved], [], filter)]),
  ]) {
    const nap = make.sleep("nap", "PT0S", { next: make.to("wait") });
    const failed = given(make.workflowOf([nap, state])).when(
      make.start({ m: 1 }),
      make.reachTime,
      make.deliver(make.cloudEvent("approved", "e-1", { n: 1 })),
    );
    assert.equal(failed.instance.status, "faulted");
    assert.deepEqual(types(failed.and.when(make.retrigger)), ["InstanceRetriggered", "InstanceFaulted"]);
    assert.deepEqual(make.outcomeOf(failed.and.when(make.skip).instance), ["completed", { m: 1 }]);
  }
});

test("passing over one entry's filter performs that entry's actions, and no other's", () => {
  const paid = make.consumed("paid");
  const filter = { useData: true, data: ".n | keys" };
  const state = make.eventState("listen", [
    make.on([approved], [make.call("one", service)]),
    make.on([paid], [make.call("two", service)], filter),
  ]);
  const nap = make.sleep("nap", "PT0S", { next: make.to("listen") });
  const { events } = given(make.workflowOf([nap, state]))
    .when(make.start({}), make.reachTime, make.deliver(make.cloudEvent("paid", "e-1", { n: 1 })))
    .and.when(make.skip);
  assert.deepEqual(
    events.filter(({ type }) => type === "ActionRequested"),
    [make.requested("2.0.1.two")],
  );
});

test("a wait that its instance's failure closed is open again, and its time goes on", () => {
  const state = make.callback("wait", approved, { action: make.call("a", service), eventTimeout: "PT1M" });
  const failed = given(make.workflowOf([state])).when(make.start({}), make.failure("1.a", "500"));
  assert.deepEqual(types(failed).slice(-2), ["WaitClosed", "InstanceFaulted"]);
  const again = failed.and.at(NOW_MS + 5_000).when(make.skip);
  again.then(
    { type: "InstanceRetriggered", skip: true, pausedMs: 5_000 },
    { type: "EventAwaited", wait: "1.event", events: [{ name: "approved", eventType: "approved" }] },
    { type: "TokenMoved", step: "event" },
    { type: "TimerStarted", timer: "1.timeout", dueMs: NOW_MS + 65_000 },
  );
  const { instance } = again.and.when(make.deliver(make.cloudEvent("approved", "e-1", { ok: 1 })));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { ok: 1 }]);
});

test("timers stand still while an instance has failed, and have as long then as they had left", () => {
  const two = [make.call("a", service), make.call("nap", service, { sleepBefore: "PT1S" })];
  const definition = make.workflowOf([make.operation("work", two, { actionMode: "parallel" })]);
  const failed = given(definition).when(make.start({}), make.failure("1.actions[0].a", "500"));
  const late = failed.and.at(NOW_MS + 60_000);
  late.when(make.reachTime, { type: "FireTimer", instance: "i-1", timer: "1.actions[1].nap.before" }).then();
  const again = late.when(make.retrigger);
  again.and
    .at(NOW_MS + 60_999)
    .when(make.reachTime)
    .then();
  const due = again.and.at(NOW_MS + 61_000).when(make.reachTime);
  due.then({ type: "TimerFired", timer: "1.actions[1].nap.before" }, make.requested("1.actions[1].nap"), {
    type: "TokenMoved",
    step: "nap.call",
    branch: "1.actions[1]",
  });
});

test("the time of the workflow stands still as well, also where the clock was set back meanwhile", () => {
  const work = make.operation("work", [make.call("a", service)]);
  const definition = make.workflowOf([work], { timeout: { duration: "PT10S", interrupt: true } });
  const asked = given(definition).when(make.start({}));
  const failed = asked.and.at(NOW_MS + 9_000).when(make.failure("1.a", "500"));
  const again = failed.and.at(NOW_MS + 3_600_000).when(make.retrigger);
  assert.deepEqual(again.events[0], { type: "InstanceRetriggered", pausedMs: 3_591_000 });
  assert.deepEqual([dueMs(failed.instance), dueMs(again.instance)], [undefined, NOW_MS + 3_601_000]);
  const failedAgain = again.and.when(make.failure("1.a", "500", "no", [], 2));
  assert.equal(dueMs(failedAgain.and.at(NOW_MS).when(make.retrigger).instance), NOW_MS + 3_601_000);
});

test("timers that went on in an instance which an earlier release stored are due as they were", () => {
  const nap = [make.call("a", service), make.call("nap", service, { sleepBefore: "PT1S" })];
  const definition = make.workflowOf([make.operation("work", nap, { actionMode: "parallel" })]);
  const failed = given(definition).when(make.start({}), make.failure("1.actions[0].a", "500")).instance;
  const { failedMs: _, ...stored } = failed as FaultedInstance;
  const environment = environmentAt(NOW_MS + 60_000);
  const events = decide(compile(definition), stored, make.retrigger, environment);
  assert.deepEqual(events[0], { type: "InstanceRetriggered" });
  assert.equal(dueMs(fold(stored, events, environment.nowMs)), NOW_MS + 1_000);
});

test("an instance fails again where it is not repaired, and is repaired as often as one likes", () => {
  const state = make.operation("work", [make.call("a", service)]);
  let now = given(make.workflowOf([state])).when(make.start({}), make.failure("1.a", "500"));
  for (let attempt = 2; attempt < 5; attempt++) {
    now = now.and.when(make.retrigger);
    assert.deepEqual(now.events.at(-1), make.requested("1.a", {}, { attempt }));
    now = now.and.when(make.failure("1.a", "500", "no", [], attempt));
    assert.equal(now.instance.status, "faulted");
  }
});

test("an instance that has failed is given up by an abort, which closes what is open", () => {
  const two = [make.call("a", service), make.call("nap", service, { sleepBefore: "PT1S" })];
  const definition = make.workflowOf([make.operation("work", two, { actionMode: "parallel" })]);
  given(definition)
    .when(make.start({}), make.failure("1.actions[0].a", "500"))
    .and.when(make.abort)
    .then(
      { type: "TimerCancelled", timer: "1.actions[1].nap.before" },
      { type: "InstanceAborted", reason: "by request" },
    );
});

test("only an instance that has failed can be tried again", () => {
  const waiting = given(make.workflowOf([make.callback("wait", approved)])).when(make.start({}));
  waiting.and.when(make.retrigger, make.skip).then();
  waiting.and.when(make.abort).and.when(make.retrigger, make.skip).then();
});

test("the filter of the event that started it failed: the state begins with what the event brought, as it was repaired", () => {
  const filter = { useData: true, data: ".n | keys" };
  const listen = make.eventState("listen", [make.on([approved], [make.call("a", service)], filter)]);
  const event = make.cloudEvent("approved", "e-1", { n: 1 });
  const failed = given(make.workflowOf([listen])).when(make.start({}, { event: { name: "approved", event } }));
  assert.deepEqual(
    [types(failed), make.outcomeOf(failed.instance)],
    [
      ["InstanceStarted", "StateEntered", "InstanceFaulted"],
      ["faulted", { n: 1 }],
    ],
  );
  const { events } = failed.and.when(replace({ n: 2 }), make.retrigger);
  assert.deepEqual(events.slice(1), [
    { type: "InstanceRetriggered" },
    make.requested("1.0.0.a", { n: 2 }),
    { type: "TokenMoved", step: "0.0.a.call" },
  ]);
});

test("who asked for the start is answered by the failure, and not again", () => {
  const reply = { gateway: "g", request: "r" };
  const state = make.operation("work", [make.call("a", service)]);
  const asked = given(make.workflowOf([state])).when(make.start({}, { reply }));
  const failed = asked.and.when(make.failure("1.a", "500"));
  assert.deepEqual(startAnswer(asked.instance, failed.instance), reply);
  const again = failed.and.when(make.retrigger);
  const done = again.and.when(make.answer("1.a", {}, undefined, 2));
  assert.deepEqual(
    [startAnswer(failed.instance, again.instance), startAnswer(again.instance, done.instance)],
    [undefined, undefined],
  );
});

test("an error that a handler takes on its way out leaves nothing behind that would be tried again", () => {
  const bad = make.operation("bad", [make.call("f", make.computed("f", ".n | keys"))], {
    onErrors: [make.caught("java.lang.Exception", make.to("work"))],
  });
  const work = make.operation("work", [make.call("a", service)]);
  const failed = given(make.workflowOf([bad, work])).when(make.start({ n: 1 }), make.failure("2.a", "500"));
  assert.deepEqual(types(failed).slice(-2), ["ActionFailed", "InstanceFaulted"]);
  assert.deepEqual(failed.and.when(make.retrigger).events, [
    { type: "InstanceRetriggered" },
    make.requested("2.a", { n: 1 }, { attempt: 2 }),
  ]);
});
