import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "@antiphon/protocol";
import { absent, compile, decide, evolve, fault, openWaits, startAnswer } from "./index.ts";
import * as make from "./testing/build.ts";
import { environmentAt, fold, given, NOW_MS } from "./testing/index.ts";

const approved = make.consumed("approved");
const definition = make.workflowOf([
  make.callback("approve", approved, { action: make.call("ask", make.http("ask")), eventTimeout: "PT1M" }),
]);
const active = given(definition).when(make.start({ n: 1 })).and;
const abort: Command = { type: "AbortInstance", instance: "i-1" };
const replace = (data: Record<string, number>): Command => ({ type: "ReplaceData", instance: "i-1", data });
const mergeIn = (data: Record<string, number>): Command => ({ type: "MergeData", instance: "i-1", data });
const env = environmentAt(NOW_MS);

test("abort closes everything that is open", () => {
  active
    .when(abort)
    .then(
      { type: "ActionCancelled", action: "1.ask" },
      { type: "WaitClosed", wait: "1.event", reason: "ended" },
      { type: "InstanceAborted", reason: "by request" },
    );
  active
    .when(make.answer("1.ask"))
    .and.when(abort)
    .then(
      { type: "WaitClosed", wait: "1.event", reason: "ended" },
      { type: "TimerCancelled", timer: "1.timeout" },
      { type: "InstanceAborted", reason: "by request" },
    );
});

test("data can be replaced and merged; what changes nothing is no fact", () => {
  active.when(replace({ m: 2 })).then({ type: "DataChanged", data: { m: 2 } });
  active.when(mergeIn({ m: 2 })).then({ type: "DataChanged", data: { n: 1, m: 2 } });
  active.when(replace({ n: 1 }), mergeIn({ n: 1 })).then();
});

test("an instance that is absent or has ended takes no orders", () => {
  const orders = [abort, replace({ m: 2 }), mergeIn({ m: 2 }), make.answer("1.ask"), make.reachTime];
  given(definition)
    .when(...orders)
    .then();
  active
    .when(abort)
    .and.when(...orders, make.start())
    .then();
});

test("a start that is repeated changes nothing", () => {
  active.when(make.start({ n: 2 })).then();
});

test("without its definition nothing is decided about an instance that starts or is active", () => {
  const { instance } = active.when();
  assert.throws(
    () => decide(undefined, absent, make.start(), env),
    /expected the definition of workflow "onboarding", found none/,
  );
  assert.throws(
    () => decide(undefined, instance, abort, env),
    /expected the definition of workflow "onboarding", found none/,
  );
});

test("a decision that no record can hold is replaced by a fault, which closes everything", () => {
  const { instance } = active.when();
  const error = { code: "too-large", message: "the decision has 4000000 bytes", classes: [] };
  const facts = fault(instance, error);
  assert.deepEqual(facts, [
    { type: "ActionCancelled", action: "1.ask" },
    { type: "WaitClosed", wait: "1.event", reason: "failed" },
    { type: "InstanceFaulted", error },
  ]);
  assert.equal(fold(instance, facts, NOW_MS).status, "faulted");
  assert.deepEqual([fault(absent, error), fault(fold(instance, facts, NOW_MS), error)], [[], []]);
});

test("who asked for the start is answered once, when the instance first rests", () => {
  const reply = { gateway: "g", request: "r" };
  const asked = given(definition).when(make.start({}, { reply }));
  assert.equal(startAnswer(absent, asked.instance), undefined);
  const rested = asked.and.when(make.answer("1.ask"));
  assert.deepEqual(startAnswer(asked.instance, rested.instance), reply);
  const done = rested.and.when(make.deliver(make.cloudEvent("approved", "e-1")));
  assert.equal(startAnswer(rested.instance, done.instance), undefined);
  const aborted = asked.and.when(abort);
  assert.deepEqual(startAnswer(asked.instance, aborted.instance), reply);
});

test("who asked for the start is not answered while later actions still run", () => {
  const reply = { gateway: "g", request: "r" };
  const two = make.workflowOf([
    make.operation("one", [make.call("a", make.http("a"))], { next: make.to("two") }),
    make.operation("two", [make.call("b", make.http("b"))]),
  ]);
  const first = given(two).when(make.start({}, { reply }));
  const second = first.and.when(make.answer("1.a"));
  assert.equal(startAnswer(first.instance, second.instance), undefined);
  const done = second.and.when(make.answer("2.b"));
  assert.deepEqual(startAnswer(second.instance, done.instance), reply);
});

test("open waits show what is awaited, since when and until when", () => {
  const events = [{ name: "approved", eventType: "approved" }];
  const asked = active.when();
  assert.deepEqual(openWaits(asked.instance), [{ wait: "1.event", state: "approve", events, sinceMs: NOW_MS }]);
  const rested = active.at(NOW_MS + 5).when(make.answer("1.ask"));
  const deadlineMs = NOW_MS + 60_005;
  assert.deepEqual(openWaits(rested.instance), [
    { wait: "1.event", state: "approve", events, sinceMs: NOW_MS, deadlineMs },
  ]);
  assert.deepEqual(openWaits(absent), []);
});

test("a fact that cannot follow what has been is impossible", () => {
  const entered = { type: "StateEntered", state: "approve", visit: 1 } as const;
  assert.throws(() => evolve(absent, entered, NOW_MS), /StateEntered cannot happen to an instance that is absent/);
  const { instance } = active.when();
  assert.throws(
    () => evolve(instance, make.started(), NOW_MS),
    /InstanceStarted cannot happen to an instance that is active/,
  );
});

test("one compiled workflow serves any number of decisions", () => {
  const workflow = compile(definition);
  assert.deepEqual(decide(workflow, absent, make.start(), env), decide(workflow, absent, make.start(), env));
});

test("who asked for the start is not answered again when the instance rests a second time", () => {
  const reply = { gateway: "g", request: "r" };
  const work = make.operation("work", [make.call("a", make.http("a"))], { next: make.to("nap") });
  const napping = make.workflowOf([make.sleep("nap", "PT1S", { next: make.to("work") }), work]);
  const first = given(napping).when(make.start({}, { reply }));
  assert.deepEqual(startAnswer(absent, first.instance), reply);
  const working = first.and.at(NOW_MS + 1_000).when(make.reachTime);
  const second = working.and.when(make.answer("2.a"));
  assert.equal(startAnswer(working.instance, second.instance), undefined);
});

test("who asked for the start is answered when its action waits to be tried again", () => {
  const reply = { gateway: "g", request: "r" };
  const ask = make.call("a", make.http("a"), { retry: make.retry({ delay: "PT1S" }) });
  const fan = make.workflowOf([make.parallel("fan", [make.branch("one", [ask])])]);
  for (const [one, action] of [
    [make.workflowOf([make.operation("work", [ask])]), "1.a"],
    [fan, "1.branch[0].a"],
  ] as const) {
    const asked = given(one).when(make.start({}, { reply }));
    const failed = asked.and.when(make.failure(action, "503"));
    assert.deepEqual(startAnswer(asked.instance, failed.instance), reply);
    const again = failed.and.at(NOW_MS + 1_000).when(make.reachTime);
    assert.equal(startAnswer(failed.instance, again.instance), undefined);
  }
});

test("who asked for the start is answered before further timers stir the instance that has come to rest", () => {
  const reply = { gateway: "g", request: "r" };
  const slow = make.call("a", make.http("a"), { timeout: "PT1S" });
  const nap = make.sleep("nap", "PT0S", { next: make.to("again") });
  const definition = make.workflowOf([
    make.operation("work", [slow], { onErrors: [make.caught("TimedOut", make.to("nap"))] }),
    nap,
    make.operation("again", [make.call("b", make.http("b"))]),
  ]);
  const asked = given(definition).when(make.start({}, { reply }));
  const late = asked.and.at(NOW_MS + 1_000).when(make.reachTime);
  assert.deepEqual(startAnswer(asked.instance, late.instance), reply);
  const { events } = late.and.at(NOW_MS + 1_000).when(make.reachTime);
  assert.deepEqual(events[0], { type: "TimerFired", timer: "2.sleep" });
});
