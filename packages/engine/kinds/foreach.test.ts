import assert from "node:assert/strict";
import { test } from "node:test";
import type { Action, ForeachState } from "@antiphon/definition";
import type { InstanceEvent, Json } from "@antiphon/protocol";
import * as make from "../testing/build.ts";
import { type Decided, given } from "../testing/index.ts";
import { BRANCHES_AT_ONCE_MAX, BRANCHES_MAX } from "../token/fork.ts";

const service = make.http("service");
const ask = make.call("ask", service, { arguments: { of: "$item" } });
const double = make.call("double", make.computed("double", "$item * 2"));

function each(actions: readonly Action[], more: Partial<ForeachState> = {}) {
  return make.workflowOf([make.foreach("each", actions, more)]);
}

function end(actions: readonly Action[], data: Json, more: Partial<ForeachState> = {}) {
  return make.outcomeOf(given(each(actions, more)).when(make.start(data)).instance);
}

const asked = ({ events }: Decided) => events.filter(({ type }) => type === "ActionRequested");
const request = (i: number, of: Json): InstanceEvent => make.requested(`1.item[${i}].ask`, { of });
const response = (i: number, output: Json) => make.answer(`1.item[${i}].ask`, output);

test("one item after the other: the next is asked for when the one before it is through", () => {
  const first = given(each([ask])).when(make.start({ list: ["a", "b"] }));
  first.then(
    make.started({ list: ["a", "b"] }),
    { type: "StateEntered", state: "each", visit: 1 },
    { type: "ForkStarted", fork: "1.item", total: 2, items: ["a", "b"] },
    { type: "BranchStarted", branch: "1.item[0]", scope: "result", variables: { item: "a" } },
    request(0, "a"),
    { type: "TokenMoved", step: "ask.call", branch: "1.item[0]" },
    { type: "TokenMoved", step: "item" },
  );
  const second = first.and.when(response(0, 1));
  second.then(
    { type: "ActionCompleted", action: "1.item[0].ask", output: 1 },
    { type: "DataChanged", data: 1, branch: "1.item[0]" },
    { type: "BranchEnded", branch: "1.item[0]", outcome: "completed", output: 1 },
    { type: "BranchStarted", branch: "1.item[1]", scope: "result", variables: { item: "b" } },
    request(1, "b"),
    { type: "TokenMoved", step: "ask.call", branch: "1.item[1]" },
    { type: "TokenMoved", step: "item" },
  );
  second.and
    .when(response(1, 2))
    .then(
      { type: "ActionCompleted", action: "1.item[1].ask", output: 2 },
      { type: "DataChanged", data: 2, branch: "1.item[1]" },
      { type: "BranchEnded", branch: "1.item[1]", outcome: "completed", output: 2 },
      { type: "DataChanged", data: { list: ["a", "b"], out: [1, 2] } },
      { type: "ForkJoined", fork: "1.item" },
      { type: "StateLeft", state: "each", visit: 1 },
      { type: "InstanceCompleted" },
    );
});

test("all at once: the outputs stand in the order of the list, however the answers come", () => {
  const all = given(each([ask], { mode: "parallel" })).when(make.start({ list: ["a", "b", "c"] }));
  assert.deepEqual(asked(all), [request(0, "a"), request(1, "b"), request(2, "c")]);
  const { instance } = all.and.when(response(2, "C"), response(0, "A"), response(1, "B"));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { list: ["a", "b", "c"], out: ["A", "B", "C"] }]);
});

for (const batchSize of [2, "2", "${ .size }"]) {
  test(`a batch of ${batchSize}: as many are under way at once`, () => {
    const definition = each([ask], { mode: "parallel", batchSize });
    const begun = given(definition).when(make.start({ list: [1, 2, 3, 4], size: 2 }));
    assert.deepEqual(asked(begun), [request(0, 1), request(1, 2)]);
    const third = begun.and.when(response(1, "two"));
    assert.deepEqual(asked(third), [request(2, 3)]);
    const fourth = third.and.when(response(2, "three"));
    assert.deepEqual(asked(fourth), [request(3, 4)]);
    const { instance } = fourth.and.when(response(3, "four"), response(0, "one"));
    const data = { list: [1, 2, 3, 4], size: 2, out: ["one", "two", "three", "four"] };
    assert.deepEqual(make.outcomeOf(instance), ["completed", data]);
  });
}

test("without a batch no more than a hundred are under way", () => {
  const list = Array.from({ length: BRANCHES_AT_ONCE_MAX + 1 }, (_, i) => i);
  const all = given(each([ask], { mode: "parallel" })).when(make.start({ list }));
  assert.equal(asked(all).length, BRANCHES_AT_ONCE_MAX);
  assert.deepEqual(asked(all.and.when(response(7, 0))), [request(BRANCHES_AT_ONCE_MAX, BRANCHES_AT_ONCE_MAX)]);
});

test("an empty list, or none, leaves the data as it is; a single thing is a list of it", () => {
  assert.deepEqual(end([double], { list: [] }), ["completed", { list: [] }]);
  assert.deepEqual(end([double], { n: 1 }), ["completed", { n: 1 }]);
  assert.deepEqual(end([double], { list: 4 }), ["completed", { list: 4, out: [8] }]);
  assert.deepEqual(end([double], { list: [1, 2] }, { inputCollection: "${ .list | map(. + 1) }" }), [
    "completed",
    { list: [1, 2], out: [4, 6] },
  ]);
});

test("a list that is longer than any may be is an error of the state", () => {
  const { instance } = given(each([double], { inputCollection: `[range(${BRANCHES_MAX + 1})]` })).when(make.start());
  assert.deepEqual(
    instance.status === "faulted" && instance.error.message,
    'expected at most 10000 in state "each", found 10001',
  );
});

test("only what the last action brings is kept; the one before it is the result so far", () => {
  const actions = [
    make.call("first", make.computed("first", "{ten: ($item * 10)}")),
    make.call("last", make.computed("last", "$WORKFLOW.prevActionResult.ten + 1")),
  ];
  assert.deepEqual(end(actions, { list: [1, 2] }), ["completed", { list: [1, 2], out: [11, 21] }]);
});

test("actions see the instance's data, which nothing changes but the collected outputs", () => {
  const actions = [
    make.call("set", make.computed("set", "{base: 100}")),
    make.call("add", make.computed("add", "$item + .base")),
  ];
  assert.deepEqual(end(actions, { list: [1, 2], base: 5 }), ["completed", { list: [1, 2], base: 5, out: [6, 7] }]);
});

test("without a place for the outputs the data stays as it is", () => {
  const definition = make.foreach("each", [double]);
  const { outputCollection: _, ...without } = definition;
  const { instance } = given(make.workflowOf([without])).when(make.start({ list: [1] }));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { list: [1] }]);
});

test("outputs go where the rule of toStateData puts them: a list takes the place of a list, and keeps a single thing", () => {
  assert.deepEqual(end([double], { list: [1], out: [7, 8] }), ["completed", { list: [1], out: [2] }]);
  assert.deepEqual(end([double], { list: [1], out: 7 }), ["completed", { list: [1], out: [7, 2] }]);
  const deep = end([double], { list: [1] }, { outputCollection: ".a.b" });
  assert.deepEqual(deep, ["completed", { list: [1], a: { b: [2] } }]);
});

test("conditions, arguments and child workflows see the item", () => {
  const odd = make.call("odd", make.computed("odd", "$item"), { condition: "$item % 2 == 1" });
  assert.deepEqual(end([odd], { list: [1, 2, 3] }), ["completed", { list: [1, 2, 3], out: [1, 3] }]);
  const { events } = given(each([make.subflow("child", "price")])).when(
    make.start({ list: [5] }, { variables: { rate: 2 } }),
  );
  assert.deepEqual(
    events.find(({ type }) => type === "ChildRequested"),
    {
      type: "ChildRequested",
      action: "1.item[0].child",
      child: "i-1:1.item[0].child/1",
      workflow: "price",
      data: { list: [5] },
      variables: { rate: 2, item: 5 },
      root: { instance: "i-1", workflow: "onboarding" },
    },
  );
});

test("without a name for it there is no variable of the item", () => {
  const { iterationParam: _, ...nameless } = make.foreach("each", [ask]);
  const { events } = given(make.workflowOf([nameless])).when(make.start({ list: ["a"] }));
  // An argument that fails stays as it is written.
  assert.deepEqual(
    events.find(({ type }) => type === "ActionRequested"),
    request(0, "$item"),
  );
});

test("an item that fails is tried again, and only that one", () => {
  const failed = given(each([ask], { mode: "parallel", batchSize: 1 }))
    .when(make.start({ list: ["a", "b"] }), response(0, "A"))
    .and.when(make.failure("1.item[1].ask", "500"));
  assert.equal(failed.instance.status, "faulted");
  const again = failed.and.when(make.retrigger);
  again.then({ type: "InstanceRetriggered" }, make.requested("1.item[1].ask", { of: "b" }, { attempt: 2 }));
  const { instance } = again.and.when(make.answer("1.item[1].ask", "B", undefined, 2));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { list: ["a", "b"], out: ["A", "B"] }]);
});

test("an item that fails can be passed over: it brings nothing", () => {
  const { instance } = given(each([ask]))
    .when(make.start({ list: ["a", "b"] }), make.failure("1.item[0].ask", "500"), make.skip)
    .and.when(response(1, "B"));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { list: ["a", "b"], out: ["B"] }]);
});

test("what fails where the outputs are collected can be mended: no item is done again", () => {
  const failed = given(each([ask], { outputCollection: ".out | keys" })).when(
    make.start({ list: ["a"], out: 3 }),
    response(0, "A"),
  );
  assert.equal(failed.instance.status, "faulted");
  const mended = failed.and.when({ type: "MergeData", instance: "i-1", data: { out: {} } }, make.retrigger);
  assert.deepEqual(asked(mended), []);
  assert.equal(mended.instance.status, "completed");
});

test("the item hides a variable of the same name that the instance was started with, in its branch alone", () => {
  const name = make.call("name", make.computed("name", "$item + $other"));
  const each = make.foreach("each", [name], { next: make.to("after") });
  const after = make.inject("after", {}, { output: "{out: .out, after: $item}" });
  const variables = { item: "instance", other: "!" };
  const { instance } = given(make.workflowOf([each, after])).when(make.start({ list: ["a", "b"] }, { variables }));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { out: ["a!", "b!"], after: "instance" }]);
});
