import assert from "node:assert/strict";
import { test } from "node:test";
import type { Next } from "@antiphon/definition";
import * as make from "../testing/build.ts";
import { type Decided, given, NOW_MS } from "../testing/index.ts";

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

/** It has done two things, waits, and is aborted: the second of them is being undone. */
const undone = make.operation("undo two", [make.call("u", service)], { next: back, usedForCompensation: true });
const undoing = given(
  make.workflowOf(
    [
      ...Object.values(definition.states),
      make.inject("one", {}, { compensatedBy: "undo", next: make.to("two") }),
      make.inject("two", {}, { compensatedBy: "undo two", next: make.to("work") }),
      undone,
    ],
    { start: "one" },
  ),
)
  .when(make.start({ n: 1 }))
  .and.when(make.abort);
const statesOf = ({ events }: Decided) =>
  events.flatMap((event) => (event.type === "StateEntered" ? [event.state] : []));

test("one that is undoing things may enter an undoing state anew, or undo a later thing first, but none of them twice", () => {
  assert.deepEqual(undoing.events.slice(-3), [
    { type: "StateEntered", state: "undo two", visit: 4, undoes: true },
    make.requested("4.u", { n: 1 }),
    { type: "TokenMoved", step: "u.call" },
  ]);
  const anew = undoing.and.when(move("undo two"), make.answer("5.u"), make.answer("6.u"));
  const first = undoing.and.when(move("undo"), make.answer("5.u"));
  assert.deepEqual([statesOf(anew), statesOf(first)], [["undo two", "undo"], ["undo"]]);
  for (const { events } of [anew, first]) {
    assert.deepEqual(events.at(-1), { type: "InstanceAborted", reason: "by request" });
  }
});

test("one that goes on elsewhere while it is undoing things keeps what is left of them, and undoes it later", () => {
  const elsewhere = undoing.and.when(move("other"));
  assert.deepEqual(elsewhere.events.slice(0, 4), [
    { type: "ActionCancelled", action: "4.u" },
    { type: "StateLeft", state: "undo two", visit: 4 },
    { type: "CompensationEnded", left: ["undo two", "undo"] },
    { type: "StateEntered", state: "other", visit: 5 },
  ]);
  assert.equal(elsewhere.and.when(make.answer("5.b")).instance.status, "completed");
  const gone = elsewhere.and.when(make.abort, make.answer("6.u"), make.answer("7.u"));
  assert.deepEqual([statesOf(gone), gone.instance.status], [["undo two", "undo"], "aborted"]);
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
