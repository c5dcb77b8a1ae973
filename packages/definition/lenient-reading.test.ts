import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems } from "./document/problems.ts";
import { readDefinition } from "./read-definition.ts";
import { notesIn, problemsIn } from "./testing/read-text.ts";
import { definitionOfStates, problemsOfStates, stateIn } from "./testing/states.ts";

const COMPATIBLE = { files: { "application.properties": "antiphon.compatibility=sonataflow" } };

const workflow = (states: string, members = "") => `id: a\nstart: s\nstates:\n${states}\n${members}`;

/** What SonataFlow deploys, and fails of where it is reached, or never notices; with what is said of it here. */
const LATE: Readonly<Record<string, readonly [text: string, said: string]>> = {
  "a condition that is no jq": [
    workflow(
      "  - { name: s, type: switch, dataConditions: [{ condition: '${ .a === 1 }', end: true }], defaultCondition: { end: true } }",
    ),
    '4:60 /states/0/dataConditions/0/condition: expected an expression, found "${ .a === 1 }": ',
  ],
  "a filter that is no jq": [
    workflow("  - { name: s, type: inject, data: {}, stateDataFilter: { output: 'a b c' }, end: true }"),
    '4:67 /states/0/stateDataFilter/output: expected an expression, found "a b c": ',
  ],
  "an expression function that is no jq": [
    workflow(
      "  - { name: s, type: inject, data: {}, end: true }",
      "functions: [{ name: f, type: expression, operation: 'a b' }]",
    ),
    '5:53 /functions/0/operation: expected an expression, found "a b": ',
  ],
  "a URL without its scheme": [
    workflow(
      "  - { name: s, type: inject, data: {}, end: true }",
      "functions: [{ name: f, type: custom, operation: 'rest:post:localhost:21060/x' }]",
    ),
    '5:49 /functions/0/operation: expected a URL with its scheme, "http://localhost:21060/x", found "rest:post:localhost:21060/x"',
  ],
  "an expression that is not closed": [
    workflow(
      "  - { name: s, type: operation, actions: [{ functionRef: { refName: f, arguments: { sku: '${ .sku' } } }], end: true }",
      "functions: [{ name: f, type: custom, operation: 'rest:post:http://x/' }]",
    ),
    '4:90 /states/0/actions/0/functionRef/arguments/sku: expected a text, or an expression up to its "}", found "${ .sku"',
  ],
  "authentication that there is not": [
    workflow(
      "  - { name: s, type: inject, data: {}, end: true }",
      "functions: [{ name: f, type: custom, operation: 'rest:get:http://x/', authRef: me }]",
    ),
    '5:80 /functions/0/authRef: expected the name of an auth definition, found "me"',
  ],
};

for (const [what, [text, said]] of Object.entries(LATE)) {
  test(`${what} is refused, but where SonataFlow is to be followed, noted`, () => {
    const [problem = "", ...more] = problemsIn(text);
    assert.deepEqual([problem.slice(0, said.length), more], [said, []]);
    const [note = "", ...others] = notesIn(text, COMPATIBLE);
    assert.deepEqual([note.slice(0, said.length), others], [said, []]);
  });

  test(`${what} does not keep a definition that was deployed from being read`, () => {
    const bundle = { path: "test.sw.yaml", files: { "test.sw.yaml": text } };
    assert.equal(formatProblems(readDefinition(bundle, {}, { isDeployed: true }).problems), "");
  });
}

test("an expression in the middle of a text is a text, which is said", () => {
  const text = workflow(
    "  - { name: s, type: operation, actions: [{ functionRef: { refName: f, arguments: { a: 'Dear ${ .name },' } } }], end: true }",
    "functions: [{ name: f, type: custom, operation: 'rest:post:http://x/' }]",
  );
  const [note = "", ...more] = notesIn(text);
  assert.deepEqual(more, []);
  assert.match(
    note,
    /^4:88 \/states\/0\/actions\/0\/functionRef\/arguments\/a: expected an expression around all of the text, /,
  );
});

test("an error in a compensation may lead to a state that is not used for compensation", () => {
  const states = (compensation: string) => `  - { name: s, type: inject, data: {}, compensatedBy: undo, end: true }
  - { name: undo, type: operation, actions: [{ functionRef: total }], usedForCompensation: true, ${compensation} }
  - { name: odd, type: inject, data: {}, end: true }`;
  const { undo } = definitionOfStates(states("onErrors: [{ errorRef: broken, transition: odd }]")).states;
  assert.deepEqual(undo?.onErrors[0]?.next, { kind: "transition", to: "odd", produce: [] });
  assert.equal(problemsOfStates(states("transition: odd")).length, 1);
});

test("an iterationParam may be written as the specification's examples have it", () => {
  const foreach = (name: string) =>
    `  - { name: s, type: foreach, inputCollection: .all, iterationParam: "${name}", actions: [{ functionRef: total }], end: true }`;
  for (const name of ["item", "${ .item }", "${item}", "${ $item }"]) {
    const state = stateIn(foreach(name));
    assert.equal(state?.type === "foreach" && state.iterationParam, "item");
  }
  assert.equal(problemsOfStates(foreach("${ .a.b }")).length, 1);
});

test("any JSON can be injected", () => {
  for (const data of ["Hello", 1, [1, "ä"], { a: null }, false]) {
    const state = stateIn(`  - { name: s, type: inject, data: ${JSON.stringify(data)}, end: true }`);
    assert.deepEqual(state?.type === "inject" && state.data, data);
  }
  assert.deepEqual(problemsOfStates("  - { name: s, type: inject, end: true }"), [
    "4:5 /states/0/data: expected the data to inject, found nothing",
  ]);
});

test("a default condition and a place for data are told in the form that is expected", () => {
  assert.deepEqual(
    problemsOfStates(
      "  - { name: s, type: switch, dataConditions: [{ condition: .a, end: true }], defaultCondition: done }",
    ),
    [
      '4:96 /states/0/defaultCondition: expected a default condition, { "transition": "name of a state" } or { "end": true }, found "done"',
    ],
  );
  const [problem = ""] = problemsOfStates(
    "  - { name: s, type: operation, actions: [{ functionRef: total, actionDataFilter: { toStateData: stock } }], end: true }",
  );
  assert.match(problem, /toStateData: expected an expression, as ".stock" is, found "stock": /);
});
