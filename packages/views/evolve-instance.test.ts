import assert from "node:assert/strict";
import { test } from "node:test";
import type { InstanceEvent } from "@antiphon/protocol";
import { evolveInstance } from "./evolve-instance.ts";
import { type InstanceRow, instanceKey, waitsOf } from "./instance-row.ts";

const started: InstanceEvent = {
  type: "InstanceStarted",
  instance: "i1",
  workflow: "onboarding",
  version: "2",
  definition: "hash",
  data: { name: "Ada" },
  businessKey: "B-7",
  headers: {},
  correlation: {},
};
const kept = {
  id: "i1",
  workflow: "onboarding",
  version: "2",
  definition: "hash",
  businessKey: "B-7",
  startedMs: 1_000,
};
const approved = { name: "approved", eventType: "com.acme.approved", key: "the key" };

/** The row after decisions, one a second, at offsets 10, 11, … */
function after(...decisions: readonly (readonly InstanceEvent[])[]): InstanceRow | undefined {
  let row: InstanceRow | undefined;
  decisions.forEach((events, i) => {
    const change = { kind: "instance", key: instanceKey("i1"), offset: 10 + i, atMs: 1_000 * (i + 1), events } as const;
    row = evolveInstance(row, change);
  });
  return row;
}

test("an instance that rests at a wait is active, and its row has the wait and no data", () => {
  const row = after(
    [
      started,
      { type: "StateEntered", state: "Ask", visit: 1 },
      { type: "EventAwaited", wait: "1.callback", events: [approved] },
    ],
    [{ type: "TimerStarted", timer: "1.timeout", dueMs: 60_000 }],
  );
  assert.deepEqual(row, {
    ...kept,
    status: "active",
    updatedMs: 2_000,
    newest: 11,
    state: "Ask",
    waits: { "1.callback": { state: "Ask", events: [approved], sinceMs: 1_000 } },
    deadlines: { "1": 60_000 },
  });
  assert.deepEqual(row && waitsOf(row), [
    {
      instance: "i1",
      workflow: "onboarding",
      wait: "1.callback",
      state: "Ask",
      events: [approved],
      sinceMs: 1_000,
      deadlineMs: 60_000,
    },
  ]);
});

test("a wait is gone once it has its event, is closed, or its state is left", () => {
  const begin: readonly InstanceEvent[] = [
    started,
    { type: "StateEntered", state: "Ask", visit: 1 },
    { type: "TimerStarted", timer: "1.timeout", dueMs: 60_000 },
    { type: "EventAwaited", wait: "1.0.a", events: [approved] },
    { type: "EventAwaited", wait: "1.1.b", events: [approved] },
  ];
  const event = { specversion: "1.0", id: "e1", source: "/s", type: "com.acme.approved" } as const;
  const waitsAfter = (...events: InstanceEvent[]): readonly string[] => {
    const row = after(begin, events);
    return row === undefined ? [] : waitsOf(row).map(({ wait, deadlineMs }) => `${wait} until ${deadlineMs}`);
  };
  assert.deepEqual(waitsAfter(), ["1.0.a until 60000", "1.1.b until 60000"]);
  assert.deepEqual(waitsAfter({ type: "EventReceived", wait: "1.0.a", event, found: { by: "instance" } }), [
    "1.1.b until 60000",
  ]);
  assert.deepEqual(waitsAfter({ type: "WaitClosed", wait: "1.1.b", reason: "timeout" }), ["1.0.a until 60000"]);
  assert.deepEqual(waitsAfter({ type: "TimerCancelled", timer: "1.timeout" }), [
    "1.0.a until undefined",
    "1.1.b until undefined",
  ]);
  const untouched = ["1.0.a until 60000", "1.1.b until 60000"];
  assert.deepEqual(waitsAfter({ type: "TimerStarted", timer: "1.nap", dueMs: 5_000 }), untouched);
  assert.deepEqual(waitsAfter({ type: "TimerFired", timer: "1.nap" }), untouched);
  assert.deepEqual(waitsAfter({ type: "StateLeft", state: "Ask", visit: 1 }), []);
});

test("an ended instance keeps what it was, when it ended and why", () => {
  assert.deepEqual(after([started], [{ type: "InstanceCompleted" }]), {
    ...kept,
    status: "completed",
    updatedMs: 2_000,
    newest: 11,
    endedMs: 2_000,
  });
  assert.deepEqual(after([started], [{ type: "InstanceAborted", reason: "by request" }]), {
    ...kept,
    status: "aborted",
    reason: "by request",
    updatedMs: 2_000,
    newest: 11,
    endedMs: 2_000,
  });
  const error = { code: "404", message: "x".repeat(1_000), classes: ["java.lang.Exception"], where: "states/Ask" };
  assert.deepEqual(after([started], [{ type: "InstanceFaulted", error }]), {
    ...kept,
    status: "faulted",
    error: { code: "404", message: `${"x".repeat(499)}…`, where: "states/Ask" },
    updatedMs: 2_000,
    newest: 11,
    endedMs: 2_000,
    deadlines: {},
  });
});

const begun: readonly InstanceEvent[] = [
  started,
  { type: "StateEntered", state: "Ask", visit: 1 },
  { type: "EventAwaited", wait: "1.callback", events: [approved] },
  { type: "TimerStarted", timer: "1.timeout", dueMs: 60_000 },
];
const failed: readonly InstanceEvent[] = [
  { type: "WaitClosed", wait: "1.callback", reason: "failed" },
  { type: "InstanceFaulted", error: { code: "500", message: "broken", classes: [] } },
];
const again: InstanceEvent = { type: "EventAwaited", wait: "1.callback", events: [approved] };

test("an instance that had failed stands where it stood, and what it waits for has as long as it had left", () => {
  const fault = after(begun, failed);
  assert.deepEqual(fault, {
    ...kept,
    status: "faulted",
    error: { code: "500", message: "broken" },
    updatedMs: 2_000,
    newest: 11,
    endedMs: 2_000,
    state: "Ask",
    deadlines: { "1": 60_000 },
  });
  assert.deepEqual(after(begun, failed, [{ type: "InstanceRetriggered", pausedMs: 1_000 }, again]), {
    ...kept,
    status: "active",
    updatedMs: 3_000,
    newest: 12,
    state: "Ask",
    waits: { "1.callback": { state: "Ask", events: [approved], sinceMs: 3_000 } },
    deadlines: { "1": 61_000 },
  });
});

test("one that an earlier release wrote down as failed goes on without what that did not write", () => {
  const { state: _, deadlines: __, ...stored } = after(begun, failed) as Extract<InstanceRow, { status: "faulted" }>;
  const change = { kind: "instance", key: instanceKey("i1"), offset: 12, atMs: 3_000 } as const;
  const row = evolveInstance(stored, { ...change, events: [{ type: "InstanceRetriggered" }, again] });
  assert.deepEqual(row?.status === "active" && [row.deadlines, Object.keys(row.waits)], [{}, ["1.callback"]]);
});

test("what comes after the end moves the newest decision and nothing else", () => {
  const event = { specversion: "1.0", id: "e1", source: "/s", type: "t" } as const;
  const late: InstanceEvent = {
    type: "EventIgnored",
    event,
    disposition: "unmatched",
    reason: "late",
    found: { by: "instance" },
  };
  assert.deepEqual(after([started], [{ type: "InstanceCompleted" }], [late]), {
    ...kept,
    status: "completed",
    updatedMs: 3_000,
    newest: 12,
    endedMs: 2_000,
  });
});

test("an event that comes before the start makes no row", () => {
  const event = { specversion: "1.0", id: "e1", source: "/s", type: "t" } as const;
  assert.equal(after([{ type: "EventBuffered", event, expiresMs: 5 }]), undefined);
});

test("an instance that is given up after it had failed is an aborted one", () => {
  const error = { code: "500", message: "broken", classes: [] };
  const row = after(
    [started],
    [{ type: "InstanceFaulted", error }],
    [{ type: "InstanceAborted", reason: "by request" }],
  );
  assert.deepEqual(row, {
    ...kept,
    status: "aborted",
    updatedMs: 3_000,
    newest: 12,
    endedMs: 3_000,
    reason: "by request",
  });
});
