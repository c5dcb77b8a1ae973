import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EXAMPLES } from "./testing/examples.ts";
import { run } from "./testing/node/course.ts";
import { randomHistory } from "./testing/node/histories.ts";
import { randomDefinition } from "./testing/random-definition.ts";

/** Histories of each example, and random definitions with a history each. */
const HISTORIES = 200;
const DEFINITIONS = 400;
const SEED = 20261124;

for (const [i, definition] of EXAMPLES.entries()) {
  test(`every history of example ${i + 1} folds to the state held, which can be written, read back and decided on alike`, () => {
    const property = fc.property(randomHistory, (inputs) => {
      run(definition, inputs);
    });
    fc.assert(property, { numRuns: HISTORIES, seed: SEED });
  });
}

test("every history of every definition does", () => {
  const facts = new Set<string>();
  const property = fc.property(randomDefinition, randomHistory, (definition, inputs) => {
    for (const { type } of run(definition, inputs)) facts.add(type);
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
  "ChildRetriggered",
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
  "ResultAwaited",
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
