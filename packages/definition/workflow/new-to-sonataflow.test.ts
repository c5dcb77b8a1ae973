import assert from "node:assert/strict";
import { test } from "node:test";
import { notesIn } from "../testing/read-text.ts";

const WORKFLOW = `id: a
start: { stateName: s, schedule: PT1H }
autoRetries: "true"
timeouts: { workflowExecTimeout: { duration: PT1H, interrupt: false } }
constants: { retryRef: mine }
functions: [{ name: total, type: custom, operation: "rest:post:http://shop/total" }]
events:
  - { name: asked, type: asked }
  - { name: told, type: foreach, correlation: [{ contextAttributeName: n, contextAttributeValue: .n }] }
retries: [{ name: often, maxAttempts: 3 }]
states:
  - name: s
    type: operation
    actionMode: parallel
    actions:
      - { functionRef: { refName: total, invoke: async, arguments: { retryRef: mine } }, retryRef: often }
      - { eventRef: { triggerEventRef: asked, resultEventRef: told } }
      - { subFlowRef: { workflowId: b, version: "2", invoke: sync } }
    timeouts: { actionExecTimeout: PT1M }
    transition: each
  - { name: each, type: foreach, inputCollection: .all, actions: [], transition: ordered }
  - { name: ordered, type: foreach, mode: sequential, inputCollection: .all, actions: [], transition: ask }
  - name: ask
    type: callback
    action: { eventRef: { triggerEventRef: asked, resultEventRef: told } }
    eventRef: told
    end: { continueAs: a }
`;

test("where we are to read as SonataFlow did, members that it ignored are noted, for they act here", () => {
  const told = notesIn(WORKFLOW, { env: { ANTIPHON_COMPATIBILITY: "sonataflow" } });
  const [first] = told;
  assert.equal(
    first,
    '2:34 /start/schedule: expected nothing that SonataFlow ignored, found "schedule", which acts here',
  );
  assert.deepEqual(
    told.map((note) => /^[\d:]+ ([^:]*): .*?, found (.*)$/.exec(note)?.slice(1)),
    [
      ["/start/schedule", '"schedule", which acts here'],
      ["/autoRetries", '"autoRetries", which acts here'],
      ["/timeouts/workflowExecTimeout/interrupt", '"interrupt", which acts here'],
      ["/events/1/correlation/0/contextAttributeValue", '"contextAttributeValue", which acts here'],
      ["/states/0/actionMode", '"actionMode", which acts here'],
      ["/states/0/actions/0/functionRef/invoke", '"invoke", which acts here'],
      ["/states/0/actions/0/retryRef", '"retryRef", which acts here'],
      ["/states/0/actions/1/eventRef/resultEventRef", '"resultEventRef", which acts here'],
      ["/states/0/actions/2/subFlowRef/version", '"version", which acts here'],
      ["/states/0/timeouts/actionExecTimeout", '"actionExecTimeout", which acts here'],
      ["/states/1", "a foreach without a mode, whose iterations run at the same time here"],
      ["/states/3/end/continueAs", '"continueAs", which acts here'],
    ],
  );
});

test("nothing is noted of them otherwise", () => {
  assert.deepEqual(notesIn(WORKFLOW), []);
});
