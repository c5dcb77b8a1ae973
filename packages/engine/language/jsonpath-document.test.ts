import assert from "node:assert/strict";
import { test } from "node:test";
import { readDefinition } from "@antiphon/definition";
import * as make from "../testing/build.ts";
import { given } from "../testing/index.ts";

/** JSONPath where a definition may have expressions: conditions, filters, targets, messages, lists, functions. */
const DOCUMENT = `
id: greet
version: "1.0"
specVersion: "0.8"
expressionLang: jsonpath
start: byAge
constants: { minimum: 18 }
functions:
  - { name: print, type: custom, operation: sysout }
  - { name: adults, type: expression, operation: "$.people[?(@.age >= $CONST.minimum)].name" }
states:
  - name: byAge
    type: switch
    dataConditions:
      - condition: "{{ $.people[?(@.age >= $CONST.minimum)] }}"
        transition: greet
    defaultCondition: { transition: nobody }
  - name: greet
    type: operation
    stateDataFilter: { output: "$['greeted', 'people']" }
    actions:
      - functionRef: adults
        actionDataFilter: { toStateData: "$.greeted.names" }
      - functionRef:
          refName: print
          arguments: { message: "$.greeting $.greeted.names[0]" }
    end: true
  - name: nobody
    type: inject
    data: { alone: true }
    end: true
`;

const path = "greet.sw.yaml";
const { definition, problems } = readDefinition({ path, files: { [path]: DOCUMENT } }, {});

test("a document in JSONPath is read and runs: conditions, filters, targets and messages are paths", () => {
  assert.deepEqual(problems, []);
  assert.ok(definition !== undefined);
  const people = [
    { name: "Kim", age: 12 },
    { name: "Ada", age: 36 },
  ];
  const ended = given(definition).when(make.start({ greeting: "Hello, ", people }));
  assert.deepEqual(
    ended.events.filter(({ type }) => type === "MessageLogged"),
    [{ type: "MessageLogged", level: "info", message: "Hello, Ada" }],
  );
  assert.equal(ended.instance.status, "completed");
  assert.deepEqual(ended.instance.status === "completed" && ended.instance.data, {
    greeted: { names: ["Ada"] },
    people,
  });
});

test("a condition in JSONPath that finds nothing does not hold", () => {
  assert.ok(definition !== undefined);
  const ended = given(definition).when(make.start({ people: [] }));
  assert.deepEqual(ended.instance.status === "completed" && ended.instance.data, { people: [], alone: true });
});
