import assert from "node:assert/strict";
import { test } from "node:test";
import type { ParallelState } from "@antiphon/definition";
import { isResting, startAnswer } from "../index.ts";
import * as make from "../testing/build.ts";
import { given, NOW_MS } from "../testing/index.ts";

const service = make.http("service");
const increment = make.call("increment", make.computed("increment", "{n: (.n + 1)}"));
const ask = (name: string) => make.branch(name, [make.call(name, service, { arguments: { n: ".n" } })]);

const entered = { type: "StateEntered", state: "fan", visit: 1 } as const;
const left = { type: "StateLeft", state: "fan", visit: 1 } as const;
const completed = { type: "InstanceCompleted" } as const;
const joined = { type: "ForkJoined", fork: "1.branch" } as const;
const begun = (i: number) => ({ type: "BranchStarted", branch: `1.branch[${i}]`, scope: "copy" }) as const;
const done = (i: number) => ({ type: "BranchEnded", branch: `1.branch[${i}]`, outcome: "completed" }) as const;

function fan(branches: ParallelState["branches"], more: Partial<ParallelState> = {}) {
  return make.workflowOf([make.parallel("fan", branches, more)]);
}

test("every branch works on a copy of the data as it was when the state was entered: from 4, three times one more is 5", () => {
  const branches = ["a", "b", "c"].map((name) => make.branch(name, [increment]));
  const { instance } = given(fan(branches)).when(make.start({ n: 4 }));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 5 }]);
});

test("branches run side by side: all are asked for at once, and each is merged when it completes", () => {
  const asked = given(fan([ask("a"), ask("b")])).when(make.start({ n: 1 }));
  asked.then(
    make.started({ n: 1 }),
    entered,
    { type: "ForkStarted", fork: "1.branch", total: 2 },
    begun(0),
    begun(1),
    make.requested("1.branch[0].a", { n: 1 }),
    { type: "TokenMoved", step: "a.call", branch: "1.branch[0]" },
    make.requested("1.branch[1].b", { n: 1 }),
    { type: "TokenMoved", step: "b.call", branch: "1.branch[1]" },
    { type: "TokenMoved", step: "branch" },
  );
  const crossed = asked.and.when(make.answer("1.branch[1].b", { b: 2 }));
  crossed.then(
    { type: "ActionCompleted", action: "1.branch[1].b", output: { b: 2 } },
    { type: "DataChanged", data: { n: 1, b: 2 }, branch: "1.branch[1]" },
    { type: "DataChanged", data: { n: 1, b: 2 } },
    done(1),
    { type: "TokenMoved", step: "branch" },
  );
  crossed.and
    .when(make.answer("1.branch[0].a", { a: 1 }))
    .then(
      { type: "ActionCompleted", action: "1.branch[0].a", output: { a: 1 } },
      { type: "DataChanged", data: { n: 1, a: 1 }, branch: "1.branch[0]" },
      { type: "DataChanged", data: { n: 1, b: 2, a: 1 } },
      done(0),
      joined,
      left,
      completed,
    );
});

test("a branch does not see what another one has brought", () => {
  const branch = make.branch("a", [
    make.call("first", service),
    make.call("then", service, { arguments: { sees: "keys" } }),
  ]);
  const asked = given(fan([branch, ask("b")])).when(make.start({ n: 1 }), make.answer("1.branch[1].b", { b: 2 }));
  const { events } = asked.and.when(make.answer("1.branch[0].first", { a: 1 }));
  assert.deepEqual(events[2], make.requested("1.branch[0].then", { sees: ["a", "n"] }));
});

test("a branch that waits yields to the others", () => {
  const slow = make.branch("slow", [make.call("wait", service, { sleepBefore: "PT1S" })]);
  const { events, instance } = given(fan([slow, ask("b")])).when(make.start({}));
  const asked = events.filter(({ type }) => type === "ActionRequested" || type === "TimerStarted");
  assert.deepEqual(asked, [
    { type: "TimerStarted", timer: "1.branch[0].wait.before", dueMs: NOW_MS + 1_000 },
    make.requested("1.branch[1].b", { n: null }),
  ]);
  assert.equal(isResting(instance), false);
});

for (const atLeast of [2, "2", "${ .enough }"]) {
  test(`once ${atLeast} of three have completed the rest is given up, and not merged`, () => {
    const state = fan([ask("a"), ask("b"), ask("c")], { atLeast });
    const first = given(state).when(make.start({ enough: 2 }), make.answer("1.branch[2].c", { c: 3 }));
    const second = first.and.when(make.answer("1.branch[0].a", { a: 1 }));
    second.then(
      { type: "ActionCompleted", action: "1.branch[0].a", output: { a: 1 } },
      { type: "DataChanged", data: { enough: 2, a: 1 }, branch: "1.branch[0]" },
      { type: "DataChanged", data: { enough: 2, c: 3, a: 1 } },
      done(0),
      { type: "ActionCancelled", action: "1.branch[1].b" },
      { type: "BranchEnded", branch: "1.branch[1]", outcome: "cancelled" },
      joined,
      left,
      completed,
    );
    second.and.when(make.answer("1.branch[1].b", { b: 2 })).then();
  });
}

test("branches beyond what is enough are not run", () => {
  const branches = ["a", "b", "c"].map((name) =>
    make.branch(name, [make.call("set", make.computed(name, `{${name}: 1}`))]),
  );
  const { events, instance } = given(fan(branches, { atLeast: 2 })).when(make.start({ n: 1 }));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 1, a: 1, b: 1 }]);
  assert.deepEqual(events.slice(-4), [
    { type: "BranchEnded", branch: "1.branch[2]", outcome: "cancelled" },
    joined,
    left,
    completed,
  ]);
});

test("none of the branches is needed where none must complete, and more than there are cannot", () => {
  const none = given(fan([ask("a")], { atLeast: 0 })).when(make.start({ n: 1 }));
  assert.deepEqual(make.outcomeOf(none.instance), ["completed", { n: 1 }]);
  const all = given(fan([ask("a")], { atLeast: 5 })).when(make.start({ n: 1 }), make.answer("1.branch[0].a", { a: 1 }));
  assert.deepEqual(make.outcomeOf(all.instance), ["completed", { n: 1, a: 1 }]);
});

test("who started it is answered when the last branch has ended, for halfway to its end it does not rest", () => {
  const reply = { gateway: "g", request: "r" };
  const asked = given(fan([ask("a"), ask("b")])).when(make.start({}, { reply }));
  const half = asked.and.when(make.answer("1.branch[1].b", { b: 2 }));
  assert.equal(startAnswer(asked.instance, half.instance), undefined);
  const whole = half.and.when(make.answer("1.branch[0].a", { a: 1 }));
  assert.deepEqual(startAnswer(half.instance, whole.instance), reply);
});
