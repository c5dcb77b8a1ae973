import assert from "node:assert/strict";
import { test } from "node:test";
import { notesIn } from "../testing/read-text.ts";

const MEMBERS =
  '"id", "name", "instanceId", "headers", "input", "identity", "prevActionResult", "statusCode", "statusMessage", ' +
  '"responseHeaders" or "callbackUrl" of $WORKFLOW';

function notesOn(expression: string, place: "condition" | "argument" | "function" = "argument"): readonly string[] {
  const text = JSON.stringify(expression);
  return notesIn(`id: a
start: s
functions:
  - { name: log, type: custom, operation: sysout }
  - { name: total, type: expression, operation: ${place === "function" ? text : ".total"} }
states:
  - name: s
    type: operation
    actions:
      - condition: ${place === "condition" ? text : "true"}
        functionRef: { refName: log, arguments: { message: ${place === "argument" ? text : "hello"} } }
    end: true`);
}

test("a member of $WORKFLOW that there is not is noted, with the one that was meant, wherever it stands", () => {
  const found = '"instaceId", which is null; did you mean "instanceId"?';
  assert.deepEqual(notesOn("${ $WORKFLOW.instaceId }"), [
    `11:60 /states/0/actions/0/functionRef/arguments/message: expected ${MEMBERS}, found ${found}`,
  ]);
  assert.deepEqual(notesOn('$WORKFLOW["instaceId"] == "x"', "condition"), [
    `10:20 /states/0/actions/0/condition: expected ${MEMBERS}, found ${found}`,
  ]);
  assert.deepEqual(notesOn("{id: $WORKFLOW.instaceId}", "function"), [
    `5:49 /functions/1/operation: expected ${MEMBERS}, found ${found}`,
  ]);
});

test("those that there are, and texts that are no expressions, are not", () => {
  assert.deepEqual(notesOn("{id: $WORKFLOW.instanceId, from: $WORKFLOW.headers.host, at: $WORKFLOW}"), []);
  assert.deepEqual(notesOn("read $WORKFLOW.manual first"), []);
});
