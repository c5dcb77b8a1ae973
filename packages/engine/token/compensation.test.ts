import assert from "node:assert/strict";
import { test } from "node:test";
import type { Definition, Next, State } from "@antiphon/definition";
import type { InstanceEvent } from "@antiphon/protocol";
import { type FaultedInstance, type Input, leftToUndo } from "../index.ts";
import * as make from "../testing/build.ts";
import { type Decided, given, NOW_MS } from "../testing/index.ts";

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

const service = make.http("service");
const undo = (name: string) =>
  make.operation(name, [make.call("u", service)], { usedForCompensation: true, next: back });
const done = (name: string, undoneBy: string, next: string) =>
  make.inject(name, {}, { compensatedBy: undoneBy, next: make.to(next) });
/** `a` and `b` have been done, and `c` is being done. */
const abc = [
  done("a", "undo a", "b"),
  done("b", "undo b", "c"),
  make.operation("c", [make.call("c", service)]),
  undo("undo a"),
  undo("undo b"),
];

test("a second abort changes nothing for an instance that is being undone, and nothing for one that failed at that", () => {
  const undoing = given(make.workflowOf(abc)).when(make.start({}), make.abort);
  assert.deepEqual(undoing.events.at(-2), make.requested("4.u"));
  undoing.and.when(make.abort).then();
  const failed = undoing.and.when(make.failure("4.u", "500"));
  failed.and.when(make.abort).then();
  assert.deepEqual(leftToUndo(failed.instance as FaultedInstance), ["undo b", "undo a"]);
  const { events, instance } = failed.and.when(
    make.retrigger,
    make.answer("4.u", {}, undefined, 2),
    make.answer("5.u"),
  );
  assert.deepEqual(
    events.filter(({ type }) => type === "ActionRequested"),
    [make.requested("4.u", {}, { attempt: 2 }), make.requested("5.u")],
  );
  assert.equal(instance.status, "aborted");
});

test("one that is to go on once it has undone things is aborted then instead", () => {
  const next: Next = { ...make.to("after"), compensate: true } as Next;
  const definition = make.workflowOf([
    ...abc.slice(0, 2),
    make.inject("c", {}, { next }),
    ...abc.slice(3),
    make.inject("after", {}),
  ]);
  const undoing = given(definition).when(make.start({}));
  const gone = undoing.and.when(make.abort);
  gone.then({ type: "CompensationStarted", states: ["undo a"], after: { kind: "abort", reason: "by request" } });
  const { events } = gone.and.when(make.answer("4.u"), make.answer("5.u"));
  assert.deepEqual(events.slice(-2), [{ type: "CompensationEnded" }, aborted]);
});

test("one that need not be undone, or not any further, is aborted at once, and its reason says what is left", () => {
  const once = { ...make.abort, compensate: false } as Input;
  const begun = given(make.workflowOf(abc)).when(make.start({}));
  const without = { type: "InstanceAborted", reason: "by request, without undo b, undo a" } as const;
  begun.and.when(once).then({ type: "ActionCancelled", action: "3.c" }, without);
  const undoing = begun.and.when(make.abort);
  undoing.and.when(once).then({ type: "ActionCancelled", action: "4.u" }, without);
  undoing.and.when(make.failure("4.u", "500")).and.when(once).then(without);
  const last = undoing.and.when(make.answer("4.u"), make.failure("5.u", "500"));
  last.and.when(once).then({ type: "InstanceAborted", reason: "by request, without undo a" });
  given(make.workflowOf([wait]))
    .when(make.start({}))
    .and.when(once)
    .then({ type: "WaitClosed", wait: "1.event", reason: "ended" }, aborted);
});

test("a reason names ten of the states that are left, and counts the others", () => {
  const looping = (times: number) => {
    const definition = make.workflowOf([
      make.inject("a", {}, { compensatedBy: "undo a", output: "{n: (.n + 1)}", next: make.to("again") }),
      make.choice("again", [{ condition: `.n < ${times}`, next: make.to("a") }], { otherwise: make.to("c") }),
      ...abc.slice(2, 4),
    ]);
    const { events } = given(definition).when(make.start({ n: 0 }), { ...make.abort, compensate: false } as Input);
    return events.at(-1);
  };
  const ten = Array.from({ length: 10 }, () => "undo a").join(", ");
  assert.deepEqual(looping(10), { type: "InstanceAborted", reason: `by request, without ${ten}` });
  assert.deepEqual(looping(11), { type: "InstanceAborted", reason: `by request, without ${ten} and 1 more` });
});

const timeout = { duration: "PT1M", interrupt: true };
const inTime = { timeout };
const late = (given: Decided) => given.and.at(NOW_MS + 60_000).when(make.reachTime);
const rang = { type: "TimerFired", timer: "workflow" } as const;

test("the time of the workflow, up while an abort is undoing things, cuts nothing off", () => {
  const undoing = given(make.workflowOf(abc, inTime)).when(make.start({}), make.abort);
  const rung = late(undoing);
  rung.then(rang);
  const { events } = rung.and.when(make.answer("4.u"), make.answer("5.u"));
  assert.deepEqual(
    events.filter(({ type }) => type === "ActionRequested"),
    [make.requested("5.u")],
  );
  assert.deepEqual(events.slice(-2), [{ type: "CompensationEnded" }, aborted]);
});

test("a state that undoes something leads on to others that do, also when time is up meanwhile", () => {
  const states = [...abc.slice(0, 4), { ...undo("undo b"), next: make.to("more") } as State, undo("more")];
  const rung = late(given(make.workflowOf(states, inTime)).when(make.start({}), make.abort));
  const { events } = rung.and.when(make.answer("4.u"), make.answer("5.u"), make.answer("6.u"));
  const entries = events.flatMap((event) => (event.type === "StateEntered" ? [event.state] : []));
  assert.deepEqual([entries, events.at(-1)], [["more", "undo a"], aborted]);
});

test("the time of the workflow, up while its end undoes things, cuts nothing off: the instance has come to its end", () => {
  const ending = (more: Partial<Definition>) =>
    given(
      make.workflowOf(
        [
          ...abc.slice(0, 2),
          make.inject("c", {}, { next: { ...make.END, compensate: true } as Next }),
          ...abc.slice(3),
        ],
        { ...inTime, ...more },
      ),
    ).when(make.start({}));
  const ended = late(ending({})).and.when(make.answer("4.u"), make.answer("5.u"));
  assert.deepEqual(ended.events.slice(-2), [{ type: "CompensationEnded" }, { type: "InstanceCompleted" }]);
  // One that is kept active beyond its end ends when its time is up.
  const kept = late(ending({ keepActive: true })).and.when(make.answer("4.u"), make.answer("5.u"));
  assert.deepEqual(kept.events.at(-1), { type: "InstanceAborted", reason: "it did not end in time" });
});

test("the time of the workflow, up while a transition undoes things, lets no further state begin but the last one", () => {
  const turning = (runBefore?: string) =>
    given(
      make.workflowOf(
        [
          ...abc.slice(0, 2),
          make.inject("c", {}, { next: { ...make.to("after"), compensate: true } as Next }),
          ...abc.slice(3),
          make.inject("after", {}),
          make.inject("clean up", { clean: true }),
        ],
        { timeout: { ...timeout, ...(runBefore !== undefined && { runBefore }) } },
      ),
    ).when(make.start({}));
  const outOfTime = { type: "InstanceAborted", reason: "it did not end in time" } as const;
  const gone = late(turning()).and.when(make.answer("4.u"), make.answer("5.u"));
  assert.deepEqual(gone.events.slice(-2), [{ type: "CompensationEnded" }, outOfTime]);
  const cleaned = late(turning("clean up")).and.when(make.answer("4.u"), make.answer("5.u"));
  assert.deepEqual(cleaned.events.slice(-5), [
    { type: "CompensationEnded" },
    entered("clean up", 6),
    data({ clean: true }),
    left("clean up", 6),
    outOfTime,
  ]);
});

test("a state by which an instance ends whose time is up may undo things: the one that finishes, or runs before", () => {
  const last = make.operation("c", [make.call("c", service)], { next: { ...make.END, compensate: true } as Next });
  const states = [...abc.slice(0, 2), last, ...abc.slice(3)];
  const outOfTime = { type: "InstanceAborted", reason: "it did not end in time" } as const;
  const undoneAfter = (begun: Decided, action: string) => {
    const { events } = begun.and.when(make.answer(action), make.answer("4.u"), make.answer("5.u"), make.answer("6.u"));
    return [events.filter(({ type }) => type === "ActionRequested").length, events.at(-1)];
  };
  const finishing = make.workflowOf(states, { timeout: { ...timeout, interrupt: false } });
  assert.deepEqual(undoneAfter(late(given(finishing).when(make.start({}))), "3.c"), [2, outOfTime]);
  const runningBefore = make.workflowOf(states, { timeout: { ...timeout, runBefore: "c" } });
  assert.deepEqual(undoneAfter(late(given(runningBefore).when(make.start({}))), "4.c"), [2, outOfTime]);
});

test("an abort after the workflow's time, of an instance that had failed before, undoes everything", () => {
  const failed = given(make.workflowOf(abc, inTime)).when(make.start({}), make.failure("3.c", "500"));
  const undoing = failed.and.at(NOW_MS + 3_600_000).when(make.abort);
  const rung = undoing.and.at(NOW_MS + 7_200_000).when(make.reachTime);
  rung.then(rang);
  const { events } = rung.and.when(make.answer("4.u"), make.answer("5.u"));
  assert.deepEqual(events.at(-1), aborted);
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

test("an error in a compensation may lead out of its states: their end goes on undoing", () => {
  const failing = make.operation("undo one", [make.call("fail", make.computed("fail", 'error("odd")'))], {
    next: back,
    usedForCompensation: true,
    onErrors: [make.caught("java.lang.Exception", make.to("odd"))],
  });
  const definition = make.workflowOf([
    make.inject("zero", {}, { compensatedBy: "undo zero", next: make.to("one") }),
    make.inject("one", {}, { compensatedBy: "undo one", next: make.to("wait") }),
    wait,
    failing,
    make.inject("odd", { odd: true }, { compensatedBy: "undo one", next: { ...make.END, compensate: true } as Next }),
    log("undo zero"),
  ]);
  const gone = given(definition).when(make.start({})).and.when(make.abort);
  assert.deepEqual(
    gone.events.flatMap((event) => (event.type === "StateEntered" ? [event.state] : [])),
    ["undo one", "odd", "undo zero"],
  );
  assert.deepEqual(gone.events.at(-1), aborted);
  assert.deepEqual(make.outcomeOf(gone.instance), ["aborted", { odd: true, log: ["undo zero"], seen: ["undo zero"] }]);
});

test("a state that an error in a compensation led to, and that failed, is retriggered as a part of the compensation", () => {
  const definition = make.workflowOf([
    make.inject("one", {}, { compensatedBy: "undo one", next: make.to("wait") }),
    wait,
    make.operation("undo one", [make.call("fail", make.computed("fail", 'error("odd")'))], {
      next: back,
      usedForCompensation: true,
      onErrors: [make.caught("java.lang.Exception", make.to("odd"))],
    }),
    make.operation("odd", [make.call("fail", make.computed("failIfNew", 'if .mended then {} else error("new") end'))]),
  ]);
  const failed = given(definition).when(make.start({})).and.when(make.abort);
  assert.equal(failed.instance.status, "faulted");
  const again = failed.and.when(make.retrigger);
  assert.equal(again.instance.status, "faulted");
  assert.equal(
    again.events.some(({ type }) => type === "CompensationEnded"),
    false,
  );
});
