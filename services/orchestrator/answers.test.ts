import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, evolve, type Instance } from "@antiphon/engine";
import type { CloudEvent, InstanceEvent } from "@antiphon/protocol";
import { answersOf } from "./answers.ts";

const who = { gateway: "g", request: "r" };
const starter = { gateway: "g", request: "s" };
const event: CloudEvent = { specversion: "1.0", id: "1", source: "/shop", type: "paid" };
const error = { code: "500", message: "down", classes: [] };

const started: InstanceEvent = {
  type: "InstanceStarted",
  instance: "i",
  workflow: "w",
  version: "1.0",
  definition: "h",
  data: { n: 1 },
  headers: {},
  correlation: {},
};
const entered: InstanceEvent = { type: "StateEntered", state: "a", visit: 1 };
const awaited: InstanceEvent = { type: "EventAwaited", wait: "1.event", events: [{ name: "paid", eventType: "paid" }] };
const rested: InstanceEvent = { type: "TokenMoved", step: "event" };

function fold(...events: readonly InstanceEvent[]): Instance {
  return events.reduce<Instance>((state, one) => evolve(state, one, 0), absent);
}

/** What is told of a decision that follows on some facts. */
function told(before: readonly InstanceEvent[], events: readonly InstanceEvent[], reply?: typeof who) {
  const decision = { atMs: 0, events, ...(reply && { reply }) };
  const answers = answersOf("i", decision, fold(...before), fold(...before, ...events));
  return answers.map(({ gateway, reply: { request, ...content } }) => ({ to: `${gateway}/${request}`, ...content }));
}

const active = { to: "g/s", type: "InstanceAnswer", instance: "i", status: "active", data: { n: 1 } };

test("who starts an instance by a request is told when it first rests, and not before", () => {
  const begun = [{ ...started, reply: starter } as const, entered];
  const asking: InstanceEvent = {
    type: "ActionRequested",
    action: "1.a",
    function: "f",
    definition: "h",
    arguments: {},
  };
  assert.deepEqual(told([], [...begun, rested], starter), [active]);
  assert.deepEqual(told([], [...begun, asking, rested], starter), []);
  const answered: InstanceEvent = { type: "ActionCompleted", action: "1.a" };
  assert.deepEqual(told([...begun, asking, rested], [answered, { type: "TokenMoved", step: "b" }]), [active]);
});

test("who starts an instance that fails is told the error", () => {
  const begun = { ...started, reply: starter } as const;
  const fault = { type: "InstanceFaulted", error } as const;
  const failed = { ...active, status: "faulted", error, failedState: "a" };
  assert.deepEqual(told([], [begun, entered, fault], starter), [failed]);
  // It stands at the step that failed, where it is not at rest.
  assert.deepEqual(told([], [begun, entered, rested, fault], starter), [failed]);
});

test("who lets a failed instance go on is told when it rests again, and who aborts one that was not at rest yet keeps nobody from being told", () => {
  const asking = { type: "ActionRequested", action: "1.a", function: "f", definition: "h", arguments: {} } as const;
  const failed: readonly InstanceEvent[] = [started, entered, { type: "InstanceFaulted", error }];
  const again = { type: "InstanceRetriggered" } as const;
  const promised = { type: "AnswerPromised", reply: who } as const;
  const { to: _, ...state } = active;
  assert.deepEqual(told(failed, [again, rested], who), [{ ...state, to: "g/r" }]);
  assert.deepEqual(told(failed, [again, asking, rested, promised], who), []);
  const answered: InstanceEvent = { type: "ActionCompleted", action: "1.a" };
  assert.deepEqual(told([...failed, again, asking, rested, promised], [answered, { type: "TokenMoved", step: "b" }]), [
    { ...state, to: "g/r" },
  ]);
  const aborted = { type: "InstanceAborted", reason: "by request" } as const;
  assert.deepEqual(told([{ ...started, reply: starter }, entered, asking, rested], [aborted], who), [
    { ...state, status: "aborted", to: "g/r" },
    { ...state, status: "aborted", to: "g/s" },
  ]);
});

test("who wants to start what somebody else has started is told so, and who mends a failed instance how it stands", () => {
  assert.deepEqual(told([started, entered], [{ type: "StartIgnored" }], who), [
    { to: "g/r", type: "InstanceExists", instance: "i", workflow: "w", status: "active" },
  ]);
  const failed: readonly InstanceEvent[] = [started, entered, { type: "InstanceFaulted", error }];
  assert.deepEqual(told(failed, [], who), [{ ...active, to: "g/r", status: "faulted", error, failedState: "a" }]);
});

test("who sends an event is told what became of it", () => {
  const waiting = [started, entered, awaited, rested];
  const ref = { source: "/shop", id: "1", instance: "i" };
  const found = { by: "instance" } as const;
  const to = { to: "g/r", type: "EventAnswer", ...ref };
  assert.deepEqual(told(waiting, [{ type: "EventReceived", wait: "1.event", event, found }], who), [
    { ...to, disposition: "resolved" },
  ]);
  assert.deepEqual(told(waiting, [{ type: "EventBuffered", event, expiresMs: 5 }], who), [
    { ...to, disposition: "buffered" },
  ]);
  const ignored = { type: "EventIgnored", event, disposition: "unmatched", reason: "late", found } as const;
  assert.deepEqual(told(waiting, [ignored], who), [{ ...to, disposition: "unmatched", reason: "late" }]);
  assert.deepEqual(told(waiting, [{ ...ignored, refused: "closed" }], who), [
    { ...to, disposition: "unmatched", reason: "late", refused: "closed" },
  ]);
  const startedBy = { source: "/shop", id: "1", type: "paid" };
  assert.deepEqual(told([], [{ ...started, startedBy }, entered, rested], who), [{ ...to, disposition: "started" }]);
});

test("who asks something of an instance is told how it stands, or that there is none", () => {
  const waiting = [started, entered, awaited, rested];
  assert.deepEqual(told(waiting, [{ type: "DataChanged", data: { n: 2 } }], who), [
    { ...active, to: "g/r", data: { n: 2 } },
  ]);
  assert.deepEqual(told(waiting, [], who), [{ ...active, to: "g/r" }]);
  assert.deepEqual(told([], [], who), [
    { to: "g/r", type: "InstanceMissing", instance: "i", reason: "there is no such instance" },
  ]);
  const ended = [...waiting, { type: "InstanceAborted", reason: "by request" } as const];
  assert.deepEqual(told(ended, [], who), [
    { to: "g/r", type: "InstanceMissing", instance: "i", reason: "the instance is aborted" },
  ]);
});

test("who is told of an instance that is undoing things, or has failed at that, is told what is left", () => {
  const undoing: readonly InstanceEvent[] = [
    { ...started, reply: starter },
    { type: "CompensationStarted", states: ["b", "c"], after: { kind: "abort", reason: "by request" } },
    { type: "StateEntered", state: "b", visit: 1, undoes: true },
  ];
  const left = { leftToUndo: ["b", "c"] };
  assert.deepEqual(told([], [...undoing, rested], starter), [{ ...active, ...left }]);
  const fault = { type: "InstanceFaulted", error } as const;
  const failed = { ...active, status: "faulted", error, failedState: "b", ...left };
  assert.deepEqual(told([], [...undoing, fault], starter), [failed]);
});
