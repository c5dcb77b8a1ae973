import assert from "node:assert/strict";
import { test } from "node:test";
import { HOPS_MAX, type InstanceEvent, type Json } from "@antiphon/protocol";
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

const refusing = {
  ...environmentAt(NOW_MS),
  refusesStart: (family: string, hops: number) => `${family} ${hops}`,
  refusesEvent: (family: string) => `${family} says too much`,
};

test("a start is refused where the family has led to too many, and who sent the event is told", () => {
  const workflow = compile(make.workflowOf([make.inject("a", {})]));
  const family = { hops: 3, family: "f-1" };
  assert.throws(() => decide(workflow, absent, make.start({}, family), refusing), { message: "f-1 3" });
  assert.equal(decide(workflow, absent, make.start(), refusing)[0]?.type, "InstanceStarted");
});

test("whoever asks for subflows or says something where the family has led to too many fails, and has asked for nothing", () => {
  const families = [
    [ask, {}, "i-1 1"],
    [ask, { hops: 3, family: "f-1" }, "f-1 4"],
    [make.operation("say", [publish]), { hops: 3, family: "f-1" }, "f-1 says too much"],
  ] as const;
  for (const [state, family, message] of families) {
    const parent = { instance: "p-1", action: "1.sub", root: { instance: "p-1", workflow: "top" } };
    const asChild = make.start({}, { ...family, ...("family" in family && { parent }) });
    const facts = decide(compile(make.workflowOf([state])), absent, asChild, refusing);
    const types = facts.map(({ type }) => type);
    assert.deepEqual([types.includes("ChildRequested"), types.includes("EventProduced")], [false, false]);
    const failed = facts.find((one) => one.type === "InstanceFaulted");
    assert.deepEqual([failed?.error.code, failed?.error.message], ["too-many-starts", message]);
  }
});

test("what a request has started says as much as it likes", () => {
  const facts = decide(compile(make.workflowOf([make.operation("say", [publish])])), absent, make.start(), refusing);
  assert.ok(facts.some(({ type }) => type === "EventProduced"));
});
