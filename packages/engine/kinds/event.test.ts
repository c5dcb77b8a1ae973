import assert from "node:assert/strict";
import { test } from "node:test";
import { isResting } from "../index.ts";
import * as make from "../testing/build.ts";
import { given, NOW_MS } from "../testing/index.ts";

const a = make.consumed("a");
const b = make.consumed("b");
const c = make.consumed("c");
const doA = make.call("do", make.http("doA"));
const doB = make.call("do", make.http("doB"));
const eventOf = (type: string) => make.cloudEvent(type, `e-${type}`, { [type]: 1 });
const byInstance = { by: "instance" } as const;
const left = { type: "StateLeft", state: "listen", visit: 1 } as const;
const completed = { type: "InstanceCompleted" } as const;

const any = make.workflowOf([
  make.inject("begin", {}, { next: make.to("listen") }),
  make.eventState("listen", [make.on([a, c], [doA]), make.on([b], [doB])], { eventTimeout: "PT1M" }),
]);
const all = make.workflowOf([
  make.inject("begin", {}, { next: make.to("listen") }),
  make.eventState("listen", [make.on([a, c], [doA]), make.on([b], [doB])], { exclusive: false, eventTimeout: "PT1M" }),
]);

test("exclusive: one wait for all events; the first that comes has its actions performed", () => {
  const listening = given(any).when(make.start());
  assert.deepEqual(listening.events.slice(3), [
    { type: "StateEntered", state: "listen", visit: 2 },
    { type: "TimerStarted", timer: "2.timeout", dueMs: NOW_MS + 60_000 },
    {
      type: "EventAwaited",
      wait: "2.event",
      events: ["a", "c", "b"].map((name) => ({ name, eventType: name })),
    },
    { type: "TokenMoved", step: "turn 0" },
  ]);
  assert.equal(isResting(listening.instance), true);
  const event = eventOf("b");
  listening.and
    .when(make.deliver(event))
    .then(
      { type: "EventReceived", wait: "2.event", event, found: byInstance },
      { type: "TimerCancelled", timer: "2.timeout" },
      { type: "DataChanged", data: { b: 1 } },
      { type: "ActionRequested", action: "2.0.1.do", function: "doB", definition: make.HASH, arguments: { b: 1 } },
      { type: "TokenMoved", step: "0.1.do.call" },
    );
});

test("exclusive: any event of an entry will do, and none that comes after it is taken", () => {
  const listening = given(any).when(make.start()).and;
  const after = listening.when(make.deliver(eventOf("c"))).and;
  assert.equal(after.when(make.deliver(eventOf("a"))).events[0]?.type, "EventBuffered");
  const done = after.when(make.answer("2.0.0.do", { done: true }));
  assert.deepEqual(done.instance, { ...done.instance, status: "completed", data: { c: 1, done: true } });
});

test("all: each event has its wait, and an entry's actions are performed once its own events have come", () => {
  const listening = given(all).when(make.start());
  assert.deepEqual(listening.events.slice(5, 8), [
    { type: "EventAwaited", wait: "2.0.a", events: [{ name: "a", eventType: "a" }] },
    { type: "EventAwaited", wait: "2.0.c", events: [{ name: "c", eventType: "c" }] },
    { type: "EventAwaited", wait: "2.1.b", events: [{ name: "b", eventType: "b" }] },
  ]);
  const [eventA, eventB, eventC] = [eventOf("a"), eventOf("b"), eventOf("c")];
  const half = listening.and.when(make.deliver(eventC));
  half.then(
    { type: "EventReceived", wait: "2.0.c", event: eventC, found: byInstance },
    { type: "DataChanged", data: { c: 1 } },
    { type: "EventTaken", wait: "2.0.c" },
  );
  const second = half.and.when(make.deliver(eventB));
  second.then(
    { type: "EventReceived", wait: "2.1.b", event: eventB, found: byInstance },
    { type: "DataChanged", data: { c: 1, b: 1 } },
    { type: "ActionRequested", action: "2.0.1.do", function: "doB", definition: make.HASH, arguments: { c: 1, b: 1 } },
    { type: "TokenMoved", step: "0.1.do.call" },
  );
  const both = second.and.when(make.deliver(eventA));
  both.then({ type: "EventReceived", wait: "2.0.a", event: eventA, found: byInstance });
  const last = both.and.when(make.answer("2.0.1.do"));
  last.then(
    { type: "ActionCompleted", action: "2.0.1.do" },
    { type: "TimerCancelled", timer: "2.timeout" },
    { type: "DataChanged", data: { c: 1, b: 1, a: 1 } },
    {
      type: "ActionRequested",
      action: "2.1.0.do",
      function: "doA",
      definition: make.HASH,
      arguments: { c: 1, b: 1, a: 1 },
    },
    { type: "TokenMoved", step: "1.0.do.call" },
  );
  last.and
    .when(make.answer("2.1.0.do"))
    .then({ type: "ActionCompleted", action: "2.1.0.do" }, { ...left, visit: 2 }, completed);
});

test("all: on a timeout what has come stays in the data, and the state is left", () => {
  const eventC = eventOf("c");
  given(all)
    .when(make.start(), make.deliver(eventC))
    .and.at(NOW_MS + 60_000)
    .when(make.reachTime)
    .then(
      { type: "TimerFired", timer: "2.timeout" },
      { type: "WaitClosed", wait: "2.0.a", reason: "timeout" },
      { type: "WaitClosed", wait: "2.1.b", reason: "timeout" },
      { ...left, visit: 2 },
      completed,
    );
});

test("exclusive: a timeout goes to a handler if there is one", () => {
  const timed = make.workflowOf([
    make.inject("begin", {}, { next: make.to("listen") }),
    make.eventState("listen", [make.on([a])], {
      eventTimeout: "PT1M",
      onErrors: [make.caught("TimedOut", make.to("late"))],
    }),
    make.inject("late", { late: true }),
  ]);
  const { instance } = given(timed)
    .when(make.start())
    .and.at(NOW_MS + 60_000)
    .when(make.reachTime);
  assert.deepEqual(instance, { ...instance, status: "completed", data: { late: true } });
});

const ordered = make.consumed("ordered", { correlation: [{ name: "orderid" }] });
const starting = make.workflowOf([
  make.eventState("listen", [make.on([a]), make.on([ordered], [doB], { useData: true, toStateData: ".order.in" })]),
]);
const order = make.cloudEvent(
  "ordered",
  "o-1",
  { n: 1 },
  { orderid: "17", kogitoprocinstanceid: "p-1", kogitobusinesskey: "b" },
);
const startedByOrder = make.start({}, { event: { name: "ordered", event: order }, headers: { type: "ordered" } });

test("an event starts an instance: its data by the entry's filter, its correlation values, then the entry's actions", () => {
  given(starting)
    .when(startedByOrder)
    .then(
      make.started(
        { order: { in: { n: 1 } } },
        {
          businessKey: "b",
          headers: { type: "ordered" },
          correlation: { orderid: "17" },
          startedBy: { source: "/tests", id: "o-1", type: "ordered" },
          referenceId: "p-1",
          hops: 1,
        },
      ),
      { type: "StateEntered", state: "listen", visit: 1 },
      {
        type: "ActionRequested",
        action: "1.0.1.do",
        function: "doB",
        definition: make.HASH,
        arguments: { order: { in: { n: 1 } } },
        context: { kogitoprocrefid: "p-1", kogitobusinesskey: "b", orderid: "17" },
      },
      { type: "TokenMoved", step: "0.1.do.call" },
    );
});

test("the event that started an instance is a duplicate if it comes again", () => {
  const started = given(starting).when(startedByOrder).and;
  const ignored = { type: "EventIgnored", event: order, disposition: "duplicate", found: byInstance } as const;
  started.when(startedByOrder).then({ ...ignored, reason: "it has started this instance already" });
  started.when(make.deliver(order)).then({ ...ignored, reason: "the instance has taken it already" });
});

for (const [name, filter, data] of [
  ["without a filter is its payload", { useData: true }, { n: 1 }],
  ["is the result of data", { useData: true, data: ".n" }, 1],
  ["is empty without useData", { useData: false }, {}],
] as const) {
  test(`the first data of an instance that an event starts ${name}`, () => {
    const definition = make.workflowOf([make.eventState("listen", [make.on([ordered], [], filter)])]);
    const { events } = given(definition).when(startedByOrder);
    assert.deepEqual(events[0], { ...events[0], data });
  });
}

test("a filter that fails at the start leaves an instance that is faulted", () => {
  const definition = make.workflowOf([
    make.eventState("listen", [make.on([ordered], [], { useData: true, data: ".n | keys" })]),
  ]);
  const { instance } = given(definition).when(startedByOrder);
  assert.equal(instance.status === "faulted" && instance.error.code, "expression");
});

test("a workflow that an event starts is started by no request, nor by any other event", () => {
  assert.throws(() => given(starting).when(make.start()), /workflow "onboarding" starts with an event/);
  const event = { name: "b", event: eventOf("b") };
  assert.throws(() => given(starting).when(make.start({}, { event })), /not started by an event of type "b"/);
  assert.throws(() => given(any).when(make.start({}, { event })), /not started by an event of type "b"/);
});

test("a start state that is entered again waits for its event", () => {
  const loop = make.workflowOf([make.eventState("listen", [make.on([ordered])], { next: make.to("listen") })]);
  const again = given(loop).when(startedByOrder);
  assert.deepEqual(again.events.at(-1), { type: "TokenMoved", step: "turn 0" });
  assert.deepEqual(again.and.when(make.deliver(make.cloudEvent("ordered", "o-2"))).events.at(-1), {
    type: "TokenMoved",
    step: "turn 0",
  });
});

test("whoever holds the token of a wait for one event need not know the event's type", () => {
  const nap = make.sleep("nap", "PT0S", { next: make.to("listen") });
  const state = make.eventState("listen", [make.on([make.consumed("approved")])]);
  const { instance } = given(make.workflowOf([nap, state])).when(
    make.start({}),
    make.reachTime,
    make.deliver(make.cloudEvent("whatever", "e-1", { ok: 1 }), { by: "token", wait: "2.event" }),
  );
  assert.deepEqual(make.outcomeOf(instance), ["completed", { ok: 1 }]);
});
