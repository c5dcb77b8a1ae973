import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "./json.ts";
import { readDecision } from "./read-decision.ts";

const from = { topic: "t", partition: 0, offset: 3, index: 0 };

test("a decision is read as it was written", () => {
  const decision = {
    input: 7,
    from,
    previous: 5,
    atMs: 1,
    events: [{ type: "InstanceCompleted" }],
    reply: { gateway: "g", request: "r" },
    rejected: { reason: "why", value: "what" },
    checkpoint: { state: { status: "active" }, history: [{ offset: 2, atMs: 1, events: [{ type: "StateEntered" }] }] },
    partition: { from: 3, inputs: 8, sources: { "t/0": [3, 0] } },
  };
  assert.deepEqual(readDecision(JSON.stringify(decision)), decision);
  assert.deepEqual(readDecision('{"atMs":1,"events":[]}'), { atMs: 1, events: [] });
});

const decision = { atMs: 1, events: [] };
const wrong: Readonly<Record<string, Json>> = {
  "a number": 7,
  "without a time": { events: [] },
  "at a time that is a text": { ...decision, atMs: "now" },
  "without events": { atMs: 1 },
  "with an event that is null": { ...decision, events: [null] },
  "with an event that is a text": { ...decision, events: ["InstanceCompleted"] },
  "of an input that is a text": { ...decision, input: "7" },
  "of an input below zero": { ...decision, input: -1 },
  "after half an offset": { ...decision, previous: 0.5 },
  "from a number": { ...decision, from: 7 },
  "from half a place": { ...decision, from: { topic: "t", partition: 0 } },
  "with a reply to nobody": { ...decision, reply: [] },
  "that is rejected without a reason": { ...decision, rejected: {} },
  "with a checkpoint of nothing": { ...decision, checkpoint: {} },
  "with a checkpoint whose history is none": {
    ...decision,
    checkpoint: { state: {}, history: [{ offset: 1, atMs: 1 }] },
  },
  "of a partition without a beginning": { ...decision, partition: { inputs: 1, sources: {} } },
  "of a partition with half a source": { ...decision, partition: { from: 1, inputs: 1, sources: { "t/0": [3] } } },
};
for (const [what, document] of Object.entries(wrong)) {
  test(`a record ${what} is no decision, so that no fold goes by it`, () => {
    assert.throws(
      () => readDecision(JSON.stringify(document)),
      /^Error: expected a decision with atMs and events, found /,
    );
  });
}

test("no text is no decision", () => {
  assert.throws(() => readDecision(null), /found nothing/);
  assert.throws(() => readDecision("{"), { name: "JsonSyntaxError" });
});
