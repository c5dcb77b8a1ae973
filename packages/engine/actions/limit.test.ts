import assert from "node:assert/strict";
import { test } from "node:test";
import type { Action } from "@antiphon/definition";
import * as make from "../testing/build.ts";
import { given, NOW_MS } from "../testing/index.ts";

const service = make.http("service");
const timedOut = {
  code: "TimedOut",
  message: 'action "a" did not end in time',
  classes: ["java.lang.RuntimeException", "java.lang.Exception"],
  where: 'state "work", action "a"',
};
const limit = (dueMs: number) => ({ type: "TimerStarted", timer: "1.a.limit", dueMs }) as const;
const fired = { type: "TimerFired", timer: "1.a.limit" } as const;
const stopped = { type: "TimerCancelled", timer: "1.a.limit" } as const;
const cancelled = { type: "ActionCancelled", action: "1.a" } as const;

function work(more: Partial<Action> = {}, state = {}) {
  return make.workflowOf([make.operation("work", [make.call("a", service, { timeout: "PT10S", ...more })], state)]);
}

test("an action that does not end in time is given up, with an error that a handler of TimedOut takes", () => {
  const asked = given(work({}, { onErrors: [make.caught("TimedOut", make.END)] })).when(make.start({}));
  assert.deepEqual(asked.events.slice(2, 4), [make.requested("1.a"), limit(NOW_MS + 10_000)]);
  const late = asked.and.at(NOW_MS + 10_000).when(make.reachTime);
  late.then(
    fired,
    stopped,
    cancelled,
    { type: "ErrorCaught", error: timedOut },
    { type: "StateLeft", state: "work", visit: 1 },
    { type: "InstanceCompleted" },
  );
  late.and.when(make.answer("1.a", { late: true })).then();
});

test("an answer in time stops the clock", () => {
  const { events, instance } = given(work())
    .when(make.start({}))
    .and.when(make.answer("1.a", { ok: 1 }));
  assert.deepEqual(events.slice(0, 3), [
    { type: "ActionCompleted", action: "1.a", output: { ok: 1 } },
    stopped,
    { type: "DataChanged", data: { ok: 1 } },
  ]);
  assert.deepEqual(make.outcomeOf(instance), ["completed", { ok: 1 }]);
});

test("every attempt has as long: one that was too slow, and one that failed, leave the next its whole time", () => {
  const asked = given(work({ retry: make.retry({ delay: "PT5S", maxAttempts: 3 }) })).when(make.start({}));
  const slow = asked.and.at(NOW_MS + 10_000).when(make.reachTime);
  slow.then(
    fired,
    stopped,
    cancelled,
    { type: "TimerStarted", timer: "1.a.retry", dueMs: NOW_MS + 15_000 },
    { type: "ActionRetried", action: "1.a", attempt: 2, error: timedOut },
  );
  const second = slow.and.at(NOW_MS + 15_000).when(make.reachTime);
  second.then(
    { type: "TimerFired", timer: "1.a.retry" },
    make.requested("1.a", {}, { attempt: 2 }),
    limit(NOW_MS + 25_000),
  );
  const failed = second.and.at(NOW_MS + 20_000).when(make.failure("1.a", "503", "no", [], 2));
  assert.deepEqual(failed.events[1], stopped);
  const third = failed.and.at(NOW_MS + 25_000).when(make.reachTime);
  third.then(
    { type: "TimerFired", timer: "1.a.retry" },
    make.requested("1.a", {}, { attempt: 3 }),
    limit(NOW_MS + 35_000),
  );
});

test("an attempt that its instance gave up with another failure has all its time when that is repaired", () => {
  const two = [make.call("a", service, { timeout: "PT10S" }), make.call("b", service)];
  const definition = make.workflowOf([make.operation("work", two, { actionMode: "parallel" })]);
  const failed = given(definition).when(make.start({}), make.failure("1.actions[1].b", "500"));
  const again = failed.and.at(NOW_MS + 60_000).when(make.retrigger);
  again.then(
    { type: "InstanceRetriggered", pausedMs: 60_000 },
    { type: "TimerCancelled", timer: "1.actions[0].a.limit" },
    make.requested("1.actions[0].a", {}, { attempt: 2 }),
    { type: "TimerStarted", timer: "1.actions[0].a.limit", dueMs: NOW_MS + 70_000 },
    make.requested("1.actions[1].b", {}, { attempt: 2 }),
  );
});

test("a child workflow that does not end in time is aborted", () => {
  const definition = make.workflowOf([make.operation("work", [make.subflow("a", "child", { timeout: "PT10S" })])]);
  const { events, instance } = given(definition)
    .when(make.start({}))
    .and.at(NOW_MS + 10_000)
    .when(make.reachTime);
  assert.deepEqual(events[2], { ...cancelled, child: "i-1:1.a/1" });
  assert.equal(instance.status, "faulted");
});

test("a result event that does not come within the action's time is waited for no more, and asked for again", () => {
  const told = make.consumed("told", { kind: "produced" });
  const approved = make.consumed("approved");
  const call = {
    kind: "produce",
    produce: { event: told, contextAttributes: {} },
    result: { event: approved },
  } as const;
  const action: Action = { name: "a", call, useResults: true, timeout: "PT10S", retry: make.retry() };
  const asked = given(make.workflowOf([make.operation("work", [action])])).when(make.start({}));
  const late = asked.and.at(NOW_MS + 10_000).when(make.reachTime);
  assert.deepEqual(late.events.slice(0, 3), [
    fired,
    stopped,
    { type: "WaitClosed", wait: "1.a.result", reason: "timeout" },
  ]);
  assert.deepEqual(late.events.map(({ type }) => type).slice(3), [
    "ActionCancelled",
    "TimerStarted",
    "ActionRetried",
    "TimerFired",
    "EventProduced",
    "EventAwaited",
    "TimerStarted",
  ]);
});
