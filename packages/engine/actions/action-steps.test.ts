import assert from "node:assert/strict";
import { test } from "node:test";
import type { Action } from "@antiphon/definition";
import type { Json } from "@antiphon/protocol";
import * as make from "../testing/build.ts";
import { given, NOW_MS } from "../testing/index.ts";

const service = make.http("service");
const left = { type: "StateLeft", state: "work", visit: 1 } as const;
const completed = { type: "InstanceCompleted" } as const;

function work(...actions: readonly Action[]) {
  return make.workflowOf([make.operation("work", actions)]);
}

/** The data in the end, after every action was answered with the output that stands at its id. */
function dataAfter(actions: readonly Action[], data: Json, outputs: Record<string, Json> = {}): Json | undefined {
  let now = given(work(...actions)).when(make.start(data));
  for (const [action, output] of Object.entries(outputs)) now = now.and.when(make.answer(action, output));
  assert.equal(now.instance.status, "completed");
  return now.instance.status === "completed" ? now.instance.data : undefined;
}

test("actions run one after the other, each with the results of those before it", () => {
  const actions = [
    make.call("a", service, { arguments: { n: ".n" } }),
    make.call("b", service, { arguments: { n: "${ .n + 1 }" } }),
  ];
  const first = given(work(...actions)).when(make.start({ n: 1 }));
  assert.deepEqual(first.events.at(-2), {
    type: "ActionRequested",
    action: "1.a",
    function: "service",
    definition: make.HASH,
    arguments: { n: 1 },
  });
  first.and
    .when(make.answer("1.a", { n: 10 }))
    .then(
      { type: "ActionCompleted", action: "1.a", output: { n: 10 } },
      { type: "DataChanged", data: { n: 10 } },
      { type: "ActionRequested", action: "1.b", function: "service", definition: make.HASH, arguments: { n: 11 } },
      { type: "TokenMoved", step: "b.call" },
    );
});

test("an operation without actions is left at once", () => {
  given(work())
    .when(make.start())
    .then(make.started(), { type: "StateEntered", state: "work", visit: 1 }, left, completed);
});

test("without arguments the whole data goes out", () => {
  const { events } = given(work(make.call("a", service))).when(make.start({ n: 1 }));
  assert.deepEqual(events.at(-2), {
    type: "ActionRequested",
    action: "1.a",
    function: "service",
    definition: make.HASH,
    arguments: { n: 1 },
  });
});

test("arguments: every text may be an expression; what is none, or fails, stays as it is written", () => {
  const given_ = { list: [".n", "plain text", 3, null], deep: { fails: ".n | keys", whole: "${ .n }" } };
  const { events } = given(work(make.call("a", service, { arguments: given_ }))).when(make.start({ n: 1 }));
  const args = { list: [1, "plain text", 3, null], deep: { fails: ".n | keys", whole: 1 } };
  assert.deepEqual(events.at(-2), {
    type: "ActionRequested",
    action: "1.a",
    function: "service",
    definition: make.HASH,
    arguments: args,
  });
});

test("arguments may be one expression that makes the object", () => {
  const { events } = given(work(make.call("a", service, { arguments: "${ {twice: (.n * 2)} }" }))).when(
    make.start({ n: 2 }),
  );
  assert.deepEqual(events.at(-2), {
    type: "ActionRequested",
    action: "1.a",
    function: "service",
    definition: make.HASH,
    arguments: { twice: 4 },
  });
});

test("an answer without content leaves the data as it is", () => {
  given(work(make.call("a", service)))
    .when(make.start({ n: 1 }))
    .and.when(make.answer("1.a"))
    .then({ type: "ActionCompleted", action: "1.a" }, left, completed);
});

test("an answer that no action waits for changes nothing", () => {
  given(work(make.call("a", service)))
    .when(make.start())
    .and.when(make.answer("1.b", { n: 2 }), make.answer("2.a", {}))
    .then();
});

test("fromStateData is what the action sees, results what is taken of its output, toStateData where that goes", () => {
  const action = make.call("a", service, { fromStateData: ".in", results: "${ .out }", toStateData: ".x.y" });
  const asked = given(work(action)).when(make.start({ in: { n: 1 } }));
  assert.deepEqual(asked.events.at(-2), {
    type: "ActionRequested",
    action: "1.a",
    function: "service",
    definition: make.HASH,
    arguments: { n: 1 },
  });
  const done = asked.and.when(make.answer("1.a", { out: [1], other: 2 }));
  assert.deepEqual(done.events[1], { type: "DataChanged", data: { in: { n: 1 }, x: { y: [1] } } });
});

test("results that are not used leave the data as it is", () => {
  assert.deepEqual(dataAfter([make.call("a", service, { useResults: false })], { n: 1 }, { "1.a": { n: 2 } }), {
    n: 1,
  });
});

test("toStateData merges into what stands there, makes objects on the way and replaces scalars", () => {
  const at = (toStateData: string) => [make.call("a", service, { toStateData })];
  assert.deepEqual(dataAfter(at(".a"), { a: { b: 1 } }, { "1.a": { c: 2 } }), { a: { b: 1, c: 2 } });
  assert.deepEqual(dataAfter(at(".a.b"), { a: 1 }, { "1.a": 2 }), { a: { b: 2 } });
  assert.deepEqual(dataAfter(at("."), { a: 1 }, { "1.a": { b: 2 } }), { a: 1, b: 2 });
});

test("toStateData that is no plain path writes to its last name at the root", () => {
  const action = make.call("a", service, { toStateData: ".list | .[0] | .nested" });
  assert.deepEqual(dataAfter([action], { list: [{ nested: { a: 1 } }] }, { "1.a": { b: 2 } }), {
    list: [{ nested: { a: 1 } }],
    nested: { a: 1, b: 2 },
  });
});

test("a condition that does not hold skips the action and its sleeps", () => {
  const actions = [
    make.call("a", service, { condition: "false", sleepBefore: "PT1S", sleepAfter: "PT1S" }),
    make.call("b", service),
  ];
  const { events } = given(work(...actions)).when(make.start());
  assert.deepEqual(events.at(-2), {
    type: "ActionRequested",
    action: "1.b",
    function: "service",
    definition: make.HASH,
    arguments: {},
  });
});

test("an action sleeps before and after", () => {
  const sleepy = given(work(make.call("a", service, { sleepBefore: "PT1S", sleepAfter: "${ .pause }" }))).when(
    make.start({ pause: "PT2S" }),
  );
  assert.deepEqual(sleepy.events.slice(2), [
    { type: "TimerStarted", timer: "1.a.before", dueMs: NOW_MS + 1_000 },
    { type: "TokenMoved", step: "a.before" },
  ]);
  const asked = sleepy.and.at(NOW_MS + 1_000).when(make.reachTime);
  asked.then(
    { type: "TimerFired", timer: "1.a.before" },
    {
      type: "ActionRequested",
      action: "1.a",
      function: "service",
      definition: make.HASH,
      arguments: { pause: "PT2S" },
    },
    { type: "TokenMoved", step: "a.call" },
  );
  const answered = asked.and.when(make.answer("1.a", { b: 1 }));
  answered.then(
    { type: "ActionCompleted", action: "1.a", output: { b: 1 } },
    { type: "DataChanged", data: { pause: "PT2S", b: 1 } },
    { type: "TimerStarted", timer: "1.a.after", dueMs: NOW_MS + 3_000 },
    { type: "TokenMoved", step: "a.after" },
  );
  answered.and
    .at(NOW_MS + 3_000)
    .when(make.reachTime)
    .then({ type: "TimerFired", timer: "1.a.after" }, left, completed);
});

test("a sleep that is no duration is an error of the workflow", () => {
  const { instance } = given(work(make.call("a", service, { sleepBefore: ".pause" }))).when(
    make.start({ pause: "soon" }),
  );
  assert.equal(instance.status, "faulted");
  assert.deepEqual(instance.status === "faulted" && instance.error, {
    code: "duration",
    message: 'a.before: expected an ISO 8601 duration such as PT30S, found "soon" from ".pause"',
    classes: ["java.lang.IllegalArgumentException", "java.lang.RuntimeException", "java.lang.Exception"],
    where: 'state "work"',
  });
});

test("an expression function is computed while deciding", () => {
  given(work(make.call("double", make.computed("double", "{twice: (.n * 2)}"))))
    .when(make.start({ n: 2 }))
    .then(
      make.started({ n: 2 }),
      { type: "StateEntered", state: "work", visit: 1 },
      { type: "ActionCompleted", action: "1.double", output: { twice: 4 } },
      { type: "DataChanged", data: { n: 2, twice: 4 } },
      left,
      completed,
    );
});

test("fn:name stands for an expression function in any expression", () => {
  const isBig = make.computed("isBig", ".n > 1");
  const actions = [make.call("a", make.computed("mark", "{marked: true}"), { condition: "fn:isBig" })];
  const definition = { ...work(...actions) };
  const known = { ...definition, functions: { ...definition.functions, isBig } };
  const end = (n: number) => given(known).when(make.start({ n })).instance;
  assert.deepEqual(
    [end(1), end(2)],
    [
      { ...end(1), data: { n: 1 } },
      { ...end(2), data: { n: 2, marked: true } },
    ],
  );
});

test("sysout logs a line, and brings nothing back", () => {
  const sysout = { kind: "sysout", name: "print", level: "warn", metadata: {} } as const;
  given(work(make.call("print", sysout, { arguments: { message: '"n is \\(.n)"' } })))
    .when(make.start({ n: 2 }))
    .then(
      make.started({ n: 2 }),
      { type: "StateEntered", state: "work", visit: 1 },
      { type: "MessageLogged", level: "warn", message: "n is 2" },
      left,
      completed,
    );
});

test("what brings nothing back leaves what fromStateData chose, as in SonataFlow", () => {
  const sysout = { kind: "sysout", name: "print", level: "info", metadata: {} } as const;
  const action = make.call("print", sysout, { arguments: { message: "hello" }, fromStateData: "{chosen: .n}" });
  assert.deepEqual(dataAfter([action], { n: 1 }), { n: 1, chosen: 1 });
  assert.deepEqual(dataAfter([{ ...action, useResults: false }], { n: 1 }), { n: 1 });
});

test("an answer other than 2xx is an error with its status and body", () => {
  const failed = given(work(make.call("a", service)))
    .when(make.start())
    .and.when(make.answer("1.a", { difference: 68 }, { status: 500, headers: {} }));
  const error = {
    code: "500",
    message: '{"difference":68}',
    classes: [
      "org.kie.kogito.internal.process.workitem.WorkItemExecutionException",
      "org.kie.kogito.process.workitem.WorkItemExecutionException",
      "java.lang.RuntimeException",
      "java.lang.Exception",
    ],
  };
  failed.then(
    { type: "ActionFailed", action: "1.a", error },
    { type: "InstanceFaulted", error: { ...error, where: 'state "work", action "a"' } },
  );
});

test("with failOnStatusCode false any answer is a result, and expressions see its status and headers", () => {
  const lenient = make.http("lenient", { failOnStatusCode: false });
  const expression =
    "{code: $WORKFLOW.statusCode, words: $WORKFLOW.statusMessage, tag: $WORKFLOW.responseHeaders.etag}";
  const actions = [make.call("a", lenient), make.call("b", make.computed("status", expression))];
  const done = given(work(...actions))
    .when(make.start())
    .and.when(make.answer("1.a", { why: "gone" }, { status: 404, headers: { etag: "7" } }));
  assert.deepEqual(done.instance, {
    ...done.instance,
    status: "completed",
    data: { why: "gone", code: 404, words: "Not Found", tag: "7" },
  });
});

test("an action sees the result of the one before it as prevActionResult", () => {
  const actions = [
    make.call("a", service, { useResults: false }),
    make.call("b", make.computed("previous", "{previous: $WORKFLOW.prevActionResult.n}")),
  ];
  assert.deepEqual(dataAfter(actions, {}, { "1.a": { n: 7 } }), { previous: 7 });
});
