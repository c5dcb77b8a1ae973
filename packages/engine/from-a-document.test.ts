import assert from "node:assert/strict";
import { test } from "node:test";
import { readDefinition } from "@antiphon/definition";
import * as make from "./testing/build.ts";
import { given } from "./testing/index.ts";

/** A callback as SonataFlow's users write it: an operation that takes a URL, a message by sysout, an error that is caught. */
const DOCUMENT = `
id: callback
version: "1.0"
specVersion: "0.8"
start: waitForAnswer
functions:
  - name: ask
    type: rest
    operation: specs/service.yaml#ask
  - name: print
    type: custom
    operation: sysout
errors:
  - name: unavailable
    code: HTTP:503
events:
  - name: answer
    source: ""
    type: answer
states:
  - name: waitForAnswer
    type: callback
    action:
      functionRef:
        refName: ask
        arguments:
          processInstanceId: $WORKFLOW.instanceId
          query: "\${ .query }"
      actionDataFilter:
        useResults: false
    eventRef: answer
    eventDataFilter:
      data: "\${ {answer: .text} }"
    timeouts:
      eventTimeout: PT1H
    onErrors:
      - errorRef: unavailable
        end: true
    transition: print
  - name: print
    type: operation
    actions:
      - functionRef:
          refName: print
          arguments:
            message: 'The answer is \\(.answer)'
    end: true
`;

const SPECIFICATION = `
openapi: 3.0.3
info: { title: Service, version: "1" }
paths:
  /questions:
    post:
      operationId: ask
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { "202": { description: accepted } }
      callbacks:
        answered:
          "{$request.body#/uri}":
            post:
              requestBody: { content: { application/json: { schema: { type: object } } } }
              responses: { "202": { description: thanks } }
`;

const path = "callback.sw.yaml";
const { definition, problems } = readDefinition(
  { path, files: { [path]: DOCUMENT, "specs/service.yaml": SPECIFICATION } },
  {},
);

test("a document that is read runs: asked with a URL, answered by it, printed and completed", () => {
  assert.deepEqual(problems, []);
  assert.ok(definition);
  const asked = given(definition).when(make.start({ query: "why?" }));
  assert.deepEqual(asked.events.slice(2, 4), [
    { type: "EventAwaited", wait: "1.event", events: [{ name: "answer", eventType: "answer", byToken: true }] },
    {
      type: "ActionRequested",
      action: "1.1",
      function: "ask",
      definition: make.HASH,
      arguments: {
        processInstanceId: "i-1",
        query: "why?",
        uri: "https://antiphon.test/callbacks/i-1/1.event",
      },
    },
  ]);
  const event = make.cloudEvent("answer", "e-1", { text: "because" });
  const done = asked.and.when(
    make.answer("1.1", { ignored: true }),
    make.deliver(event, { by: "token", wait: "1.event" }),
  );
  assert.deepEqual(done.events.at(-3), { type: "MessageLogged", level: "info", message: "The answer is because" });
  assert.deepEqual(done.instance, {
    ...done.instance,
    status: "completed",
    data: { query: "why?", answer: "because" },
  });
});
