import assert from "node:assert/strict";
import { test } from "node:test";
import { stateIn } from "../testing/states.ts";

const ASK = "triggerEventRef: shipped, resultEventRef";

/** The result that the action of a callback waits for, and how long the state waits for its own event. */
function callbackWith(eventRef: string, timeouts = "") {
  const state = stateIn(
    `  - { name: s, type: callback, action: { eventRef: { ${eventRef} } }, eventRef: paid, ${timeouts} end: true }`,
  );
  if (state?.type !== "callback" || state.action?.call.kind !== "produce") assert.fail("expected a callback's event");
  return [state.action.call.result?.event.name, state.eventTimeout];
}

test("an answer that both a callback and its action name is waited for once, by the state", () => {
  assert.deepEqual(callbackWith(`${ASK}: paid`), [undefined, undefined]);
});

test("how long the action waits for it is how long the state does, unless that says so itself", () => {
  assert.deepEqual(callbackWith(`${ASK}: paid, resultEventTimeout: PT1M`), [undefined, "PT1M"]);
  const timeouts = "timeouts: { eventTimeout: PT5M },";
  assert.deepEqual(callbackWith(`${ASK}: paid, resultEventTimeout: PT1M`, timeouts), [undefined, "PT5M"]);
});

test("another answer is the action's own", () => {
  assert.deepEqual(callbackWith("triggerEventRef: paid, resultEventRef: shipped"), ["shipped", undefined]);
});
