import assert from "node:assert/strict";
import { test } from "node:test";
import type { Next } from "@antiphon/definition";
import type { InstanceEvent } from "@antiphon/protocol";
import * as make from "../testing/build.ts";
import { given } from "../testing/index.ts";

const back: Next = { kind: "return", produce: [] };
const times = (n: number) => make.call("times", make.computed(`times ${n}`, `{n: (.n * ${n})}`));
const log = (name: string) =>
  make.inject(name, { log: [name] }, { next: back, usedForCompensation: true, output: ".seen += .log" });

const double = make.operation("double", [times(2)], { compensatedBy: "halve", next: make.to("wait") });
const halve = make.operation("halve", [make.call("half", make.computed("half", "{n: (.n / 2)}"))], {
  next: back,
  usedForCompensation: true,
});
const approved = make.consumed("approved");
const wait = make.callback("wait", approved);

const entered = (state: string, visit: number): InstanceEvent => ({ type: "StateEntered", state, visit });
const undoing = (state: string, visit: number): InstanceEvent => ({ type: "StateEntered", state, visit, undoes: true });
const left = (state: string, visit: number): InstanceEvent => ({ type: "StateLeft", state, visit });
const data = (value: object): InstanceEvent => ({ type: "DataChanged", data: value as never });
const aborted = { type: "InstanceAborted", reason: "by request" } as const;

test("an abort undoes what has been done first: from 2 to 4, and back to 2", () => {
  const waiting = given(make.workflowOf([double, wait, halve])).when(make.start({ n: 2 }));
  assert.deepEqual(waiting.events.slice(4, 6), [{ ...left("double", 1), compensatedBy: "halve" }, entered("wait", 2)]);
  const gone = waiting.and.when(make.abort);
  gone.then(
    { type: "WaitClosed", wait: "2.event", reason: "left" },
    left("wait", 2),
    { type: "CompensationStarted", states: ["halve"], after: { kind: "abort", reason: "by request" } },
    undoing("halve", 3),
    { type: "ActionCompleted", action: "3.half", output: { n: 2 } },
    data({ n: 2 }),
    left("halve", 3),
    { type: "CompensationEnded" },
    aborted,
  );
  assert.deepEqual(make.outcomeOf(gone.instance), ["aborted", { n: 2 }]);
});

test("an abort with nothing to undo ends at once", () => {
  given(make.workflowOf([wait]))
    .when(make.start({}))
    .and.when(make.abort)
    .then({ type: "WaitClosed", wait: "1.event", reason: "ended" }, aborted);
});

test("the state that an instance is in has not been done, and is not undone", () => {
  const state = make.callback("wait", approved, { compensatedBy: "halve" });
  const { events } = given(make.workflowOf([state, halve]))
    .when(make.start({ n: 2 }))
    .and.when(make.abort);
  assert.deepEqual(events.at(-1), aborted);
  assert.equal(events.length, 2);
});

test("what was done last is undone first, and a state as often as it was done", () => {
  const definition = make.workflowOf([
    make.inject("one", {}, { compensatedBy: "undo one", output: "{n: (.n + 1)}", next: make.to("two") }),
    make.inject("two", {}, { compensatedBy: "undo two", next: make.to("again") }),
    make.choice("again", [{ condition: ".n < 2", next: make.to("one") }], {
      otherwise: { ...make.END, compensate: true } as Next,
    }),
    log("undo one"),
    log("undo two"),
  ]);
  const { instance, events } = given(definition).when(make.start({ n: 0 }));
  assert.deepEqual(
    events.find(({ type }) => type === "CompensationStarted"),
    {
      type: "CompensationStarted",
      states: ["undo two", "undo one", "undo two", "undo one"],
      after: { kind: "end", terminate: false },
    },
  );
  const seen = ["undo two", "undo one", "undo two", "undo one"];
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 2, log: ["undo one"], seen }]);
});

test("a transition that compensates undoes before it goes on, and what is undone is not undone again", () => {
  const next: Next = { ...make.to("after"), compensate: true } as Next;
  const definition = make.workflowOf([
    make.operation("double", [times(2)], { compensatedBy: "halve", next: make.to("turn") }),
    make.inject("turn", { turned: true }, { next }),
    make.callback("after", approved),
    halve,
  ]);
  const turned = given(definition).when(make.start({ n: 2 }));
  assert.deepEqual(turned.events.slice(6), [
    data({ n: 4, turned: true }),
    left("turn", 2),
    { type: "CompensationStarted", states: ["halve"], after: { kind: "transition", to: "after" } },
    undoing("halve", 3),
    { type: "ActionCompleted", action: "3.half", output: { n: 2 } },
    data({ n: 2, turned: true }),
    left("halve", 3),
    { type: "CompensationEnded" },
    entered("after", 4),
    { type: "EventAwaited", wait: "4.event", events: [{ name: "approved", eventType: "approved" }] },
    { type: "TokenMoved", step: "event" },
  ]);
  turned.and.when(make.abort).then({ type: "WaitClosed", wait: "4.event", reason: "ended" }, aborted);
});

test("an end that compensates undoes before the instance is complete", () => {
  const definition = make.workflowOf([
    { ...double, next: make.to("end") },
    make.inject("end", {}, { next: { ...make.END, compensate: true } as Next }),
    halve,
  ]);
  const { instance, events } = given(definition).when(make.start({ n: 2 }));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 2 }]);
  assert.deepEqual(events.slice(-3), [left("halve", 3), { type: "CompensationEnded" }, { type: "InstanceCompleted" }]);
});

test("where nothing is to be undone, a way that compensates is a way like any other", () => {
  const state = make.inject("a", {}, { next: { ...make.END, compensate: true } as Next });
  given(make.workflowOf([state]))
    .when(make.start({}))
    .then(make.started({}), entered("a", 1), left("a", 1), { type: "InstanceCompleted" });
});

test("undoing may take several states, and may wait; the instance may be repaired in the middle of it", () => {
  const ask = make.operation("ask", [make.call("a", make.http("service"))], {
    usedForCompensation: true,
    next: make.to("halve"),
  });
  const definition = make.workflowOf([{ ...double, compensatedBy: "ask" }, wait, ask, halve]);
  const asked = given(definition)
    .when(make.start({ n: 2 }))
    .and.when(make.abort);
  assert.deepEqual(asked.events.slice(-3), [
    undoing("ask", 3),
    make.requested("3.a", { n: 4 }),
    { type: "TokenMoved", step: "a.call" },
  ]);
  const failed = asked.and.when(make.failure("3.a", "500"));
  assert.equal(failed.instance.status, "faulted");
  const { instance, events } = failed.and.when(make.retrigger, make.answer("3.a", { a: 1 }, undefined, 2));
  assert.deepEqual(make.outcomeOf(instance), ["aborted", { n: 2, a: 1 }]);
  assert.deepEqual(events.at(-1), aborted);
});

test("an error within an undoing state may be caught there", () => {
  const fails = make.operation("fails", [make.call("f", make.computed("f", ".n | keys"))], {
    usedForCompensation: true,
    next: back,
    onErrors: [make.caught("java.lang.Exception", make.to("halve"))],
  });
  const definition = make.workflowOf([{ ...double, compensatedBy: "fails" }, wait, fails, halve]);
  const { instance } = given(definition).when(make.start({ n: 2 }), make.abort);
  assert.deepEqual(make.outcomeOf(instance), ["aborted", { n: 2 }]);
});

test("a state that was left by an error has nothing to be undone", () => {
  const fails = make.operation("fails", [make.call("f", make.computed("f", ".n | keys"))], {
    compensatedBy: "halve",
    onErrors: [make.caught("java.lang.Exception", make.to("wait"))],
  });
  const { instance } = given(make.workflowOf([fails, wait, halve])).when(make.start({ n: 2 }), make.abort);
  assert.deepEqual(make.outcomeOf(instance), ["aborted", { n: 2 }]);
});

test("a second abort ends an instance that is undoing things at once", () => {
  const ask = make.operation("ask", [make.call("a", make.http("service"))], { usedForCompensation: true, next: back });
  given(make.workflowOf([{ ...double, compensatedBy: "ask" }, wait, ask]))
    .when(make.start({ n: 2 }), make.abort)
    .and.when(make.abort)
    .then({ type: "ActionCancelled", action: "3.a" }, aborted);
});

test("an abort of an instance that has failed, or is kept active beyond its end, undoes as well", () => {
  const work = make.operation("work", [make.call("a", make.http("service"))]);
  const failed = given(make.workflowOf([{ ...double, next: make.to("work") }, work, halve])).when(
    make.start({ n: 2 }),
    make.failure("2.a", "500"),
  );
  const gone = failed.and.when(make.abort);
  assert.deepEqual(gone.events.slice(0, 3), [
    { type: "InstanceRetriggered" },
    left("work", 2),
    { type: "CompensationStarted", states: ["halve"], after: { kind: "abort", reason: "by request" } },
  ]);
  assert.deepEqual(make.outcomeOf(gone.instance), ["aborted", { n: 2 }]);
  const kept = given(make.workflowOf([{ ...double, next: make.END }, halve], { keepActive: true })).when(
    make.start({ n: 2 }),
  );
  const ended = kept.and.when(make.abort);
  assert.deepEqual(ended.events[0]?.type, "CompensationStarted");
  assert.deepEqual(make.outcomeOf(ended.instance), ["aborted", { n: 2 }]);
});
