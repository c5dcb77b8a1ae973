import assert from "node:assert/strict";
import { test } from "node:test";
import { type InstanceEvent, type Json, parseJson, readCommand, topics } from "@antiphon/protocol";
import { messagesOf } from "./messages.ts";

const root = { instance: "r-1", workflow: "top" };
const stamp = (index: number) => ({ topic: topics.history, partition: 3, offset: 42, index });
const headers = { "x-tenant": "ä" };

/** The orders that follow from what an instance i-1 has decided, each read as its receiver reads it. */
function ordered(...events: readonly InstanceEvent[]) {
  const fact = { offset: 42, key: "i-1", decision: { atMs: 0, events } };
  return messagesOf(fact, stamp).map(({ value }) => {
    const { from: _, ...command } = readCommand(parseJson(value ?? "") as Json);
    return command;
  });
}

function asked(child: string, more: Partial<Extract<InstanceEvent, { type: "ChildRequested" }>> = {}): InstanceEvent {
  return { type: "ChildRequested", action: "1.a", child, workflow: "w", data: {}, root, ...more };
}

const started = { type: "StartInstance", workflow: "w", data: {}, headersPassedOn: true };
const child = { hops: 1, family: "r-1" };
const successor = { hops: 1, family: "i-1" };
const parent = { instance: "i-1", action: "1.a", root };

test("all children that one decision asks for get the headers that stand with the first", () => {
  const found = ordered(asked("c-1", { headers }), asked("c-2", { attempt: 2, tellsRest: true }));
  assert.deepEqual(found, [
    { ...started, ...child, instance: "c-1", headers, parent },
    { ...started, ...child, instance: "c-2", headers, parent: { ...parent, attempt: 2, tellsRest: true } },
  ]);
});

test("what an earlier release has decided has no headers", () => {
  const continued: InstanceEvent = { type: "InstanceContinued", instance: "c-2", workflow: "w", data: {}, parent };
  assert.deepEqual(ordered(asked("c-1"), continued), [
    { ...started, ...child, instance: "c-1", headers: {}, parent },
    { ...started, ...successor, instance: "c-2", headers: {}, parent },
  ]);
});

test("an instance that goes on for another one gets its headers", () => {
  const continued: InstanceEvent = { type: "InstanceContinued", instance: "c-2", workflow: "w", data: {}, headers };
  assert.deepEqual(ordered(continued), [{ ...started, ...successor, instance: "c-2", headers }]);
});

test("a child that nobody waits for knows that", () => {
  const [order] = ordered(asked("c-1", { detached: "terminate" }));
  assert.deepEqual(order, {
    ...started,
    ...child,
    instance: "c-1",
    headers: {},
    parent: { ...parent, detached: true },
  });
});

test("a child that failed is asked to go on, and for whom", () => {
  const again: InstanceEvent = { type: "ChildRetriggered", action: "1.a", attempt: 3, child: "c-1", root };
  assert.deepEqual(ordered(again), [{ type: "RetriggerInstance", instance: "c-1", parent: { ...parent, attempt: 3 } }]);
});

test("the failure of a child goes to its parent with who it is", () => {
  const child = { instance: "c-1", workflow: "w", where: 'state "S"', aborted: true } as const;
  const outcome = { status: "failed", error: { code: "500", message: "no", classes: [], child } } as const;
  assert.deepEqual(ordered({ type: "ResultReturned", parent, outcome }), [
    { type: "CompleteAction", instance: "i-1", action: "1.a", outcome },
  ]);
});

test("whoever is started stands one further from the beginning than who asks", () => {
  const further = { hops: 7, family: "f-1" };
  const continued: InstanceEvent = { type: "InstanceContinued", instance: "c-2", workflow: "w", data: {}, ...further };
  assert.deepEqual(ordered(asked("c-1", further), continued), [
    { ...started, instance: "c-1", headers: {}, parent, hops: 8, family: "f-1" },
    { ...started, instance: "c-2", headers: {}, hops: 8, family: "f-1" },
  ]);
});
