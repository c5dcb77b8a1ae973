import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsOfStates, stateIn } from "../testing/states.ts";

function actionIn(action: string) {
  const state = stateIn(`  - { name: s, type: operation, actions: [${action}], end: true }`);
  return state?.type === "operation" ? state.actions[0]?.call : undefined;
}

const TOTAL = { kind: "expression", name: "total", metadata: {}, expression: ".total" };
const PAID = { name: "paid", type: "order.paid", kind: "consumed", dataOnly: true, correlation: [], metadata: {} };
const SHIPPED = { ...PAID, name: "shipped", type: "order.shipped", kind: "produced" };

test("a subflow is named by its id alone, or with its version and whether it is waited for", () => {
  assert.deepEqual(actionIn("{ subFlowRef: other }"), {
    kind: "subflow",
    workflow: "other",
    onParentComplete: "terminate",
  });
  assert.deepEqual(
    actionIn("{ subFlowRef: { workflowId: other, version: 2.10, invoke: async, onParentComplete: continue } }"),
    { kind: "subflow", workflow: "other", version: "2.10", async: true, onParentComplete: "continue" },
  );
});

test("an event that is published may be answered by another", () => {
  assert.deepEqual(
    actionIn(
      "{ eventRef: { triggerEventRef: shipped, resultEventRef: paid, resultEventTimeout: PT1M, invoke: sync } }",
    ),
    {
      kind: "produce",
      produce: { event: SHIPPED, contextAttributes: {} },
      result: { event: PAID, timeout: "PT1M" },
    },
  );
});

test("an event is not the answer to itself: it is published, and nothing is waited for", () => {
  assert.deepEqual(actionIn("{ eventRef: { triggerEventRef: shipped, resultEventRef: shipped } }"), {
    kind: "produce",
    produce: { event: SHIPPED, contextAttributes: {} },
  });
});

test("a function may be called without waiting for it", () => {
  assert.deepEqual(
    actionIn('{ functionRef: { refName: total, invoke: async, selectionSet: "{ id }", arguments: { a: 1 } } }'),
    { kind: "function", function: TOTAL, arguments: { a: 1 }, selectionSet: "{ id }", async: true },
  );
});

test("what a call lacks, or has too much, is told", () => {
  const problemsOf = (action: string) =>
    problemsOfStates(`  - name: s\n    type: operation\n    end: true\n    actions: [${action}]`);
  assert.deepEqual(problemsOf("{ subFlowRef: { version: 1, invoke: later, onParentComplete: stop } }"), [
    "7:29 /states/0/actions/0/subFlowRef/workflowId: expected the id of a workflow, found nothing",
    '7:51 /states/0/actions/0/subFlowRef/invoke: expected "sync" or "async", found "later"',
    '7:76 /states/0/actions/0/subFlowRef/onParentComplete: expected "continue" or "terminate", found "stop"',
  ]);
  assert.deepEqual(problemsOf("{ eventRef: { triggerEventRef: shipped, resultEventTimeout: PT1M } }"), [
    "7:27 /states/0/actions/0/eventRef/resultEventRef: expected an event that is waited for, found nothing",
  ]);
  assert.deepEqual(problemsOf("{ subFlowRef: a, functionRef: total, eventRef: { triggerEventRef: shipped } }"), [
    "7:15 /states/0/actions/0: expected one of functionRef, eventRef and subFlowRef, found three",
  ]);
});
