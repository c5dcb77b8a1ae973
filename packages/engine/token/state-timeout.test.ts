import assert from "node:assert/strict";
import { test } from "node:test";
import type { OperationState } from "@antiphon/definition";
import * as make from "../testing/build.ts";
import { type Decided, given, NOW_MS } from "../testing/index.ts";

const service = make.http("service");
const timedOut = {
  code: "TimedOut",
  message: 'state "work" did not end in time',
  classes: ["java.lang.RuntimeException", "java.lang.Exception"],
  where: 'state "work"',
};
const total = (dueMs: number) => ({ type: "TimerStarted", timer: "1.total", dueMs }) as const;
const single = (dueMs: number) => ({ type: "TimerStarted", timer: "1.single", dueMs }) as const;

function work(timeout: { total: string; single?: string }, more: Partial<OperationState> = {}, action = {}) {
  return make.workflowOf([make.operation("work", [make.call("a", service, action)], { timeout, ...more })]);
}

test("a state that does not end in time is an error, which its own handlers may take", () => {
  const asked = given(work({ total: "PT10S" }, { onErrors: [make.caught("TimedOut", make.END)] })).when(make.start({}));
  asked.then(
    make.started({}),
    { type: "StateEntered", state: "work", visit: 1 },
    total(NOW_MS + 10_000),
    make.requested("1.a"),
    { type: "TokenMoved", step: "a.call" },
  );
  asked.and
    .at(NOW_MS + 10_000)
    .when(make.reachTime)
    .then(
      { type: "TimerFired", timer: "1.total" },
      { type: "TimerCancelled", timer: "1.total" },
      { type: "ErrorCaught", error: timedOut },
      { type: "ActionCancelled", action: "1.a" },
      { type: "StateLeft", state: "work", visit: 1 },
      { type: "InstanceCompleted" },
    );
});

test("a state that ends in time stops its clock, and a further visit has a clock of its own", () => {
  const definition = work({ total: "PT10S" }, { next: make.to("work") });
  const { events } = given(definition)
    .when(make.start({}))
    .and.at(NOW_MS + 5_000)
    .when(make.answer("1.a"));
  assert.deepEqual(events.slice(1, 5), [
    { type: "TimerCancelled", timer: "1.total" },
    { type: "StateLeft", state: "work", visit: 1 },
    { type: "StateEntered", state: "work", visit: 2 },
    { type: "TimerStarted", timer: "2.total", dueMs: NOW_MS + 15_000 },
  ]);
});

test("uncaught it is a failure; tried again, the state has all its time once more", () => {
  const late = given(work({ total: "PT10S" }))
    .when(make.start({}))
    .and.at(NOW_MS + 10_000)
    .when(make.reachTime);
  late.then(
    { type: "TimerFired", timer: "1.total" },
    { type: "TimerCancelled", timer: "1.total" },
    { type: "ActionCancelled", action: "1.a" },
    { type: "InstanceFaulted", error: timedOut },
  );
  late.and
    .at(NOW_MS + 60_000)
    .when(make.retrigger)
    .then(
      { type: "InstanceRetriggered", pausedMs: 50_000 },
      total(NOW_MS + 70_000),
      make.requested("1.a", {}, { attempt: 2 }),
    );
});

test("a single run is what lies between two attempts of its actions; all of them together have the total", () => {
  const definition = work({ total: "PT30S", single: "PT10S" }, {}, { retry: make.retry({ delay: "PT5S" }) });
  const asked = given(definition).when(make.start({}));
  assert.deepEqual(asked.events.slice(2, 4), [total(NOW_MS + 30_000), single(NOW_MS + 10_000)]);
  const failed = asked.and.at(NOW_MS + 8_000).when(make.failure("1.a", "503"));
  assert.deepEqual(failed.events[1], { type: "TimerCancelled", timer: "1.single" });
  const again = failed.and.at(NOW_MS + 13_000).when(make.reachTime);
  again.then(
    { type: "TimerFired", timer: "1.a.retry" },
    single(NOW_MS + 23_000),
    make.requested("1.a", {}, { attempt: 2 }),
  );
  const late = again.and.at(NOW_MS + 23_000).when(make.reachTime);
  assert.deepEqual(late.events.at(-1), { type: "InstanceFaulted", error: timedOut });
});

test("a run that was stopped for a retry begins with that, whatever other branches do meanwhile", () => {
  const two = [
    make.call("a", make.http("service"), { retry: make.retry({ delay: "PT5S" }) }),
    make.call("b", make.http("service")),
  ];
  const definition = make.workflowOf([
    make.operation("work", two, { actionMode: "parallel", timeout: { total: "PT1H", single: "PT10S" } }),
  ]);
  const retried = given(definition)
    .when(make.start({}))
    .and.at(NOW_MS + 8_000)
    .when(make.failure("1.actions[0].a", "503"));
  const other = retried.and.at(NOW_MS + 9_000).when(make.answer("1.actions[1].b"));
  const started = ({ events }: Decided) => events.filter(({ type }) => type === "TimerStarted");
  assert.deepEqual(started(other), []);
  const again = other.and.at(NOW_MS + 13_000).when(make.reachTime);
  assert.deepEqual(started(again), [single(NOW_MS + 23_000)]);
});

test("a time that is no duration is an error at which the state can be tried again: its input filter is applied once", () => {
  const definition = work({ total: "${ .time }" }, { input: "{time: .in.time, in: {}}" });
  const failed = given(definition).when(make.start({ in: { time: "soon" } }));
  assert.equal(failed.instance.status, "faulted");
  const mended = failed.and.when({ type: "MergeData", instance: "i-1", data: { time: "PT1S" } }, make.retrigger);
  assert.deepEqual(mended.events.slice(2), [total(NOW_MS + 1_000), make.requested("1.a", { time: "PT1S", in: {} })]);
});
