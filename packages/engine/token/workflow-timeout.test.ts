import assert from "node:assert/strict";
import { test } from "node:test";
import type { Definition, WorkflowTimeout } from "@antiphon/definition";
import * as make from "../testing/build.ts";
import { given, NOW_MS } from "../testing/index.ts";

const work = make.operation("work", [make.call("a", make.http("service"))], { next: make.to("next") });
const next = make.inject("next", { next: true });
const cleanUp = make.operation("clean up", [make.call("c", make.http("service"))], { next: make.to("next") });
const fired = { type: "TimerFired", timer: "workflow" } as const;
const aborted = { type: "InstanceAborted", reason: "it did not end in time" } as const;
const left = { type: "StateLeft", state: "work", visit: 1 } as const;

function timed(timeout: Partial<WorkflowTimeout> = {}, more: Partial<Definition> = {}) {
  const whole = { duration: "PT1M", interrupt: true, ...timeout };
  return given(make.workflowOf([work, next, cleanUp], { timeout: whole, ...more })).when(make.start({ n: 1 }));
}

test("an instance that does not end in time is aborted", () => {
  const dueMs = NOW_MS + 60_000;
  const asked = timed();
  asked.then(
    make.started({ n: 1 }, { timeout: { dueMs, interrupt: true } }),
    { type: "TimerStarted", timer: "workflow", dueMs },
    { type: "StateEntered", state: "work", visit: 1 },
    make.requested("1.a", { n: 1 }),
    { type: "TokenMoved", step: "a.call" },
  );
  asked.and.at(dueMs).when(make.reachTime).then(fired, { type: "ActionCancelled", action: "1.a" }, left, aborted);
});

test("one that ends in time stops its clock", () => {
  const { events } = timed().and.when(make.answer("1.a"));
  assert.deepEqual(events.slice(-2), [{ type: "TimerCancelled", timer: "workflow" }, { type: "InstanceCompleted" }]);
});

test("without interruption the state that it is in may finish, and no other begins", () => {
  const late = timed({ interrupt: false })
    .and.at(NOW_MS + 60_000)
    .when(make.reachTime);
  late.then(fired);
  late.and
    .when(make.answer("1.a", { a: 1 }))
    .then(
      { type: "ActionCompleted", action: "1.a", output: { a: 1 } },
      { type: "DataChanged", data: { n: 1, a: 1 } },
      left,
      aborted,
    );
});

test("a state may be run before it is aborted, and that one only", () => {
  const late = timed({ runBefore: "clean up" })
    .and.at(NOW_MS + 60_000)
    .when(make.reachTime);
  late.then(
    fired,
    { type: "ActionCancelled", action: "1.a" },
    left,
    { type: "StateEntered", state: "clean up", visit: 2 },
    make.requested("2.c", { n: 1 }),
    { type: "TokenMoved", step: "c.call" },
  );
  late.and
    .when(make.answer("2.c"))
    .then({ type: "ActionCompleted", action: "2.c" }, { type: "StateLeft", state: "clean up", visit: 2 }, aborted);
});

test("without interruption that state is run behind the one that it is in", () => {
  const { events } = timed({ interrupt: false, runBefore: "clean up" })
    .and.at(NOW_MS + 60_000)
    .when(make.reachTime)
    .and.when(make.answer("1.a"));
  assert.deepEqual(events.slice(1, 3), [left, { type: "StateEntered", state: "clean up", visit: 2 }]);
});

test("the state that is to be run before is run anew if it is interrupted, and not if it has just finished", () => {
  const interrupted = timed({ runBefore: "work" })
    .and.at(NOW_MS + 60_000)
    .when(make.reachTime);
  assert.deepEqual(interrupted.events.slice(2, 4), [left, { type: "StateEntered", state: "work", visit: 2 }]);
  interrupted.and
    .when(make.answer("2.a"))
    .then({ type: "ActionCompleted", action: "2.a" }, { type: "StateLeft", state: "work", visit: 2 }, aborted);
  const finished = timed({ interrupt: false, runBefore: "work" })
    .and.at(NOW_MS + 60_000)
    .when(make.reachTime);
  finished.and.when(make.answer("1.a")).then({ type: "ActionCompleted", action: "1.a" }, left, aborted);
});

test("an instance that is kept active beyond its end has no state to finish: it is aborted", () => {
  const ended = timed({ interrupt: false }, { keepActive: true }).and.when(make.answer("1.a"));
  assert.equal(ended.instance.status, "active");
  ended.and
    .at(NOW_MS + 60_000)
    .when(make.reachTime)
    .then(fired, aborted);
});

test("whoever starts an instance may give it another time, and a time may be an expression", () => {
  const timeout = { dueMs: NOW_MS + 5, interrupt: true };
  const definition = make.workflowOf([work, next], { timeout: { duration: "${ .time }", interrupt: true } });
  const given5 = given(definition).when(make.start({ time: "PT1M" }, { timeout }));
  assert.deepEqual(given5.events[1], { type: "TimerStarted", timer: "workflow", dueMs: NOW_MS + 5 });
  const worked = given(definition).when(make.start({ time: "PT7S" }));
  assert.deepEqual(worked.events[1], { type: "TimerStarted", timer: "workflow", dueMs: NOW_MS + 7_000 });
  const wrong = given(definition).when(make.start({ time: "soon" }));
  assert.deepEqual(
    [wrong.instance.status, wrong.events.map(({ type }) => type)],
    ["faulted", ["InstanceStarted", "StateEntered", "InstanceFaulted"]],
  );
  assert.equal(wrong.and.when(make.retrigger).instance.status, "active");
});
