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
  test(`example ${i + 1}, decided in slices of a branch each, holds to the same`, () => {
    const property = fc.property(randomHistory, (inputs) => {
      run(definition, inputs, undefined, 1);
    });
    fc.assert(property, { numRuns: HISTORIES / 2, seed: SEED });
  });

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

test("every history of every definition does, decided in slices of a branch each", () => {
  let slices = 0;
  const property = fc.property(randomDefinition, randomHistory, (definition, inputs) => {
    for (const event of run(definition, inputs, undefined, 1)) {
      if (event.type === "TimerStarted" && event.slice !== undefined) slices += 1;
    }
  });
  fc.assert(property, { numRuns: DEFINITIONS, seed: SEED });
  assert.ok(slices > DEFINITIONS / 4, `${slices} slices`);
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
