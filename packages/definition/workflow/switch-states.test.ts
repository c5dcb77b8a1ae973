import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsOfStates, stateIn } from "../testing/states.ts";

const PAID = { name: "paid", type: "order.paid", kind: "consumed", dataOnly: true, correlation: [], metadata: {} };

test("a switch on events has its events, and where it leads when none comes in time", () => {
  const state = stateIn(`  - name: s
    type: switch
    timeouts: { eventTimeout: PT1H }
    eventConditions:
      - { name: now, eventRef: paid, eventDataFilter: { data: .sum, toStateData: .paid }, transition: done }
      - { eventRef: paid, end: true, metadata: { a: b } }
    defaultCondition: { end: { terminate: true } }`);
  assert.deepEqual(state, {
    name: "s",
    type: "eventSwitch",
    onErrors: [],
    metadata: {},
    conditions: [
      {
        name: "now",
        event: PAID,
        eventFilter: { useData: true, data: ".sum", toStateData: ".paid" },
        next: { kind: "transition", to: "done", produce: [] },
      },
      { event: PAID, eventFilter: { useData: true }, next: { kind: "end", terminate: false, produce: [] } },
    ],
    eventTimeout: "PT1H",
    otherwise: { kind: "end", terminate: true, produce: [] },
  });
});

test("a switch on events may wait for ever, but then it has no default", () => {
  const conditions = "eventConditions: [{ eventRef: paid, end: true }]";
  const withDefault = `  - { name: s, type: switch, ${conditions}, defaultCondition: { end: true } }`;
  assert.deepEqual(problemsOfStates(`  - { name: s, type: switch, ${conditions} }`), []);
  assert.deepEqual(problemsOfStates(withDefault), [
    "4:98 /states/0/defaultCondition: expected an eventTimeout of the state or of the workflow, after which it is taken, found none",
  ]);
  assert.deepEqual(problemsOfStates(withDefault, "timeouts: { eventTimeout: PT1H }"), []);
});

test("a switch is on data or on events", () => {
  const [data, events] = [
    "dataConditions: [{ condition: .a, end: true }]",
    "eventConditions: [{ eventRef: paid, end: true }]",
  ];
  assert.deepEqual(problemsOfStates(`  - { name: s, type: switch, ${data}, ${events} }`), [
    "4:5 /states/0: expected either dataConditions or eventConditions, found both",
  ]);
  assert.deepEqual(problemsOfStates("  - { name: s, type: switch, defaultCondition: { end: true } }"), [
    "4:5 /states/0/dataConditions: expected dataConditions or eventConditions, found neither",
  ]);
  assert.deepEqual(problemsOfStates("  - { name: s, type: switch, eventConditions: [{ eventRef: paied }] }"), [
    "4:48 /states/0/eventConditions/0: expected a transition or an end, found neither",
    '4:60 /states/0/eventConditions/0/eventRef: expected the name of an event, found "paied"; did you mean "paid"?',
  ]);
});
