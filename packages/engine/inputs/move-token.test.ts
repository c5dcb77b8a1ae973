import assert from "node:assert/strict";
import { test } from "node:test";
import type { Next } from "@antiphon/definition";
import * as make from "../testing/build.ts";
import { given, NOW_MS } from "../testing/index.ts";

const service = make.http("service");
const move = (to: string) => ({ type: "MoveToken", instance: "i-1", to }) as const;
const back: Next = { kind: "return", produce: [] };
const definition = make.workflowOf([
  make.operation("work", [make.call("a", service)], { compensatedBy: "undo" }),
  make.operation("other", [make.call("b", service)]),
  make.operation("undo", [make.call("u", service)], { next: back, usedForCompensation: true }),
]);
const working = given(definition).when(make.start({ n: 1 }));
const left = { type: "StateLeft", state: "work", visit: 1 } as const;
const other = [
  { type: "StateEntered", state: "other", visit: 2 },
  make.requested("2.b", { n: 1 }),
  { type: "TokenMoved", step: "b.call" },
] as const;

test("an instance leaves its state, which counts as not done, and enters another one", () => {
  working.and.when(move("other")).then({ type: "ActionCancelled", action: "1.a" }, left, ...other);
});

test("it may enter the state anew that it is in", () => {
  const { events } = working.and.when(move("work"));
  assert.deepEqual(events.slice(1, 4), [
    left,
    { type: "StateEntered", state: "work", visit: 2 },
    make.requested("2.a", { n: 1 }),
  ]);
});

test("one that has failed goes on in the other state", () => {
  const failed = working.and.when(make.failure("1.a", "500"));
  failed.and.when(move("other")).then({ type: "InstanceRetriggered" }, left, ...other);
});

test("a state that is not there is entered by none, and one that undoes things by none that is not undoing any", () => {
  working.and.when(move("nowhere"), move("undo")).then();
  working.and.when(make.failure("1.a", "500")).and.when(move("nowhere"), move("undo")).then();
});

test("one that is undoing things may do it by another state, or give it up", () => {
  const undoing = given(
    make.workflowOf(
      [...Object.values(definition.states), make.inject("begin", {}, { compensatedBy: "undo", next: make.to("work") })],
      { start: "begin" },
    ),
  )
    .when(make.start({ n: 1 }))
    .and.when(make.abort);
  assert.deepEqual(undoing.events.slice(-2), [make.requested("3.u", { n: 1 }), { type: "TokenMoved", step: "u.call" }]);
  const again = undoing.and.when(move("undo"), make.answer("4.u"));
  assert.deepEqual(again.events.slice(-2), [
    { type: "CompensationEnded" },
    { type: "InstanceAborted", reason: "by request" },
  ]);
  const given_up = undoing.and.when(move("other"), make.answer("4.b"));
  assert.deepEqual(given_up.events.slice(0, 4), [
    { type: "ActionCancelled", action: "3.u" },
    { type: "StateLeft", state: "undo", visit: 3 },
    { type: "CompensationEnded" },
    { type: "StateEntered", state: "other", visit: 4 },
  ]);
  assert.equal(given_up.instance.status, "completed");
});

test("one that is kept active beyond its end enters a state again", () => {
  const kept = given(make.workflowOf([make.inject("a", {}), make.inject("b", { b: 1 })], { keepActive: true })).when(
    make.start({}),
  );
  kept.and
    .when(move("b"))
    .then(
      { type: "StateEntered", state: "b", visit: 2 },
      { type: "DataChanged", data: { b: 1 } },
      { type: "StateLeft", state: "b", visit: 2 },
      { type: "TokenMoved", step: "ended" },
    );
});

test("a timer may be fired before its time; one that does not run may not", () => {
  const napping = given(make.workflowOf([make.sleep("nap", "PT1H")])).when(make.start({}));
  const fire = (timer: string) => ({ type: "FireTimer", instance: "i-1", timer }) as const;
  napping.and
    .at(NOW_MS + 1)
    .when(fire("1.other"))
    .then();
  napping.and
    .at(NOW_MS + 1)
    .when(fire("1.sleep"))
    .then(
      { type: "TimerFired", timer: "1.sleep" },
      { type: "StateLeft", state: "nap", visit: 1 },
      { type: "InstanceCompleted" },
    );
});
