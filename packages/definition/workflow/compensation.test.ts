import assert from "node:assert/strict";
import { test } from "node:test";
import { definitionOfStates, problemsOfStates } from "../testing/states.ts";

const RETURN = { kind: "return", produce: [] };

test("a state names the one that undoes it, which leads on to others like it, or back", () => {
  const { states } =
    definitionOfStates(`  - { name: s, type: inject, data: {}, compensatedBy: undo, transition: { nextState: t, compensate: true } }
  - { name: t, type: inject, data: {}, end: { compensate: "true" } }
  - { name: undo, type: inject, data: {}, usedForCompensation: "true", transition: undoMore }
  - { name: undoMore, type: sleep, duration: PT1S, usedForCompensation: true }`);
  assert.deepEqual(states.s, {
    name: "s",
    type: "inject",
    data: {},
    onErrors: [],
    metadata: {},
    compensatedBy: "undo",
    next: { kind: "transition", to: "t", produce: [], compensate: true },
  });
  assert.deepEqual(states.t?.type === "inject" && states.t.next, {
    kind: "end",
    terminate: false,
    produce: [],
    compensate: true,
  });
  assert.deepEqual(states.undo, {
    name: "undo",
    type: "inject",
    data: {},
    onErrors: [],
    metadata: {},
    usedForCompensation: true,
    next: { kind: "transition", to: "undoMore", produce: [] },
  });
  assert.deepEqual(states.undoMore?.type === "sleep" && states.undoMore.next, RETURN);
});

test("a switch that is used for compensation may lead nowhere, which is back", () => {
  const { states } = definitionOfStates(`  - { name: s, type: inject, data: {}, compensatedBy: undo, end: true }
  - name: undo
    type: switch
    usedForCompensation: true
    dataConditions: [{ condition: .a, transition: more }, { condition: .b }]
  - { name: more, type: inject, data: {}, usedForCompensation: true }`);
  assert.deepEqual(states.undo?.type === "switch" && states.undo.conditions.map(({ next }) => next), [
    { kind: "transition", to: "more", produce: [] },
    RETURN,
  ]);
});

test("a plain end of a compensation, also of an error in it, is the way back", () => {
  const { undo } = definitionOfStates(`  - { name: s, type: inject, data: {}, compensatedBy: undo, end: true }
  - name: undo
    type: operation
    actions: [{ functionRef: total }]
    usedForCompensation: true
    onErrors: [{ errorRef: late, end: {} }, { errorRef: broken, transition: more }]
    end: true
  - { name: more, type: inject, data: {}, usedForCompensation: true }`).states;
  assert.deepEqual(
    undo?.onErrors.map(({ next }) => next),
    [RETURN, { kind: "transition", to: "more", produce: [] }],
  );
  assert.deepEqual(undo?.type === "operation" && undo.next, RETURN);
});

test("compensation and the rest of a workflow do not lead into each other", () => {
  assert.deepEqual(
    problemsOfStates(`  - { name: s, type: inject, data: {}, compensatedBy: done, transition: undo }
  - { name: undo, type: inject, data: {}, usedForCompensation: true, end: { terminate: true } }
  - { name: more, type: inject, data: {}, usedForCompensation: true, transition: done, compensatedBy: undo }
  - { name: last, type: inject, data: {}, usedForCompensation: true, transition: { nextState: undo, compensate: true } }`),
    [
      '4:55 /states/0/compensatedBy: expected a state that is used for compensation, found "done"',
      '4:73 /states/0/transition: expected a state that is not used for compensation, found "undo"',
      "5:75 /states/1/end: expected true, as a compensation ends by going back, found more",
      '6:82 /states/2/transition: expected a state that is used for compensation, as this one is, found "done"',
      '6:103 /states/2/compensatedBy: expected nothing, as the state is used for compensation itself, found "undo"',
      "7:113 /states/3/transition/compensate: expected no compensation within a compensation, found one",
    ],
  );
});

test("a workflow does not start with compensation, and does not run it before its time is up", () => {
  assert.deepEqual(
    problemsOfStates(
      "  - { name: undo, type: inject, data: {}, usedForCompensation: true }",
      "timeouts: { workflowExecTimeout: { duration: PT1H, runBefore: undo } }",
    ).map((problem) => problem.replace(/^\d+:\d+ /, "")),
    ['/timeouts/workflowExecTimeout/runBefore: expected a state that is not used for compensation, found "undo"'],
  );
});
