import assert from "node:assert/strict";
import { test } from "node:test";
import { definitionIn, problemsIn } from "../testing/read-text.ts";
import { definitionOfStates, problemsOfStates, stateIn } from "../testing/states.ts";

const ALL =
  "timeouts: { stateExecTimeout: PT9M, actionExecTimeout: PT9S, branchExecTimeout: PT99S, eventTimeout: PT9H }";

test("states, branches and actions take over the timeouts that they do not say themselves", () => {
  const { states } = definitionOfStates(
    `  - name: s
    type: parallel
    timeouts: { branchExecTimeout: PT2M }
    branches:
      - { name: one, actions: [{ functionRef: total }], timeouts: { actionExecTimeout: PT1S, branchExecTimeout: PT1M } }
      - { name: two, actions: [{ functionRef: total }] }
    transition: t
  - { name: t, type: callback, eventRef: paid, timeouts: { eventTimeout: PT1H, stateExecTimeout: PT2H }, transition: u }
  - name: u
    type: callback
    eventRef: paid
    action: { functionRef: total }
    timeouts: { stateExecTimeout: { total: PT3H, single: PT1H } }
    end: true`,
    ALL,
  );
  const { s, t, u } = states;
  assert.deepEqual(s?.timeout, { total: "PT9M" });
  assert.deepEqual(s?.type === "parallel" && s.branches.map(({ timeout, actions }) => [timeout, actions[0]?.timeout]), [
    ["PT1M", "PT1S"],
    ["PT2M", "PT9S"],
  ]);
  assert.deepEqual(t?.timeout, { total: "PT2H" });
  assert.equal(t?.type === "callback" && t.eventTimeout, "PT1H");
  assert.deepEqual(u?.timeout, { total: "PT3H", single: "PT1H" });
  assert.deepEqual(u?.type === "callback" && [u.eventTimeout, u.action?.timeout], ["PT9H", "PT9S"]);
});

test("without timeouts nothing has one", () => {
  assert.equal(stateIn("  - { name: s, type: inject, data: {}, end: true }")?.timeout, undefined);
});

test("the time of a workflow is a duration, or an object with what happens then", () => {
  const timeoutIn = (text: string) =>
    definitionOfStates(
      "  - { name: last, type: inject, data: {}, end: true }",
      `timeouts: { workflowExecTimeout: ${text} }`,
    ).timeout;
  assert.deepEqual(timeoutIn("PT1H"), { duration: "PT1H", interrupt: true });
  assert.deepEqual(timeoutIn('{ duration: "${ .max }", interrupt: "false", runBefore: last }'), {
    duration: "${ .max }",
    interrupt: false,
    runBefore: "last",
  });
});

test("timeouts may stand in a file, alone or as its member", () => {
  const text = "id: a\ntimeouts: t.json\nstart: s\nstates: [{ name: s, type: inject, data: {}, end: true }]";
  for (const file of ['{"workflowExecTimeout":"PT1S"}', '{"timeouts":{"workflowExecTimeout":"PT1S"}}']) {
    assert.deepEqual(definitionIn(text, { files: { "t.json": file } }).timeout, { duration: "PT1S", interrupt: true });
  }
  assert.deepEqual(problemsIn(text, { files: { "t.json": '{"eventTimout":"PT1S"}' } }), [
    't.json:1:2 /eventTimout: expected a member of timeouts, found "eventTimout"; did you mean "eventTimeout"?',
  ]);
});

test("a timeout that is no duration is refused, one that a state cannot have is read over", () => {
  assert.deepEqual(
    problemsOfStates(
      "  - { name: s, type: inject, data: {}, end: true, timeouts: { eventTimeout: PT1S, stateExecTimeout: {} } }",
    ),
    ["4:101 /states/0/timeouts/stateExecTimeout/total: expected a duration, found nothing"],
  );
});
