import assert from "node:assert/strict";
import { test } from "node:test";
import type { EventSwitchState } from "@antiphon/definition";
import * as make from "../testing/build.ts";
import { given, NOW_MS } from "../testing/index.ts";

const approved = make.consumed("approved");
const denied = make.consumed("denied", { dataOnly: false });
const filter = { useData: true, data: ".why", toStateData: ".reason" };

function choice(more: Partial<EventSwitchState> = {}) {
  const state = make.eventChoice(
    "decide",
    [
      [approved, make.to("yes")],
      [denied, make.to("no"), { useData: true, data: ".data.why", toStateData: ".reason" }],
    ],
    more,
  );
  return make.workflowOf([state, ...["yes", "no", "late"].map((name) => make.inject(name, { [name]: true }))]);
}

const awaited = {
  type: "EventAwaited",
  wait: "1.event",
  events: [
    { name: "approved", eventType: "approved" },
    { name: "denied", eventType: "denied" },
  ],
} as const;
const entered = { type: "StateEntered", state: "decide", visit: 1 } as const;
const left = { type: "StateLeft", state: "decide", visit: 1 } as const;

test("it waits for any of its events, and leaves by the way of the first that comes, which closes the wait for the others", () => {
  const waiting = given(choice()).when(make.start({ n: 1 }));
  waiting.then(make.started({ n: 1 }), entered, awaited, { type: "TokenMoved", step: "choose" });
  const event = make.cloudEvent("approved", "e-1", { ok: true });
  const chosen = waiting.and.when(make.deliver(event));
  chosen.then(
    { type: "EventReceived", wait: "1.event", event, found: { by: "instance" } },
    { type: "DataChanged", data: { n: 1, ok: true } },
    left,
    { type: "StateEntered", state: "yes", visit: 2 },
    { type: "DataChanged", data: { n: 1, ok: true, yes: true } },
    { type: "StateLeft", state: "yes", visit: 2 },
    { type: "InstanceCompleted" },
  );
  const late = make.cloudEvent("denied", "e-2");
  chosen.and.when(make.deliver(late)).then({
    type: "EventIgnored",
    event: late,
    disposition: "unmatched",
    reason: "late: the instance is completed",
    found: { by: "instance" },
  });
});

test("each condition takes in its event's data by its own filter, or the whole event", () => {
  const event = make.cloudEvent("denied", "e-1", { why: "price" });
  const { instance } = given(choice()).when(make.start({ n: 1 }), make.deliver(event));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 1, reason: "price", no: true }]);
  const one = make.eventChoice("decide", [[approved, make.END, filter]]);
  const other = given(make.workflowOf([one])).when(
    make.start({}),
    make.deliver(make.cloudEvent("approved", "e-1", { why: 1, more: 2 })),
  );
  assert.deepEqual(make.outcomeOf(other.instance), ["completed", { reason: 1 }]);
});

test("an event that came early is taken as soon as the state is entered", () => {
  const definition = make.workflowOf([
    make.sleep("nap", "PT1S", { next: make.to("decide") }),
    ...Object.values(choice().states),
  ]);
  const early = make.cloudEvent("denied", "e-1", { why: "price" });
  const { instance } = given(definition)
    .when(make.start({}), make.deliver(early))
    .and.at(NOW_MS + 1_000)
    .when(make.reachTime);
  assert.deepEqual(make.outcomeOf(instance), ["completed", { reason: "price", no: true }]);
});

const timer = { type: "TimerStarted", timer: "1.timeout", dueMs: NOW_MS + 30_000 } as const;
const closed = { type: "WaitClosed", wait: "1.event", reason: "timeout" } as const;

test("when time is up it leaves by the default", () => {
  const waiting = given(choice({ eventTimeout: "PT30S", otherwise: make.to("late") })).when(make.start({}));
  waiting.then(make.started({}), entered, awaited, timer, { type: "TokenMoved", step: "choose" });
  waiting.and
    .at(NOW_MS + 30_000)
    .when(make.reachTime)
    .then(
      { type: "TimerFired", timer: "1.timeout" },
      closed,
      left,
      { type: "StateEntered", state: "late", visit: 2 },
      { type: "DataChanged", data: { late: true } },
      { type: "StateLeft", state: "late", visit: 2 },
      { type: "InstanceCompleted" },
    );
  const { events } = waiting.and.when(make.deliver(make.cloudEvent("approved", "e-1")));
  assert.deepEqual(events[1], { type: "TimerCancelled", timer: "1.timeout" });
});

test("a handler of TimedOut comes before the default", () => {
  const onErrors = [make.caught("TimedOut", make.to("no"))];
  const { instance } = given(choice({ eventTimeout: "PT30S", otherwise: make.to("late"), onErrors }))
    .when(make.start({}))
    .and.at(NOW_MS + 30_000)
    .when(make.reachTime);
  assert.deepEqual(make.outcomeOf(instance), ["completed", { no: true }]);
});

test("without a default time that is up changes nothing: it waits on", () => {
  const late = given(choice({ eventTimeout: "PT30S" }))
    .when(make.start({}))
    .and.at(NOW_MS + 30_000)
    .when(make.reachTime);
  late.then({ type: "TimerFired", timer: "1.timeout" });
  const { instance } = late.and.when(make.deliver(make.cloudEvent("approved", "e-1")));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { yes: true }]);
});

test("a filter that fails on an event can be tried again with better data, or passed over: the event is not lost", () => {
  const odd = { useData: true, data: ".why | keys" };
  const state = make.eventChoice("decide", [[approved, make.END, odd]]);
  const failed = given(make.workflowOf([state])).when(
    make.start({}),
    make.deliver(make.cloudEvent("approved", "e-1", { why: 3 })),
  );
  assert.equal(failed.instance.status, "faulted");
  assert.equal(failed.and.when(make.retrigger).instance.status, "faulted");
  failed.and
    .when(make.skip)
    .then({ type: "InstanceRetriggered", skip: true }, { type: "TokenMoved", step: "leave 0" }, left, {
      type: "InstanceCompleted",
    });
});
