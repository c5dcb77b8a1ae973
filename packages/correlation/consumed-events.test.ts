import assert from "node:assert/strict";
import { test } from "node:test";
import { type Definition, formatProblems, readDefinition } from "@antiphon/definition";
import { awaitedEvents, startEvents } from "./consumed-events.ts";

/** A workflow that `placed` starts, whose first action asks and waits for `answered`. */
function asking(more: object): Definition {
  const events = ["placed", "asked", "answered"].map((name) => ({
    name,
    type: name,
    ...(name === "asked" && { kind: "produced" }),
  }));
  const ask = { eventRef: { triggerEventRef: "asked", resultEventRef: "answered" } };
  const begin = { name: "Begin", type: "event", onEvents: [{ eventRefs: ["placed"], actions: [ask] }], ...more };
  const again = { name: "Again", type: "inject", data: {}, transition: "Begin" };
  const states = "transition" in more ? [begin, again] : [begin];
  const files = { "w.sw.json": JSON.stringify({ id: "w", start: "Begin", events, states }) };
  const { definition, problems } = readDefinition({ path: "w.sw.json", files }, {});
  return definition ?? assert.fail(formatProblems(problems));
}

const named = (events: readonly { readonly name: string }[]): readonly string[] => events.map(({ name }) => name);

test("the event that starts an instance is not awaited by it, but what its actions wait for is", () => {
  const definition = asking({ end: true });
  assert.deepEqual(named(startEvents(definition)), ["placed"]);
  assert.deepEqual(named(awaitedEvents(definition)), ["answered"]);
});

test("where a way leads back to the state it starts in, an instance awaits what starts others", () => {
  assert.deepEqual(named(awaitedEvents(asking({ transition: "Again" }))), ["placed", "answered"]);
});
