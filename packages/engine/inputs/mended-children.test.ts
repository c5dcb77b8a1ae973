import assert from "node:assert/strict";
import { test } from "node:test";
import type { FailedChild, WorkflowError } from "@antiphon/protocol";
import { absent, decide, type Input } from "../index.ts";
import * as make from "../testing/build.ts";
import { environmentAt, given, NOW_MS } from "../testing/index.ts";

const root = { instance: "i-1", workflow: "onboarding" };
const child: FailedChild = { instance: "i-1:1.child/1", workflow: "price", where: 'state "ask"' };
const asked = { reply: { gateway: "g", request: "q" } };

/** The child's failure, as it comes to its parent. */
function failure(more: Partial<FailedChild> = {}, message = "no"): Input {
  const error: WorkflowError = { code: "500", message, classes: [], child: { ...child, ...more } };
  return { type: "CompleteAction", instance: "i-1", action: "1.child", outcome: { status: "failed", error } };
}

const parent = given(make.workflowOf([make.operation("work", [make.subflow("child", "price")])]));
const failed = parent.when(make.start({ n: 1 }), failure());

test("the error of a parent names the child, and stands at the parent's own place", () => {
  assert.equal(failed.instance.status, "faulted");
  assert.deepEqual(failed.instance.status === "faulted" && failed.instance.error, {
    code: "500",
    message: "no",
    classes: [],
    where: 'state "work", action "child"',
    child,
  });
});

test("a parent goes on with what a child comes to that was mended", () => {
  failed.and
    .when(make.answer("1.child", { price: 9 }))
    .then(
      { type: "InstanceRetriggered" },
      { type: "ActionCompleted", action: "1.child", output: { price: 9 } },
      { type: "DataChanged", data: { n: 1, price: 9 } },
      { type: "StateLeft", state: "work", visit: 1 },
      { type: "InstanceCompleted" },
    );
});

test("a result that a child sends twice, or that answers another attempt, changes nothing", () => {
  const other = failed.and.when(make.answer("1.child", { price: 9 }, undefined, 2));
  assert.deepEqual(other.events, []);
  const { and } = failed.and.when(make.answer("1.child", { price: 9 }));
  assert.deepEqual(and.when(make.answer("1.child", { price: 9 })).events, []);
});

test("a parent that is tried again asks the same child to go on, in the same attempt", () => {
  const again = failed.and.when({ ...make.retrigger, ...asked } as Input);
  again.then(
    { type: "InstanceRetriggered" },
    { type: "ChildRetriggered", action: "1.child", child: child.instance, root, tellsRest: true },
    { type: "AnswerPromised", ...asked },
  );
  const { instance } = again.and.when(make.answer("1.child", { price: 9 }));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 1, price: 9 }]);
  const twice = again.and.when(failure({}, "still no"), make.retrigger);
  assert.equal(twice.events.filter(({ type }) => type === "ChildRetriggered").length, 1);
  assert.deepEqual(make.outcomeOf(twice.instance), ["active", { n: 1 }]);
});

test("a later attempt keeps its number", () => {
  const strategy = { name: "once", maxAttempts: 1 };
  const retried = given(
    make.workflowOf([
      make.operation("work", [make.subflow("child", "price", { retry: { strategy, nonRetryable: [] } })]),
    ]),
  );
  const second = { ...failure({ instance: "i-1:1.child/2" }), attempt: 2 } as Input;
  const stopped = retried.when(make.start({}), failure(), make.reachTime, second);
  assert.equal(stopped.instance.status, "faulted");
  const again = stopped.and.when(make.retrigger);
  assert.deepEqual(again.events[1], {
    type: "ChildRetriggered",
    action: "1.child",
    attempt: 2,
    child: "i-1:1.child/2",
    root,
  });
  const { instance } = again.and.when(make.answer("1.child", { price: 9 }, undefined, 2));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { price: 9 }]);
});

test("a child that was aborted, or that never started, is asked for anew", () => {
  const refused = make.failure("1.child", "no-workflow", "none");
  for (const last of [[failure({ aborted: true })], [failure(), failure({ aborted: true })], [refused]]) {
    const { events } = parent.when(make.start({}), ...last).and.when(make.retrigger);
    assert.deepEqual(
      events.filter(({ type }) => type.startsWith("Child")),
      [
        {
          type: "ChildRequested",
          action: "1.child",
          attempt: 2,
          child: "i-1:1.child/2",
          workflow: "price",
          data: {},
          root,
        },
      ],
    );
  }
});

test("a child that fails again changes nothing for a parent that has failed, but who is to be mended", () => {
  const error = { code: "500", message: "other", classes: [], child: { ...child, instance: "c-9" } };
  const again = failed.and.when(failure({ instance: "c-9" }, "other"));
  again.then({ type: "ActionFailed", action: "1.child", error });
  const { events } = again.and.when(make.retrigger);
  assert.deepEqual(events[1], { type: "ChildRetriggered", action: "1.child", child: "c-9", root });
});

test("what failed is passed over without its child", () => {
  const { events, instance } = failed.and.when(make.skip);
  assert.ok(events.every(({ type }) => type !== "ChildRetriggered"));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 1 }]);
});

test("the branches beside the child that failed begin again when it is mended", () => {
  const two = make.operation("work", [make.subflow("child", "price"), make.call("a", make.http("service"))], {
    actionMode: "parallel",
  });
  const error: WorkflowError = { code: "500", message: "no", classes: [], child };
  const action = "1.actions[0].child";
  const stopped = given(make.workflowOf([two])).when(make.start({}), {
    type: "CompleteAction",
    instance: "i-1",
    action,
    outcome: { status: "failed", error },
  });
  const { events } = stopped.and.when(make.answer(action, { price: 9 }));
  assert.deepEqual(
    events.filter(({ type }) => type === "ActionCompleted" || type === "ActionRequested"),
    [
      { type: "ActionCompleted", action, output: { price: 9 } },
      make.requested("1.actions[1].a", { price: 9 }, { attempt: 2 }),
    ],
  );
});

test("an abort of a parent aborts the child that failed, also where something is undone before", () => {
  failed.and
    .when(make.abort)
    .then(
      { type: "ActionCancelled", action: "1.child", child: child.instance },
      { type: "InstanceAborted", reason: "by request", children: [child.instance] },
    );
  const undo = make.inject(
    "undo",
    { undone: true },
    { usedForCompensation: true, next: { kind: "return", produce: [] } },
  );
  const begin = make.inject("begin", {}, { compensatedBy: "undo", next: make.to("work") });
  const work = make.operation("work", [make.subflow("child", "price")]);
  const compensating = given(make.workflowOf([begin, work, undo]));
  const later = { ...failure(), action: "2.child" } as Input;
  for (const inputs of [
    [make.start({}), later, make.abort],
    [make.start({}), make.abort],
  ]) {
    const { events } = compensating.when(...inputs);
    const { children } = events.at(-1) as { readonly children?: readonly string[] };
    assert.deepEqual(children, [inputs.length === 3 ? child.instance : "i-1:2.child/1"]);
  }
});

const asking = { instance: "p-1", action: "4.a", root: { instance: "p-1", workflow: "parent" } };
const context = { kogitoparentprociid: "p-1", kogitorootprociid: "p-1", kogitorootprocid: "parent" };
const performing = given(make.workflowOf([make.operation("ask", [make.call("a", make.http("service"))])]));

test("a child that its parent asks to go on tells it when it rests, and what it comes to, from where it failed", () => {
  const stopped = performing.when(make.start({}, { parent: asking }), make.failure("1.a", "500"));
  const parentAsks: Input = { ...make.retrigger, parent: { ...asking, tellsRest: true } } as Input;
  const again = stopped.and.when(parentAsks);
  again.then(
    { type: "InstanceRetriggered" },
    { type: "ResultAwaited", parent: { ...asking, tellsRest: true } },
    make.requested("1.a", {}, { attempt: 2, context }),
  );
  const { events } = again.and.when(make.answer("1.a", { ok: 1 }, undefined, 2));
  assert.deepEqual(events.at(-2), {
    type: "ResultReturned",
    parent: { ...asking, tellsRest: true },
    outcome: { status: "completed", output: { ok: 1 } },
  });
});

test("a child that goes on already, or has ended, tells its parent all the same", () => {
  const parentAsks: Input = { ...make.retrigger, parent: asking } as Input;
  const told = (outcome: object) => ({ type: "ResultReturned", parent: asking, outcome });
  const started = performing.when(make.start({}, { parent: asking }));
  started.and.when(parentAsks).then({ type: "ResultAwaited", parent: asking });
  const { and } = started.and.when(make.answer("1.a", { ok: 1 }));
  assert.deepEqual(and.when(parentAsks).events, [told({ status: "completed", output: { ok: 1 } })]);
  const aborted = started.and.when(make.abort).and.when(parentAsks);
  assert.deepEqual(
    aborted.events.map((event) => event.type === "ResultReturned" && event.outcome.status),
    ["failed"],
  );
  const error = {
    code: "no-instance",
    message: "expected the instance that performs the action, found none",
    classes: ["java.lang.RuntimeException", "java.lang.Exception"],
  };
  assert.deepEqual(decide(undefined, absent, parentAsks, environmentAt(NOW_MS)), [told({ status: "failed", error })]);
  assert.deepEqual(and.when(make.retrigger).events, []);
});
