import assert from "node:assert/strict";
import { test } from "node:test";
import type { Action } from "@antiphon/definition";
import * as make from "../testing/build.ts";
import { given, NOW_MS } from "../testing/index.ts";
import { DETACHED_MAX } from "./detached.ts";

const service = make.http("service");
const ask = (name: string, more: Partial<Action> = {}) =>
  make.call(name, service, { arguments: { sees: "keys" }, ...more });

const left = { type: "StateLeft", state: "work", visit: 1 } as const;
const completed = { type: "InstanceCompleted" } as const;
const done = (i: number) => ({ type: "BranchEnded", branch: `1.actions[${i}]`, outcome: "completed" }) as const;

function work(...actions: readonly Action[]) {
  return make.workflowOf([make.operation("work", actions, { actionMode: "parallel" })]);
}

test("parallel actions are asked for at once; each result is merged into the data when it comes", () => {
  const asked = given(work(ask("a"), ask("b"))).when(make.start({ n: 1 }));
  asked.then(
    make.started({ n: 1 }),
    { type: "StateEntered", state: "work", visit: 1 },
    { type: "ForkStarted", fork: "1.actions", total: 2 },
    { type: "BranchStarted", branch: "1.actions[0]", scope: "shared" },
    make.requested("1.actions[0].a", { sees: ["n"] }),
    { type: "TokenMoved", step: "a.call", branch: "1.actions[0]" },
    { type: "BranchStarted", branch: "1.actions[1]", scope: "shared" },
    make.requested("1.actions[1].b", { sees: ["n"] }),
    { type: "TokenMoved", step: "b.call", branch: "1.actions[1]" },
    { type: "TokenMoved", step: "actions" },
  );
  const crossed = asked.and.when(make.answer("1.actions[1].b", { n: 2, b: 2 }));
  crossed.then(
    { type: "ActionCompleted", action: "1.actions[1].b", output: { n: 2, b: 2 } },
    { type: "DataChanged", data: { n: 2, b: 2 } },
    done(1),
    { type: "TokenMoved", step: "actions" },
  );
  crossed.and
    .when(make.answer("1.actions[0].a", { a: 1 }))
    .then(
      { type: "ActionCompleted", action: "1.actions[0].a", output: { a: 1 } },
      { type: "DataChanged", data: { n: 2, b: 2, a: 1 } },
      done(0),
      { type: "ForkJoined", fork: "1.actions" },
      left,
      completed,
    );
});

test("an action that sleeps first sees what the others have brought by then", () => {
  const asked = given(work(ask("late", { sleepBefore: "PT1S" }), ask("b"))).when(
    make.start({}),
    make.answer("1.actions[1].b", { b: 2 }),
  );
  const { events } = asked.and.at(NOW_MS + 1_000).when(make.reachTime);
  assert.deepEqual(events.slice(0, 2), [
    { type: "TimerFired", timer: "1.actions[0].late.before" },
    make.requested("1.actions[0].late", { sees: ["b"] }),
  ]);
});

test("an error of one of them gives the others up", () => {
  const failed = given(work(ask("a"), ask("b")))
    .when(make.start({}))
    .and.when(make.failure("1.actions[0].a", "500"));
  const error = { code: "500", message: "no", classes: [] };
  failed.then(
    { type: "ActionFailed", action: "1.actions[0].a", error },
    { type: "ActionCancelled", action: "1.actions[1].b" },
    { type: "InstanceFaulted", error: { ...error, where: 'state "work", action "a"' }, branch: "1.actions[0]" },
  );
});

test("parallel actions of an event state are performed when its events have come", () => {
  const approved = make.consumed("approved");
  const listen = make.eventState("work", [{ ...make.on([approved], [ask("a"), ask("b")]), actionMode: "parallel" }]);
  const sleep = make.sleep("nap", "PT0S", { next: make.to("work") });
  const came = given(make.workflowOf([sleep, listen]))
    .when(make.start({}), make.reachTime)
    .and.when(make.deliver(make.cloudEvent("approved", "e-1", { n: 1 })));
  assert.deepEqual(
    came.events.filter(({ type }) => type === "ActionRequested"),
    [make.requested("2.0.0.actions[0].a", { sees: ["n"] }), make.requested("2.0.0.actions[1].b", { sees: ["n"] })],
  );
  const { instance } = came.and.when(
    make.answer("2.0.0.actions[1].b", { b: 2 }),
    make.answer("2.0.0.actions[0].a", { a: 1 }),
  );
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 1, b: 2, a: 1 }]);
});

test("a single action needs no branches", () => {
  const { events } = given(work(ask("a"))).when(make.start({}));
  assert.deepEqual(events.slice(2), [make.requested("1.a", { sees: [] }), { type: "TokenMoved", step: "a.call" }]);
});

test("an action that nobody waits for is asked for, and the state goes on", () => {
  const call = { kind: "function", function: service, async: true } as const;
  const detached: Action = { name: "tell", call, useResults: true, fromStateData: ".n", results: ".x" };
  const definition = make.workflowOf([
    make.operation("work", [detached], { next: make.to("nap") }),
    make.sleep("nap", "PT1S"),
  ]);
  const asked = given(definition).when(make.start({ n: 1 }));
  assert.deepEqual(asked.events[2], make.requested("1.tell", 1, { detached: true }));
  const answered = asked.and.when(make.answer("1.tell", { n: 2 }));
  answered.then({ type: "ActionCompleted", action: "1.tell", output: { n: 2 } });
  answered.and.when(make.answer("1.tell", { n: 3 })).then();
  const failed = asked.and.when(make.failure("1.tell", "500"));
  failed.then({ type: "ActionFailed", action: "1.tell", error: { code: "500", message: "no", classes: [] } });
  const { instance } = failed.and.at(NOW_MS + 1_000).when(make.reachTime);
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 1 }]);
});

test("what nobody waits for may be answered while the instance has failed: it is under way no more", () => {
  const call = { kind: "function", function: service, async: true } as const;
  const tell: Action = { name: "tell", call, useResults: true };
  const definition = make.workflowOf([make.operation("work", [tell, make.call("a", service)])]);
  const failed = given(definition).when(make.start({}), make.failure("1.a", "500"));
  assert.equal(failed.instance.status, "faulted");
  for (const [input, fact] of [
    [make.answer("1.tell", { n: 2 }), { type: "ActionCompleted", action: "1.tell", output: { n: 2 } }],
    [
      make.failure("1.tell", "500"),
      { type: "ActionFailed", action: "1.tell", error: { code: "500", message: "no", classes: [] } },
    ],
  ] as const) {
    const answered = failed.and.when(input);
    answered.then(fact);
    assert.deepEqual([answered.instance.status, "detached" in answered.instance], ["faulted", false]);
    answered.and.when(input, make.answer("1.a", {})).then();
  }
});

test("a loop that asks for more than is ever answered ends in a failure", () => {
  const call = { kind: "function", function: service, async: true } as const;
  const tell: Action = { name: "tell", call, useResults: true };
  const each = make.foreach("each", [tell], { inputCollection: `[range(${DETACHED_MAX + 1})]` });
  const { instance, events } = given(make.workflowOf([each])).when(make.start());
  assert.equal(instance.status === "faulted" && instance.error.code, "too-many-detached");
  assert.equal(events.filter(({ type }) => type === "ActionRequested").length, DETACHED_MAX);
});
