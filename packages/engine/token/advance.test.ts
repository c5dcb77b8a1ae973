import assert from "node:assert/strict";
import { test } from "node:test";
import type { State } from "@antiphon/definition";
import { DATA_DEPTH_MAX, type Json } from "@antiphon/protocol";
import { absent, compile, decide, isResting, VISITS_PER_DECISION_MAX } from "../index.ts";
import * as make from "../testing/build.ts";
import { environmentAt, given, NOW_MS } from "../testing/index.ts";

const completed = { type: "InstanceCompleted" } as const;

function endOf(state: State, data: Json) {
  const { instance } = given(make.workflowOf([state])).when(make.start(data));
  return "data" in instance ? { status: instance.status, data: instance.data } : undefined;
}

test("a state's input filter replaces the data before it, its output filter after it", () => {
  const state = make.inject("a", { c: 3 }, { input: ".in", output: "${ {out: .} }" });
  assert.deepEqual(endOf(state, { in: { b: 2 }, other: 1 }), { status: "completed", data: { out: { b: 2, c: 3 } } });
});

test("injected data wins over scalars, and is merged into objects", () => {
  assert.deepEqual(endOf(make.inject("a", { x: { n: 2 }, y: ".x" }), { x: { n: 1, m: 1 } }), {
    status: "completed",
    data: { x: { n: 2, m: 1 }, y: ".x" },
  });
});

test("a state that changes nothing has no fact that it did", () => {
  given(make.workflowOf([make.inject("a", { n: 1 })]))
    .when(make.start({ n: 1 }))
    .then(
      make.started({ n: 1 }),
      { type: "StateEntered", state: "a", visit: 1 },
      { type: "StateLeft", state: "a", visit: 1 },
      completed,
    );
});

test("an error that is caught leads to its handler's way; the output filter is for the normal exit only", () => {
  const work = make.operation("work", [make.call("a", make.http("service"))], {
    output: "{filtered: true}",
    onErrors: [make.caught("HTTP:404", make.to("missing"))],
  });
  const definition = make.workflowOf([work, make.inject("missing", { missing: true })]);
  const failed = given(definition)
    .when(make.start({ n: 1 }))
    .and.when(make.failure("1.a", "404", "no", []));
  failed.then(
    { type: "ActionFailed", action: "1.a", error: { code: "404", message: "no", classes: [] } },
    { type: "ErrorCaught", error: { code: "404", message: "no", classes: [], where: 'state "work", action "a"' } },
    { type: "StateLeft", state: "work", visit: 1 },
    { type: "StateEntered", state: "missing", visit: 2 },
    { type: "DataChanged", data: { n: 1, missing: true } },
    { type: "StateLeft", state: "missing", visit: 2 },
    completed,
  );
});

test("a filter that fails is an error of its state", () => {
  const state = make.inject(
    "a",
    {},
    { input: ".n | keys", onErrors: [make.caught("java.lang.IllegalArgumentException", make.END)] },
  );
  const { events } = given(make.workflowOf([state])).when(make.start({ n: 1 }));
  assert.deepEqual(
    events.map(({ type }) => type),
    ["InstanceStarted", "StateEntered", "ErrorCaught", "StateLeft", "InstanceCompleted"],
  );
});

test("an expression that wants too much is an error of its state, and not the end of the process", () => {
  const { instance } = given(make.workflowOf([make.inject("a", {}, { input: "[range(1e12)]" })])).when(make.start());
  assert.equal(instance.status === "faulted" && instance.error.code, "expression");
});

test("an end state with an error message faults the instance; an empty message does not", () => {
  const state = make.inject("a", {}, { metadata: { errorMessage: "${ .problem }" } });
  assert.deepEqual(endOf(state, { problem: null }), { status: "completed", data: { problem: null } });
  given(make.workflowOf([state]))
    .when(make.start({ problem: "out of stock" }))
    .then(
      make.started({ problem: "out of stock" }),
      { type: "StateEntered", state: "a", visit: 1 },
      { type: "TokenMoved", step: "leave" },
      {
        type: "InstanceFaulted",
        error: {
          code: "error-message",
          message: "out of stock",
          classes: ["java.lang.IllegalArgumentException", "java.lang.RuntimeException", "java.lang.Exception"],
          where: 'state "a"',
        },
      },
    );
});

test("a loop that never rests ends in a fault", () => {
  const loop = make.workflowOf([
    make.inject("a", {}, { next: make.to("b") }),
    make.inject("b", {}, { next: make.to("a") }),
  ]);
  const { events, instance } = given(loop).when(make.start());
  assert.equal(instance.status === "faulted" && instance.error.code, "too-many-states");
  assert.equal(events.filter(({ type }) => type === "StateEntered").length, VISITS_PER_DECISION_MAX + 1);
});

test("a loop that rests goes on for ever", () => {
  const loop = make.workflowOf([make.sleep("nap", "PT0S", { next: make.to("nap") })]);
  let now = given(loop).when(make.start());
  for (let i = 0; i < 3; i++) now = now.and.when(make.reachTime);
  assert.equal(now.instance.status, "active");
});

test("data that is nested deeper than can be read back is an error of the workflow", () => {
  const deeper = make.workflowOf([make.inject("a", {}, { output: "reduce range(500) as $i (.; {a: .})" })]);
  const { instance } = given(deeper).when(make.start());
  assert.equal(instance.status === "faulted" && instance.error.code, "too-deep");
  assert.throws(() => given(deeper).when(make.start(nested(500))), /nested at most 410 levels/);
});

test("data that a result makes deeper than what may come in is an error of its step, and one level less is not", () => {
  const path = ".a.b.c.d.e.f.g.h.i.j";
  const outcome = (levels: number) => {
    const state = make.operation("ask", [make.call("ask", make.http("service"), { toStateData: path })]);
    const { instance } = given(make.workflowOf([state])).when(make.start(), make.answer("1.ask", nested(levels)));
    return instance.status === "faulted" ? instance.error : instance.status;
  };
  assert.equal(outcome(DATA_DEPTH_MAX - 1), "completed");
  const error = outcome(DATA_DEPTH_MAX);
  assert.deepEqual(typeof error === "object" && [error.code, error.message, error.where], [
    "too-deep",
    "expected data nested at most 409 levels deep, found more",
    'state "ask"',
  ]);
});

test("keepActive: a plain end leaves the instance active, terminate ends it", () => {
  const plain = given(make.workflowOf([make.inject("a", {})], { keepActive: true })).when(make.start());
  assert.deepEqual(plain.events.at(-1), { type: "TokenMoved", step: "ended" });
  assert.deepEqual([plain.instance.status, isResting(plain.instance)], ["active", true]);
  plain.and.when({ type: "MergeData", instance: "i-1", data: { n: 1 } }).then({ type: "DataChanged", data: { n: 1 } });
  const state = make.inject("a", {}, { next: { kind: "end", terminate: true, produce: [] } });
  assert.deepEqual(
    given(make.workflowOf([state], { keepActive: true }))
      .when(make.start())
      .events.at(-1),
    completed,
  );
});

test("expressions see the workflow, its constants and what it was started with", () => {
  const expression =
    "{id: $WORKFLOW.id, instance: $WORKFLOW.instanceId, tenant: $WORKFLOW.headers.tenant, k: $CONST.k}";
  const definition = make.workflowOf(
    [make.inject("a", { n: 2 }, { output: `${expression} + {first: $WORKFLOW.input.n}` })],
    { constants: { k: [1] } },
  );
  const { instance, events } = given(definition).when(make.start({ n: 1 }, { headers: { tenant: "t" } }));
  const data = { id: "onboarding", instance: "i-1", tenant: "t", k: [1], first: 1 };
  assert.deepEqual(instance, { ...instance, status: "completed", data });
  assert.deepEqual(events[0], make.started({ n: 1 }, { keepsInput: true, headers: { tenant: "t" } }));
});

test("what an instance was started with is kept where an expression may read it, and only there", () => {
  const inputIn = (output: string) => {
    const { events } = given(make.workflowOf([make.inject("a", { n: 2 }, { output })])).when(make.start({ n: 1 }));
    const changed = events.findLast(({ type }) => type === "DataChanged");
    const [first] = events;
    return [first?.type === "InstanceStarted" && first.keepsInput, changed?.type === "DataChanged" && changed.data];
  };
  for (const reading of ["$WORKFLOW.input.n", "($WORKFLOW | .input.n)", '$WORKFLOW["input"].n']) {
    assert.deepEqual(inputIn(`{found: ${reading}}`), [true, { found: 1 }], reading);
  }
  for (const other of ["$WORKFLOW.id", "$WORKFLOW.inputs"])
    assert.equal(inputIn(`{found: ${other}}`)[0], undefined, other);
});

function nested(levels: number): Json {
  return levels === 0 ? 1 : { a: nested(levels - 1) };
}

test("expressions see the secrets that they name: as the environment has them, else the definition", () => {
  const output = '{a: $SECRET.db.password, b: $SECRET."db.password", c: $SECRET.db.user, d: $SECRET.none}';
  const secretValues = { "db.password": "pw", "db.user": "u" };
  const definition = make.workflowOf([make.inject("a", {}, { output })], { secretValues });
  const { instance } = given(definition).when(make.start());
  assert.deepEqual(instance, { ...instance, status: "completed", data: { a: "pw", b: "pw", c: "u", d: null } });
  const env = { ...environmentAt(NOW_MS), secrets: (path: string) => (path === "db.user" ? "other" : undefined) };
  const last = decide(compile(definition), absent, make.start(), env).find(({ type }) => type === "DataChanged");
  assert.deepEqual(last, { type: "DataChanged", data: { a: null, b: null, c: "other", d: null } });
});
