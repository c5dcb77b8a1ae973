import assert from "node:assert/strict";
import { test } from "node:test";
import { isResting } from "../index.ts";
import * as make from "../testing/build.ts";
import { given, NOW_MS } from "../testing/index.ts";

const approved = make.consumed("approved");
const ask = make.call("ask", make.http("ask"));
const definition = make.workflowOf([
  make.inject("prepare", { step: 1 }, { next: make.to("approve") }),
  make.callback("approve", approved, { action: ask }),
]);
const event = make.cloudEvent("approved", "e-1", { ok: true });
const left = { type: "StateLeft", state: "approve", visit: 2 } as const;
const completed = { type: "InstanceCompleted" } as const;

test("the wait is open before the action is asked for, in one batch of facts", () => {
  given(definition)
    .when(make.start({ order: 7 }))
    .then(
      make.started({ order: 7 }),
      { type: "StateEntered", state: "prepare", visit: 1 },
      { type: "DataChanged", data: { order: 7, step: 1 } },
      { type: "StateLeft", state: "prepare", visit: 1 },
      { type: "StateEntered", state: "approve", visit: 2 },
      { type: "EventAwaited", wait: "2.event", events: [{ name: "approved", eventType: "approved" }] },
      {
        type: "ActionRequested",
        action: "2.ask",
        function: "ask",
        definition: make.HASH,
        arguments: { order: 7, step: 1 },
      },
      { type: "TokenMoved", step: "ask.call" },
    );
});

test("the action's result is merged, then the token rests until the event comes", () => {
  const asked = given(definition)
    .when(make.start())
    .and.when(make.answer("2.ask", { asked: true }));
  asked.then(
    { type: "ActionCompleted", action: "2.ask", output: { asked: true } },
    { type: "DataChanged", data: { step: 1, asked: true } },
    { type: "TokenMoved", step: "event" },
  );
  asked.and
    .when(make.deliver(event))
    .then(
      { type: "EventReceived", wait: "2.event", event, found: { by: "instance" } },
      { type: "DataChanged", data: { step: 1, asked: true, ok: true } },
      left,
      completed,
    );
});

test("an event that comes while the action runs resolves the wait at once, and its data is merged after the result", () => {
  const early = given(definition).when(make.start()).and.when(make.deliver(event));
  early.then({ type: "EventReceived", wait: "2.event", event, found: { by: "instance" } });
  assert.equal(isResting(early.instance), false);
  early.and
    .when(make.answer("2.ask", { ok: "asked", asked: true }))
    .then(
      { type: "ActionCompleted", action: "2.ask", output: { ok: "asked", asked: true } },
      { type: "DataChanged", data: { step: 1, ok: "asked", asked: true } },
      { type: "DataChanged", data: { step: 1, ok: true, asked: true } },
      left,
      completed,
    );
});

test("an action that fails closes the wait, and the instance is faulted if nobody catches the error", () => {
  given(definition)
    .when(make.start())
    .and.when(make.failure("2.ask", "503", "down", ["org.acme.Down"]))
    .then(
      { type: "ActionFailed", action: "2.ask", error: { code: "503", message: "down", classes: ["org.acme.Down"] } },
      { type: "WaitClosed", wait: "2.event", reason: "failed" },
      {
        type: "InstanceFaulted",
        error: { code: "503", message: "down", classes: ["org.acme.Down"], where: 'state "approve", action "ask"' },
      },
    );
});

test("an action whose condition does not hold is skipped: the state waits at once", () => {
  given(make.workflowOf([make.callback("approve", approved, { action: { ...ask, condition: ".ask" } })]))
    .when(make.start({ ask: false }))
    .then(
      make.started({ ask: false }),
      { type: "StateEntered", state: "approve", visit: 1 },
      { type: "EventAwaited", wait: "1.event", events: [{ name: "approved", eventType: "approved" }] },
      { type: "TokenMoved", step: "event" },
    );
});

const timed = make.workflowOf([
  make.callback("approve", approved, { action: ask, eventTimeout: "PT30S", next: make.to("after") }),
  make.inject("after", { after: true }),
]);
const dueMs = NOW_MS + 30_000;

test("the event's time begins when the action is done", () => {
  given(timed)
    .when(make.start(), make.answer("1.ask"))
    .then(
      make.started(),
      { type: "StateEntered", state: "approve", visit: 1 },
      { type: "EventAwaited", wait: "1.event", events: [{ name: "approved", eventType: "approved" }] },
      { type: "ActionRequested", action: "1.ask", function: "ask", definition: make.HASH, arguments: {} },
      { type: "TokenMoved", step: "ask.call" },
      { type: "ActionCompleted", action: "1.ask" },
      { type: "TimerStarted", timer: "1.timeout", dueMs },
      { type: "TokenMoved", step: "event" },
    );
});

test("an event in time cancels the timer", () => {
  given(timed)
    .when(make.start(), make.answer("1.ask"))
    .and.when(make.deliver(event))
    .then(
      { type: "EventReceived", wait: "1.event", event, found: { by: "instance" } },
      { type: "TimerCancelled", timer: "1.timeout" },
      { type: "DataChanged", data: { ok: true } },
      { type: "StateLeft", state: "approve", visit: 1 },
      { type: "StateEntered", state: "after", visit: 2 },
      { type: "DataChanged", data: { ok: true, after: true } },
      { type: "StateLeft", state: "after", visit: 2 },
      completed,
    );
});

test("without a handler a timeout goes on as if the event had come, but without its data", () => {
  given(timed)
    .when(make.start(), make.answer("1.ask"))
    .and.at(dueMs)
    .when(make.reachTime)
    .then(
      { type: "TimerFired", timer: "1.timeout" },
      { type: "WaitClosed", wait: "1.event", reason: "timeout" },
      { type: "StateLeft", state: "approve", visit: 1 },
      { type: "StateEntered", state: "after", visit: 2 },
      { type: "DataChanged", data: { after: true } },
      { type: "StateLeft", state: "after", visit: 2 },
      completed,
    );
});

test("a timer that is reached too early or twice fires nothing", () => {
  const waiting = given(timed).when(make.start(), make.answer("1.ask")).and;
  waiting
    .at(dueMs - 1)
    .when(make.reachTime)
    .then();
  waiting.at(dueMs).when(make.reachTime).and.at(dueMs).when(make.reachTime).then();
});

test("a handler of TimedOut takes a timeout, although a catch-all stands before it", () => {
  const handled = make.workflowOf([
    make.callback("approve", approved, {
      eventTimeout: ".wait",
      onErrors: [make.caught("java.lang.Exception", make.END), make.caught("TimedOut", make.to("late"))],
    }),
    make.inject("late", { late: true }),
  ]);
  given(handled)
    .when(make.start({ wait: "PT30S" }))
    .and.at(dueMs)
    .when(make.reachTime)
    .then(
      { type: "TimerFired", timer: "1.timeout" },
      { type: "WaitClosed", wait: "1.event", reason: "timeout" },
      {
        type: "ErrorCaught",
        error: {
          code: "TimedOut",
          message: "the event did not come in time",
          classes: ["java.lang.RuntimeException", "java.lang.Exception"],
          where: 'state "approve"',
        },
      },
      { type: "StateLeft", state: "approve", visit: 1 },
      { type: "StateEntered", state: "late", visit: 2 },
      { type: "DataChanged", data: { wait: "PT30S", late: true } },
      { type: "StateLeft", state: "late", visit: 2 },
      completed,
    );
});

test("a sleep of an action is no event timeout: a catch-all handler leaves it alone", () => {
  const sleepy = make.workflowOf([
    make.callback("approve", approved, {
      action: { ...ask, sleepBefore: "PT1S" },
      onErrors: [make.caught("java.lang.Exception", make.END)],
    }),
  ]);
  given(sleepy)
    .when(make.start())
    .and.at(NOW_MS + 1_000)
    .when(make.reachTime)
    .then(
      { type: "TimerFired", timer: "1.ask.before" },
      { type: "ActionRequested", action: "1.ask", function: "ask", definition: make.HASH, arguments: {} },
      { type: "TokenMoved", step: "ask.call" },
    );
});

test("an event after the timeout comes too late, and the same visit is never resolved twice", () => {
  const looping = make.workflowOf([
    make.callback("approve", approved, { eventTimeout: "PT30S", next: make.to("approve") }),
  ]);
  const second = given(looping).when(make.start()).and.at(dueMs).when(make.reachTime).and.at(dueMs);
  second.when(make.deliver(event, { by: "token", wait: "1.event" })).then({
    type: "EventIgnored",
    event,
    disposition: "unmatched",
    reason: "wait 1.event is closed",
    found: { by: "token", wait: "1.event" },
    refused: "closed",
  });
});

const filters = [
  ["merges the event's data at the root", { useData: true }, { a: 1, b: 2 }],
  ["ignores the data of an event", { useData: false }, { a: 1 }],
  ["merges a part of the event's data", { useData: true, data: "{c: .b}" }, { a: 1, c: 2 }],
  ["puts the event's data where it says", { useData: true, toStateData: ".x.y" }, { a: 1, x: { y: { b: 2 } } }],
  ["puts a part of the data where it says", { useData: true, data: "${ .b }", toStateData: "${ .a }" }, { a: 2 }],
] as const;
for (const [name, eventFilter, data] of filters) {
  test(`an event data filter ${name}`, () => {
    const state = make.callback("approve", approved, { eventFilter });
    const done = given(make.workflowOf([state])).when(
      make.start({ a: 1 }),
      make.deliver(make.cloudEvent("approved", "e", { b: 2 })),
    );
    assert.deepEqual(done.instance, { ...done.instance, status: "completed", data });
  });
}

test("with dataOnly false the payload is the whole event", () => {
  const whole = make.consumed("approved", { dataOnly: false });
  const state = make.callback("approve", whole, {
    eventFilter: { useData: true, data: "{from: .source, ok: .data.ok}" },
  });
  const done = given(make.workflowOf([state])).when(make.start(), make.deliver(event));
  assert.deepEqual(done.instance, { ...done.instance, status: "completed", data: { from: "/tests", ok: true } });
});

test("an event filter that fails goes to onErrors", () => {
  const state = make.callback("approve", approved, {
    eventFilter: { useData: true, data: ".ok | error" },
    onErrors: [make.caught("java.lang.IllegalArgumentException", make.END)],
  });
  const { events } = given(make.workflowOf([state])).when(make.start(), make.deliver(event));
  assert.deepEqual(events.at(-3)?.type, "ErrorCaught");
  assert.deepEqual(events.at(-1), completed);
});
