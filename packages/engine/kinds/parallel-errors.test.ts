import assert from "node:assert/strict";
import { test } from "node:test";
import type { ParallelState } from "@antiphon/definition";
import * as make from "../testing/build.ts";
import { given, NOW_MS } from "../testing/index.ts";

const service = make.http("service");
const ask = (name: string) => make.branch(name, [make.call(name, service, { arguments: { n: ".n" } })]);

const left = { type: "StateLeft", state: "fan", visit: 1 } as const;
const completed = { type: "InstanceCompleted" } as const;
const done = (i: number) => ({ type: "BranchEnded", branch: `1.branch[${i}]`, outcome: "completed" }) as const;

function fan(branches: ParallelState["branches"], more: Partial<ParallelState> = {}) {
  return make.workflowOf([make.parallel("fan", branches, more)]);
}

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
          where: 'state "fan", branch "slow"',
        },
      },
      { type: "ActionCancelled", action: "1.branch[0].a" },
      { type: "ActionCancelled", action: "1.branch[1].b" },
      left,
      completed,
    );
  const inTime = asked.and.when(make.answer("1.branch[0].a", { a: 1 }));
  assert.deepEqual(inTime.events.slice(-3), [
    { type: "TimerCancelled", timer: "1.branch[0].timeout" },
    done(0),
    { type: "TokenMoved", step: "branch" },
  ]);
});

test("a branch whose time was up has all of it again when its instance is tried again", () => {
  const timed = fan([make.branch("slow", [make.call("a", service)], "PT5S")]);
  const faulted = given(timed)
    .when(make.start({ n: 1 }))
    .and.at(NOW_MS + 5_000)
    .when(make.reachTime);
  assert.equal(faulted.instance.status, "faulted");
  faulted.and
    .at(NOW_MS + 60_000)
    .when(make.retrigger)
    .then(
      { type: "InstanceRetriggered", pausedMs: 55_000 },
      { type: "TimerStarted", timer: "1.branch[0].timeout", dueMs: NOW_MS + 65_000 },
      make.requested("1.branch[0].a", { n: 1 }, { attempt: 2 }),
    );
});

test("a branch that cannot be joined is through all the same: tried again, it is joined and does nothing else", () => {
  const deep = make.call("deep", make.computed("deep", "reduce range(409) as $i (1; [.])"));
  const failed = given(fan([make.branch("a", [make.call("ask", service), deep])]))
    .when(make.start({}), { type: "ReplaceData", instance: "i-1", data: { n: 1 } })
    .and.when(make.answer("1.branch[0].ask"));
  assert.deepEqual(
    failed.events.slice(-2).map(({ type }) => type),
    ["TokenMoved", "InstanceFaulted"],
  );
  const { events } = failed.and.when({ type: "ReplaceData", instance: "i-1", data: {} }, make.retrigger);
  assert.deepEqual(
    events.map(({ type }) => type),
    [
      "DataChanged",
      "InstanceRetriggered",
      "DataChanged",
      "BranchEnded",
      "ForkJoined",
      "StateLeft",
      "InstanceCompleted",
    ],
  );
});
