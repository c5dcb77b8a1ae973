import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, compile, decide } from "../index.ts";
import * as make from "../testing/build.ts";
import { environmentAt, given, NOW_MS } from "../testing/index.ts";

const root = { instance: "i-1", workflow: "onboarding" };
const requested = {
  type: "ChildRequested",
  action: "1.child",
  child: "i-1:1.child/1",
  workflow: "price",
  root,
} as const;
const left = { type: "StateLeft", state: "work", visit: 1 } as const;

function work(more: Parameters<typeof make.subflow>[2] = {}) {
  return make.workflowOf([
    make.operation("work", [make.subflow("child", "price", more)], { next: make.to("nap") }),
    make.sleep("nap", "PT1S"),
  ]);
}

test("a child is asked for with the data; what it ends with is the action's result", () => {
  const asked = given(work()).when(make.start({ n: 1 }));
  asked.then(
    make.started({ n: 1 }),
    { type: "StateEntered", state: "work", visit: 1 },
    { ...requested, data: { n: 1 } },
    { type: "TokenMoved", step: "child.call" },
  );
  const { events } = asked.and.when(make.answer("1.child", { n: 2, price: 9 }));
  assert.deepEqual(events.slice(0, 3), [
    { type: "ActionCompleted", action: "1.child", output: { n: 2, price: 9 } },
    { type: "DataChanged", data: { n: 2, price: 9 } },
    left,
  ]);
});

test("version, filters and variables are handed on", () => {
  const { events } = given(work({ version: "2.0", fromStateData: "{of: .n}" })).when(
    make.start({ n: 1 }, { variables: { rate: 3 } }),
  );
  assert.deepEqual(events[2], { ...requested, version: "2.0", data: { of: 1 }, variables: { rate: 3 } });
});

test("a grandchild knows the root of the family", () => {
  const parent = { instance: "p-1", action: "4.a", root: { instance: "r-1", workflow: "top" } };
  const { events } = given(work()).when(make.start({}, { parent }));
  assert.deepEqual(events[2], { ...requested, data: {}, root: parent.root });
});

test("a child tells its parent what it came to: its data, or why it failed or was aborted", () => {
  const parent = { instance: "p-1", action: "1.child", attempt: 2, root: { instance: "p-1", workflow: "parent" } };
  const service = make.operation("ask", [make.call("a", make.http("service"))]);
  const asked = given(make.workflowOf([service])).when(make.start({ n: 1 }, { parent }));
  const told = (outcome: object) => ({ type: "ResultReturned", parent, outcome });
  const { events } = asked.and.when(make.answer("1.a", { ok: 1 }));
  assert.deepEqual(events.slice(-2), [
    told({ status: "completed", output: { n: 1, ok: 1 } }),
    { type: "InstanceCompleted" },
  ]);
  const failed = asked.and.when(make.failure("1.a", "500"));
  const where = 'state "ask", action "a"';
  const error = { code: "500", message: "no", classes: [] };
  const child = { instance: "i-1", workflow: "onboarding" };
  assert.deepEqual(failed.events.slice(-2), [
    told({ status: "failed", error: { ...error, child: { ...child, where } } }),
    { type: "InstanceFaulted", error: { ...error, where } },
  ]);
  const aborted = asked.and.when(make.abort);
  assert.deepEqual(aborted.events.slice(-2), [
    told({
      status: "failed",
      error: {
        code: "Aborted",
        message: "by request",
        classes: ["java.lang.RuntimeException", "java.lang.Exception"],
        child: { ...child, aborted: true },
      },
    }),
    { type: "InstanceAborted", reason: "by request" },
  ]);
});

test("a child that failed is a failure of the action", () => {
  const definition = make.workflowOf([
    make.operation("work", [make.subflow("child", "price")], {
      onErrors: [make.caught("java.lang.Exception", make.END)],
    }),
  ]);
  const { instance, events } = given(definition)
    .when(make.start({ n: 1 }))
    .and.when(make.failure("1.child", "no-workflow", "none", ["java.lang.Exception"]));
  assert.equal(events[1]?.type, "ErrorCaught");
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 1 }]);
});

test("an abort of the parent aborts the child, and so does a failure beside it", () => {
  const asked = given(work()).when(make.start({}));
  asked.and
    .when(make.abort)
    .then(
      { type: "ActionCancelled", action: "1.child", child: "i-1:1.child/1" },
      { type: "InstanceAborted", reason: "by request", children: ["i-1:1.child/1"] },
    );
  const two = make.operation("work", [make.subflow("child", "price"), make.call("a", make.http("service"))], {
    actionMode: "parallel",
  });
  const failed = given(make.workflowOf([two]))
    .when(make.start({}))
    .and.when(make.failure("1.actions[1].a", "500"));
  assert.deepEqual(failed.events[1], {
    type: "ActionCancelled",
    action: "1.actions[0].child",
    child: "i-1:1.actions[0].child/1",
  });
});

test("a child that nobody waits for is asked for, and goes on or ends when its parent does", () => {
  for (const onParentComplete of ["terminate", "continue"] as const) {
    const asked = given(work({ async: true, onParentComplete })).when(make.start({ n: 1 }));
    assert.deepEqual(asked.events.slice(2, 5), [
      { ...requested, data: { n: 1 }, detached: onParentComplete },
      left,
      { type: "StateEntered", state: "nap", visit: 2 },
    ]);
    const { events } = asked.and.at(NOW_MS + 1_000).when(make.reachTime);
    const cancelled = { type: "ActionCancelled", action: "1.child", child: "i-1:1.child/1" };
    assert.deepEqual(
      events.filter(({ type }) => type === "ActionCancelled"),
      onParentComplete === "terminate" ? [cancelled] : [],
    );
    const ended = asked.and
      .when(make.answer("1.child", { price: 9 }))
      .and.at(NOW_MS + 1_000)
      .when(make.reachTime);
    assert.deepEqual(
      ended.events.filter(({ type }) => type === "ActionCancelled"),
      [],
    );
    assert.deepEqual(make.outcomeOf(ended.instance), ["completed", { n: 1 }]);
  }
});

test("an instance that failed still knows the children that end with it", () => {
  const failing = make.operation("fails", [make.call("f", make.computed("f", ".n | keys"))]);
  const definition = make.workflowOf([
    make.operation("work", [make.subflow("child", "price", { async: true })], { next: make.to("fails") }),
    failing,
  ]);
  given(definition)
    .when(make.start({ n: 1 }))
    .and.when(make.abort)
    .then(
      { type: "ActionCancelled", action: "1.child", child: "i-1:1.child/1" },
      { type: "InstanceAborted", reason: "by request", children: ["i-1:1.child/1"] },
    );
});

test("a workflow that is not there, or cannot be started so, is a failure of the action that asks for it", () => {
  const parent = { instance: "p-1", action: "1.child", root: { instance: "p-1", workflow: "parent" } };
  const classes = ["java.lang.RuntimeException", "java.lang.Exception"];
  const refused = (code: string, message: string) => [
    { type: "ResultReturned", parent, outcome: { status: "failed", error: { code, message, classes } } },
  ];
  assert.deepEqual(
    decide(undefined, absent, make.start({}, { parent, version: "3" }), environmentAt(NOW_MS)),
    refused("no-workflow", 'expected a workflow "onboarding", version "3", found none that is deployed'),
  );
  const byEvent = make.workflowOf([make.eventState("listen", [make.on([make.consumed("paid")])])]);
  given(byEvent)
    .when(make.start({}, { parent }))
    .then(
      ...(refused("no-start", 'workflow "onboarding" starts with an event, found a request to start it') as never[]),
    );
});

test("data that a child's input schema does not allow is a failure of the action", () => {
  const parent = { instance: "p-1", action: "1.child", root: { instance: "p-1", workflow: "parent" } };
  const env = { ...environmentAt(NOW_MS), conforms: () => "expected a member n, found none" };
  const started = (failOnValidationErrors: boolean) => {
    const dataInputSchema = { schema: {}, failOnValidationErrors };
    const workflow = compile(make.workflowOf([make.inject("a", {})], { dataInputSchema }));
    return decide(workflow, absent, make.start({}, { parent }), env).map(({ type }) => type);
  };
  assert.deepEqual(started(true), ["ResultReturned"]);
  assert.deepEqual(started(false).slice(-2), ["ResultReturned", "InstanceCompleted"]);
});

test("a child that nobody waits for knows who asked for it, and tells nothing", () => {
  const root = { instance: "p-1", workflow: "parent" };
  const parent = { instance: "p-1", action: "1.child", root, detached: true } as const;
  const { events } = given(make.workflowOf([make.inject("a", {})])).when(make.start({}, { parent }));
  assert.deepEqual(events[0], make.started({}, { parent }));
  assert.equal(events.at(-1)?.type, "InstanceCompleted");
  assert.ok(events.every(({ type }) => type !== "ResultReturned"));
  assert.throws(() => decide(undefined, absent, make.start({}, { parent }), environmentAt(NOW_MS)), {
    message: 'expected the definition of workflow "onboarding", found none',
  });
});

test("headers are passed on, once in a decision that asks for several children", () => {
  const headers = { "x-tenant": "ä", "x-kogito-referenceid": "r" };
  const two = make.operation("work", [make.subflow("one", "price"), make.subflow("two", "price")], {
    actionMode: "parallel",
  });
  const { events } = given(make.workflowOf([two])).when(make.start({}, { headers }));
  const asked = events.filter((event) => event.type === "ChildRequested");
  assert.deepEqual(
    asked.map((event) => event.headers),
    [headers, undefined],
  );
  const passed = given(make.workflowOf([make.operation("work", [make.subflow("one", "price")])])).when(
    make.start({}, { headers, headersPassedOn: true }),
  );
  // They go on to grandchildren, but say neither who started the child nor what it is correlated by.
  assert.deepEqual(passed.events[0], make.started({}, { headers }));
  assert.deepEqual(
    passed.events.flatMap((event) => (event.type === "ChildRequested" ? [event.headers] : [])),
    [headers],
  );
});

test("a child keeps no header that its own author wants kept nowhere", () => {
  const properties = { "kogito.persistence.headers.excluded": "X-Tenant" };
  const definition = make.workflowOf([make.inject("a", {})], { properties });
  const headers = { "x-tenant": "t", "x-clerk": "c" };
  const { events } = given(definition).when(make.start({}, { headers, headersPassedOn: true }));
  assert.deepEqual(events[0], make.started({}, { headers: { "x-clerk": "c" } }));
});
