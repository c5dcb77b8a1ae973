import assert from "node:assert/strict";
import { test } from "node:test";
import type { ParallelState } from "@antiphon/definition";
import { isResting } from "../index.ts";
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

test("an error in a branch that the state catches gives up all branches, and nothing of them is merged", () => {
  const state = make.parallel("fan", [ask("a"), ask("b")], {
    onErrors: [make.caught("HTTP:500", make.to("saved"))],
  });
  const error = { code: "500", message: "no", classes: [] };
  given(make.workflowOf([state, make.inject("saved", { saved: true })]))
    .when(make.start({ n: 1 }))
    .and.when(make.failure("1.branch[1].b", "500"))
    .then(
      { type: "ActionFailed", action: "1.branch[1].b", error },
      { type: "ErrorCaught", error: { ...error, where: 'state "fan", action "b"' } },
      { type: "ActionCancelled", action: "1.branch[0].a" },
      left,
      { type: "StateEntered", state: "saved", visit: 2 },
      { type: "DataChanged", data: { n: 1, saved: true } },
      { type: "StateLeft", state: "saved", visit: 2 },
      completed,
    );
});

test("an instance that failed in one branch keeps what has completed; what was given up with it is asked for again", () => {
  const failed = given(fan([ask("a"), ask("b"), ask("c")]))
    .when(make.start({ n: 1 }), make.answer("1.branch[0].a", { a: 1 }))
    .and.when(make.failure("1.branch[1].b", "500"));
  const error = { code: "500", message: "no", classes: [] };
  failed.then(
    { type: "ActionFailed", action: "1.branch[1].b", error },
    { type: "ActionCancelled", action: "1.branch[2].c" },
    { type: "InstanceFaulted", error: { ...error, where: 'state "fan", action "b"' }, branch: "1.branch[1]" },
  );
  const again = failed.and.when(make.retrigger);
  again.then(
    { type: "InstanceRetriggered" },
    make.requested("1.branch[1].b", { n: 1 }, { attempt: 2 }),
    make.requested("1.branch[2].c", { n: 1 }, { attempt: 2 }),
  );
  const { instance } = again.and.when(
    make.answer("1.branch[2].c", { late: true }),
    make.answer("1.branch[1].b", { b: 2 }, undefined, 2),
    make.answer("1.branch[2].c", { c: 3 }, undefined, 2),
  );
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 1, a: 1, b: 2, c: 3 }]);
});

test("passing over what failed moves on in its branch only", () => {
  const two = make.branch("b", [make.call("b", service), make.call("then", service)]);
  const skipped = given(fan([ask("a"), two]))
    .when(make.start({ n: 1 }), make.failure("1.branch[1].b", "500"))
    .and.when(make.skip);
  skipped.then(
    { type: "InstanceRetriggered", skip: true },
    { type: "TokenMoved", step: "then.call", branch: "1.branch[1]" },
    make.requested("1.branch[0].a", { n: 1 }, { attempt: 2 }),
    make.requested("1.branch[1].then", { n: 1 }),
  );
});

test("a branch has its own time; the state catches that it is up", () => {
  const state = make.parallel("fan", [make.branch("slow", [make.call("a", service)], "PT5S"), ask("b")], {
    onErrors: [make.caught("TimedOut", make.END)],
  });
  const asked = given(make.workflowOf([state])).when(make.start({ n: 1 }));
  assert.deepEqual(asked.events[5], { type: "TimerStarted", timer: "1.branch[0].timeout", dueMs: NOW_MS + 5_000 });
  asked.and
    .at(NOW_MS + 5_000)
    .when(make.reachTime)
    .then(
      { type: "TimerFired", timer: "1.branch[0].timeout" },
      { type: "TimerCancelled", timer: "1.branch[0].timeout" },
      {
        type: "ErrorCaught",
        error: {
          code: "TimedOut",
          message: 'branch "slow" did not end in time',
          classes: ["java.lang.RuntimeException", "java.lang.Exception"],
          where: 'state "fan"',
        },
      },
      { type: "ActionCancelled", action: "1.branch[0].a" },
      { type: "ActionCancelled", action: "1.branch[1].b" },
      left,
      completed,
    );
  const inTime = asked.and.when(make.answer("1.branch[0].a", { a: 1 }));
  assert.deepEqual(inTime.events.slice(-2), [{ type: "TimerCancelled", timer: "1.branch[0].timeout" }, done(0)]);
});

test("a branch whose time was up has all of it again when its instance is tried again", () => {
  const timed = fan([make.branch("slow", [make.call("a", service)], "PT5S")]);
  const faulted = given(timed).when(make.start({ n: 1 })).and.at(NOW_MS + 5_000).when(make.reachTime);
  assert.equal(faulted.instance.status, "faulted");
  faulted.and
    .at(NOW_MS + 60_000)
    .when(make.retrigger)
    .then(
      { type: "InstanceRetriggered" },
      { type: "TimerStarted", timer: "1.branch[0].timeout", dueMs: NOW_MS + 65_000 },
      make.requested("1.branch[0].a", { n: 1 }, { attempt: 2 }),
    );
});
