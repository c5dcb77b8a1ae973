import assert from "node:assert/strict";
import { test } from "node:test";
import { type ActionOutcome, DATA_DEPTH_MAX, type Json, parseJson } from "@antiphon/protocol";
import { completeAction } from "./complete-action.ts";

const requested = { type: "ActionRequested", action: "1.a", function: "f", definition: "h", arguments: {} } as const;

/** The outcome that an instance is given for an action with this output. */
function outcomeFor(output: Json): ActionOutcome {
  const request = { instance: "i", offset: 0, requested, closed: new AbortController().signal };
  const message = completeAction(request as Parameters<typeof completeAction>[0], { status: "completed", output });
  return (parseJson(message.value ?? "") as unknown as { outcome: ActionOutcome }).outcome;
}

function nested(levels: number): Json {
  let value: Json = "ä";
  for (let i = 0; i < levels; i++) value = { ä: value };
  return value;
}

test("a result nested as deep as data may be is the action's, and a deeper one fails it", () => {
  assert.deepEqual(outcomeFor(nested(DATA_DEPTH_MAX)), { status: "completed", output: nested(DATA_DEPTH_MAX) });
  const failed = outcomeFor(nested(DATA_DEPTH_MAX + 1));
  assert.deepEqual(failed.status === "failed" && [failed.error.code, failed.error.message], [
    "response",
    `the action's result, the data: expected at most ${DATA_DEPTH_MAX} levels of nesting, found more`,
  ]);
});

test("a result with text that is not well-formed fails the action, with its place", () => {
  const failed = outcomeFor({ names: ["a", "\udc00"] });
  assert.equal(
    failed.status === "failed" && failed.error.message,
    'the action\'s result, /names/1: expected well-formed text, found the lone surrogate "\\udc00"',
  );
});
