import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { INSTANCE_ID_LENGTH_MAX, readCommand } from "./read-command.ts";
import { readDecision } from "./read-decision.ts";

const start = { type: "StartInstance", instance: "i", workflow: "w", definition: "h", data: {}, headers: {} } as const;

test("a command is what its document says", () => {
  const parent = { instance: "p", action: "1.a", attempt: 2, root: { instance: "p", workflow: "w" } };
  const whole = { ...start, parent, variables: { n: 1 }, from: { topic: "t", partition: 0, offset: 1, index: 0 } };
  assert.deepEqual(readCommand(whole), whole);
  assert.deepEqual(readCommand({ type: "RetriggerInstance", instance: "i", skip: true }), {
    type: "RetriggerInstance",
    instance: "i",
    skip: true,
  });
});

describe("what is no command is refused, with its places", () => {
  for (const [what, document, place] of [
    ["no instance", { ...start, instance: undefined }, "/instance"],
    ["an empty instance", { ...start, instance: "" }, "/instance"],
    ["an instance id that is too long", { ...start, instance: "i".repeat(INSTANCE_ID_LENGTH_MAX + 1) }, "/instance"],
    ["another type", { ...start, type: "Begin" }, "/type"],
    ["no data", { ...start, data: undefined }, "/data"],
    ["a header that is no text", { ...start, headers: { a: 1 } }, "/headers/a"],
    [
      "an offset that is no whole number",
      { ...start, from: { topic: "t", partition: 0, offset: 0.5, index: 0 } },
      "/from/offset",
    ],
    [
      "an event without an id",
      {
        type: "DeliverEvent",
        instance: "i",
        event: { specversion: "1.0", source: "", type: "t" },
        found: { by: "instance" },
      },
      "/event/id",
    ],
    [
      "a way to be found that there is not",
      {
        type: "DeliverEvent",
        instance: "i",
        event: { specversion: "1.0", id: "1", source: "", type: "t" },
        found: { by: "luck" },
      },
      "/found/by",
    ],
  ] as const) {
    test(what, () => {
      assert.throws(
        () => readCommand(JSON.parse(JSON.stringify(document))),
        (error: Error) => error.message.startsWith("no command: ") && error.message.includes(`${place}:`),
      );
    });
  }
});

test("a decision has events and a time; anything else is no decision", () => {
  assert.deepEqual(readDecision('{"atMs":1,"events":[]}'), { atMs: 1, events: [] });
  for (const value of [null, "1", "[]", '{"events":[]}', '{"atMs":"1","events":[]}', '{"atMs":1,"events":{}}']) {
    assert.throws(() => readDecision(value), /expected a decision with atMs and events/);
  }
});
