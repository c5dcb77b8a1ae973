import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsOfStates, stateIn } from "../testing/states.ts";

const END = { kind: "end", terminate: false, produce: [] };
const TOTAL = { kind: "expression", name: "total", metadata: {}, expression: ".total" };
const CALL = { kind: "function", function: TOTAL };

test("a parallel state has its branches, each with its actions, and how many must complete", () => {
  const state = stateIn(`  - name: s
    type: parallel
    completionType: atLeast
    numCompleted: "1"
    branches:
      - { name: one, actions: [{ functionRef: total }] }
      - { name: two, actions: [{ functionRef: total, name: sum }, { functionRef: total }] }
      - { actions: [] }
    end: true`);
  assert.deepEqual(state, {
    name: "s",
    type: "parallel",
    onErrors: [],
    metadata: {},
    branches: [
      { name: "one", actions: [{ name: "1", call: CALL, useResults: true }] },
      {
        name: "two",
        actions: [
          { name: "sum", call: CALL, useResults: true },
          { name: "3", call: CALL, useResults: true },
        ],
      },
      { name: "3", actions: [] },
    ],
    atLeast: 1,
    next: END,
  });
});

test("all branches must complete unless a number is asked for, which may be an expression", () => {
  const atLeastOf = (members: string) => {
    const state = stateIn(
      `  - { name: s, type: parallel, branches: [{ name: a, actions: [] }], end: true, ${members} }`,
    );
    return state?.type === "parallel" ? state.atLeast : "no parallel state";
  };
  assert.equal(atLeastOf("completionType: allOf, numCompleted: 1"), undefined);
  assert.equal(atLeastOf("numCompleted: 1"), undefined);
  assert.equal(atLeastOf('completionType: atLeast, numCompleted: "${ .need }"'), "${ .need }");
});

test("a parallel state that cannot complete is refused", () => {
  const problemsOf = (members: string) => problemsOfStates(`  - { name: s, type: parallel, end: true, ${members} }`);
  assert.deepEqual(problemsOf("branches: []"), ["4:5 /states/0/branches: expected branches, found none"]);
  assert.deepEqual(problemsOf("branches: [{ name: a, actions: [] }], completionType: atLeast"), [
    "4:5 /states/0/numCompleted: expected how many branches must complete, found nothing",
  ]);
  assert.deepEqual(problemsOf("branches: [{ name: a, actions: [] }], completionType: atLeast, numCompleted: 2"), [
    "4:120 /states/0/numCompleted: expected at most 1, as many as there are branches, found 2",
  ]);
  assert.deepEqual(problemsOf("branches: [{ name: a, actions: [] }], completionType: xor, numCompleted: 0.5"), [
    '4:97 /states/0/completionType: expected "allOf" or "atLeast", found "xor"',
    "4:116 /states/0/numCompleted: expected a whole number of at least 0, or an expression, found 0.5",
  ]);
});

test("a foreach state has its list, its variable, and its iterations all at once unless it says otherwise", () => {
  const text = "inputCollection: .items, actions: [{ functionRef: total }], end: true";
  const plain = {
    name: "s",
    type: "foreach",
    onErrors: [],
    metadata: {},
    inputCollection: ".items",
    mode: "parallel",
    actions: [{ name: "1", call: CALL, useResults: true }],
    next: END,
  };
  assert.deepEqual(stateIn(`  - { name: s, type: foreach, ${text} }`), plain);
  assert.deepEqual(
    stateIn(
      `  - { name: s, type: foreach, ${text}, outputCollection: "\${ .sums }", iterationParam: item, mode: sequential, batchSize: "2" }`,
    ),
    { ...plain, outputCollection: "${ .sums }", iterationParam: "item", mode: "sequential", batchSize: 2 },
  );
});

test("a foreach state without a list, or with a variable that has no name, is refused", () => {
  assert.deepEqual(problemsOfStates("  - { name: s, type: foreach, actions: [], end: true, iterationParam: .item }"), [
    "4:5 /states/0/inputCollection: expected an expression, found nothing",
    '4:71 /states/0/iterationParam: expected the name of a variable, "item" for $item, found ".item"',
  ]);
  assert.deepEqual(
    problemsOfStates("  - { name: s, type: foreach, inputCollection: .a, mode: both, batchSize: 0, end: true }"),
    [
      '4:58 /states/0/mode: expected "sequential" or "parallel", found "both"',
      "4:75 /states/0/batchSize: expected a whole number of at least 1, or an expression, found 0",
    ],
  );
});

test("the actions of an operation, and of an entry of onEvents, may be performed all at once", () => {
  const operation = stateIn("  - { name: s, type: operation, actionMode: parallel, actions: [], end: true }");
  assert.equal(operation?.type === "operation" && operation.actionMode, "parallel");
  const event = stateIn(
    "  - { name: s, type: event, onEvents: [{ eventRefs: [paid], actionMode: parallel }], end: true }",
  );
  assert.equal(event?.type === "event" && event.onEvents[0]?.actionMode, "parallel");
});
