import assert from "node:assert/strict";
import { test } from "node:test";
import { HOPS_MAX, type InstanceEvent, type Json } from "@antiphon/protocol";
import { CATCH_ALL } from "../errors/workflow-fault.ts";
import { absent, compile, decide } from "../index.ts";
import * as make from "../testing/build.ts";
import { environmentAt, given, NOW_MS } from "../testing/index.ts";

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

const ask = make.operation("ask", [make.subflow("sub", "other")]);
const goOn = make.inject(
  "go",
  {},
  {
    next: { kind: "end", terminate: false, produce: [], continueAs: { workflow: "onboarding" } },
  },
);

test("an instance that has come as far as may be starts no other, and fails with a name for it", () => {
  for (const state of [ask, goOn]) {
    const started = (hops: number) => given(make.workflowOf([state])).when(make.start({}, { hops })).instance;
    assert.notEqual(started(HOPS_MAX - 1).status, "faulted");
    const tooFar = started(HOPS_MAX);
    assert.deepEqual(tooFar.status === "faulted" && tooFar.error.code, "too-many-hops");
  }
});

test("for every half minute that an instance has been there it has come one hop less far: what is slow may go on for ever", () => {
  const later = make.workflowOf([
    make.sleep("wait", "PT24H", { next: make.to("say") }),
    make.operation("say", [publish]),
  ]);
  const hopsAfter = (ms: number) => {
    const due = given(later)
      .when(make.start({}, { hops: 7 }))
      .and.at(NOW_MS + ms);
    return hopsIn(due.when({ type: "FireTimer", instance: make.INSTANCE, timer: "1.sleep" }).events);
  };
  assert.deepEqual([0, 29_999, 30_000, 210_000, 9_000_000].flatMap(hopsAfter), [7, 7, 6, 0, 0]);
});

test("what an instance says and starts names the one at the beginning of all that led to it", () => {
  const said = (more: object) =>
    given(make.workflowOf([make.operation("say", [publish])])).when(make.start({}, more)).events;
  const rootOf = (events: readonly InstanceEvent[]) =>
    events.flatMap((one) => (one.type === "EventProduced" ? [one.event.antiphonroot] : []));
  assert.deepEqual(rootOf(said({})), [undefined]);
  assert.deepEqual(rootOf(said({ family: "f-1", hops: 1 })), ["f-1"]);
  const say = make.operation("say", [publish]);
  assert.deepEqual(rootOf(startedBy({ antiphoninstance: "p-1" }, say).events), ["p-1"]);
  assert.deepEqual(rootOf(startedBy({ antiphoninstance: "p-1", antiphonroot: "f-1" }, say).events), ["f-1"]);
  const familyIn = (events: readonly InstanceEvent[]) =>
    events.flatMap((one) => (one.type === "ChildRequested" || one.type === "InstanceContinued" ? [one.family] : []));
  for (const state of [ask, goOn]) {
    assert.deepEqual(familyIn(given(make.workflowOf([state])).when(make.start({}, { family: "f-1" })).events), ["f-1"]);
  }
});

test("a start is refused where the family has led to too many: its parent is told, and so is who sent an event", () => {
  const workflow = compile(make.workflowOf([make.inject("a", {})]));
  const refusing = { ...environmentAt(NOW_MS), refusesStart: (family: string, hops: number) => `${family} ${hops}` };
  const parent = { instance: "p-1", action: "1.sub", root: { instance: "p-1", workflow: "top" } };
  const family = { hops: 3, family: "f-1" };
  const [told] = decide(workflow, absent, make.start({}, { ...family, parent }), refusing);
  const error = { code: "no-start", message: "f-1 3", classes: CATCH_ALL };
  assert.deepEqual(told, { type: "ResultReturned", parent, outcome: { status: "failed", error } });
  assert.throws(() => decide(workflow, absent, make.start({}, family), refusing), { message: "f-1 3" });
  assert.equal(decide(workflow, absent, make.start(), refusing)[0]?.type, "InstanceStarted");
});
