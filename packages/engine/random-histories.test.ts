import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EXAMPLES } from "./testing/examples.ts";
import { run } from "./testing/node/course.ts";
import { randomDefinition } from "./testing/random-definition.ts";
import { randomInput } from "./testing/random-input.ts";

/** Histories of each example, random definitions with a history each, and the most inputs in one. */
const HISTORIES = 200;
const DEFINITIONS = 400;
const INPUTS_MAX = 30;
const SEED = 20261124;

const before = fc.array(randomInput, { maxLength: 2 });
const after = fc.array(randomInput, { minLength: INPUTS_MAX / 2, maxLength: INPUTS_MAX });
const began = { kind: "start", n: 1 } as const;

for (const [i, definition] of EXAMPLES.entries()) {
  test(`every history of example ${i + 1} folds to the state held, which can be written, read back and decided on alike`, () => {
    const property = fc.property(before, after, (early, late) => {
      run(definition, [...early, began, ...late]);
    });
    fc.assert(property, { numRuns: HISTORIES, seed: SEED });
  });
}

test("every history of every definition does", () => {
  const facts = new Set<string>();
  const property = fc.property(randomDefinition, before, after, (definition, early, late) => {
    for (const { type } of run(definition, [...early, began, ...late])) facts.add(type);
  });
  fc.assert(property, { numRuns: DEFINITIONS, seed: SEED });
  // Or the histories would say little.
  assert.deepEqual([...facts].sort(), ALL_FACTS);
});

const ALL_FACTS = [
  "ActionCancelled",
  "ActionCompleted",
  "ActionFailed",
  "ActionRequested",
  "ActionRested",
  "ActionRetried",
  "AnswerPromised",
  "BranchEnded",
  "BranchStarted",
  "ChildRequested",
  "CompensationEnded",
  "CompensationStarted",
  "DataChanged",
  "ErrorCaught",
  "EventAwaited",
  "EventBuffered",
  "EventIgnored",
  "EventProduced",
  "EventReceived",
  "EventTaken",
  "ForkJoined",
  "ForkStarted",
  "InstanceAborted",
  "InstanceCompleted",
  "InstanceContinued",
  "InstanceFaulted",
  "InstanceRetriggered",
  "InstanceStarted",
  "MessageLogged",
  "RestReported",
  "ResultReturned",
  "StartIgnored",
  "StateEntered",
  "StateLeft",
  "TimerCancelled",
  "TimerFired",
  "TimerStarted",
  "TokenMoved",
  "WaitClosed",
];
