import assert from "node:assert/strict";
import { test } from "node:test";
import type { Action, EventDefinition } from "@antiphon/definition";
import { formatJson, type InstanceEvent, type Json, parseJson } from "@antiphon/protocol";
import { compile, decide, type Instance, isResting, openWaits } from "../index.ts";
import * as make from "../testing/build.ts";
import { type Decided, environmentAt, fold, given, NOW_MS } from "../testing/index.ts";

const priced = make.consumed("priced");
const event = make.consumed("ask price", { kind: "produced" });

function action(result: EventDefinition = priced, timeout?: string, more: Partial<Action> = {}): Action {
  const produce = { event, data: { n: ".n" }, contextAttributes: {} };
  const call = {
    kind: "produce",
    produce,
    result: { event: result, ...(timeout !== undefined && { timeout }) },
  } as const;
  return { name: "ask", call, useResults: true, ...more };
}

function work(one: Action, state = {}) {
  return make.workflowOf([make.operation("work", [one], state)]);
}

const types = ({ events }: Decided) => events.map(({ type }) => type);
const awaited = {
  type: "EventAwaited",
  wait: "1.ask.result",
  events: [{ name: "priced", eventType: "priced" }],
} as const;
const closed = { type: "WaitClosed", wait: "1.ask.result", reason: "timeout" } as const;

function produced({ events }: Decided): readonly (readonly [string, unknown])[] {
  return events.flatMap((fact) => (fact.type === "EventProduced" ? [[fact.event.id, fact.event.data] as const] : []));
}

test("an event goes out, and the data of the one that answers it is the action's result", () => {
  const asked = given(work(action(priced, undefined, { results: ".price", toStateData: ".cost" }))).when(
    make.start({ n: 3 }),
  );
  assert.deepEqual(produced(asked), [["i-1-1.ask", { n: 3 }]]);
  assert.deepEqual(asked.events.at(-2), awaited);
  assert.equal(isResting(asked.instance), true);
  const answer = make.cloudEvent("priced", "e-1", { price: 9 });
  asked.and
    .when(make.deliver(answer))
    .then(
      { type: "EventReceived", wait: "1.ask.result", event: answer, found: { by: "instance" } },
      { type: "DataChanged", data: { n: 3, cost: 9 } },
      { type: "StateLeft", state: "work", visit: 1 },
      { type: "InstanceCompleted" },
    );
});

test("an answer that was there before the question is taken at once", () => {
  const definition = make.workflowOf([
    make.sleep("nap", "PT1S", { next: make.to("work") }),
    make.operation("work", [action()]),
  ]);
  const early = make.deliver(make.cloudEvent("priced", "e-1", { price: 9 }));
  const { instance } = given(definition)
    .when(make.start({ n: 3 }), early)
    .and.at(NOW_MS + 1_000)
    .when(make.reachTime);
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 3, price: 9 }]);
});

test("the wait is registered under the correlation of its event", () => {
  const keyed = make.consumed("priced", { correlation: [{ name: "orderid", value: "17" }] });
  const { instance } = given(work(action(keyed))).when(make.start({ n: 3 }));
  const events = [{ name: "priced", eventType: "priced", key: "0:6:priced7:orderid2:17" }];
  assert.deepEqual(openWaits(instance), [{ wait: "1.ask.result", state: "work", events, sinceMs: NOW_MS }]);
});

test("an answer that does not come in time is an error", () => {
  const asked = given(work(action(priced, "PT5S"), { onErrors: [make.caught("TimedOut", make.END)] })).when(
    make.start({ n: 3 }),
  );
  assert.deepEqual(asked.events.slice(2, 3), [
    { type: "TimerStarted", timer: "1.ask.result.timeout", dueMs: NOW_MS + 5_000 },
  ]);
  const late = asked.and.at(NOW_MS + 5_000).when(make.reachTime);
  assert.deepEqual(late.events.slice(0, 2), [{ type: "TimerFired", timer: "1.ask.result.timeout" }, closed]);
  assert.deepEqual(make.outcomeOf(late.instance), ["completed", { n: 3 }]);
  const inTime = asked.and.when(make.deliver(make.cloudEvent("priced", "e-1", { price: 9 })));
  assert.deepEqual(inTime.events[1], { type: "TimerCancelled", timer: "1.ask.result.timeout" });
});

test("tried again, a further event goes out with an id of its own, and another wait for its answer is open as long", () => {
  const asked = given(work(action(priced, "PT5S", { retry: make.retry() }))).when(make.start({ n: 3 }));
  const again = asked.and.at(NOW_MS + 5_000).when(make.reachTime);
  assert.deepEqual(types(again), [
    "TimerFired",
    "WaitClosed",
    "ActionFailed",
    "TimerCancelled",
    "TimerStarted",
    "ActionRetried",
    "TimerFired",
    "TimerStarted",
    "EventProduced",
    "EventAwaited",
  ]);
  assert.deepEqual(produced(again), [["i-1-1.ask/2", { n: 3 }]]);
  assert.deepEqual(
    openWaits(again.instance).map(({ wait, deadlineMs }) => [wait, deadlineMs]),
    [["1.ask.result.2", NOW_MS + 10_000]],
  );
  const last = again.and.at(NOW_MS + 10_000).when(make.reachTime);
  assert.deepEqual(produced(last), [["i-1-1.ask/3", { n: 3 }]]);
});

test("so does one that is tried again once its instance has failed", () => {
  for (const one of [action(priced, "PT5S"), action(priced, undefined, { timeout: "PT5S" })]) {
    const late = given(work(one))
      .when(make.start({ n: 3 }))
      .and.at(NOW_MS + 5_000)
      .when(make.reachTime);
    assert.equal(late.instance.status, "faulted");
    const again = late.and.when(make.retrigger);
    assert.deepEqual(produced(again), [["i-1-1.ask/2", { n: 3 }]]);
    const { instance } = again.and.when(make.deliver(make.cloudEvent("priced", "e-1", { price: 9 })));
    assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 3, price: 9 }]);
  }
});

test("an answer whose results fail is an answer to its attempt: tried again, the action asks and waits anew", () => {
  const keyed = make.consumed("priced", { correlation: [{ name: "orderid", value: "17" }] });
  const asked = given(work(action(keyed, "PT1M", { results: ".price | keys", retry: make.retry() }))).when(
    make.start({ n: 3 }),
  );
  const wrong = asked.and.when(make.deliver(make.cloudEvent("priced", "e-1", { price: 9 })));
  assert.deepEqual(types(wrong), ["EventReceived", "TimerCancelled", "WaitClosed", "TimerStarted", "ActionRetried"]);
  assert.deepEqual(wrong.events[2], { type: "WaitClosed", wait: "1.ask.result", reason: "retried" });
  const again = wrong.and.when(make.reachTime);
  assert.deepEqual(produced(again), [["i-1-1.ask/2", { n: 3 }]]);
  const { instance } = again.and.when(make.deliver(make.cloudEvent("priced", "e-2", { price: { eur: 9 } })));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 3, response: ["eur"] }]);
});

test("a wait that was refused is asked for anew when the action is tried again", () => {
  const keyed = make.consumed("priced", { correlation: [{ name: "orderid", value: "17" }] });
  const refused = given(work(action(keyed, undefined, { retry: make.retry() })))
    .when(make.start({ n: 3 }))
    .and.when({ type: "RefuseWait", instance: "i-1", wait: "1.ask.result", reason: "another wait has its key" });
  const again = refused.and.when(make.reachTime);
  assert.deepEqual(
    openWaits(again.instance).map(({ wait }) => wait),
    ["1.ask.result.2"],
  );
});

test("an attempt that waits where an earlier release let it wait goes on waiting there", () => {
  const workflow = compile(work(action(priced, "PT5S", { retry: make.retry() })));
  const asked = given(workflow)
    .when(make.start({ n: 3 }))
    .and.at(NOW_MS + 5_000)
    .when(make.reachTime);
  const stored = formatJson(asked.instance as unknown as Json).replaceAll("1.ask.result.2", "1.ask.result");
  const before = parseJson(stored) as unknown as Instance;
  const answer = make.deliver(make.cloudEvent("priced", "e-1", { price: 9 }));
  const events = decide(workflow, before, answer, environmentAt(NOW_MS + 6_000));
  assert.deepEqual(make.outcomeOf(fold(before, events, NOW_MS)), ["completed", { n: 3, price: 9 }]);
});

test("a question that could not be put is put when it is tried again", () => {
  const keyed = make.consumed("priced", { correlation: [{ name: "orderid" }] });
  const failed = given(work(action(keyed, "${ .time }"))).when(make.start({ n: 3, orderid: 17, time: "soon" }));
  assert.deepEqual(types(failed).slice(2), ["TokenMoved", "InstanceFaulted"]);
  const mended = failed.and.when({ type: "MergeData", instance: "i-1", data: { time: "PT5S" } }, make.retrigger);
  assert.deepEqual(types(mended), [
    "DataChanged",
    "InstanceRetriggered",
    "TimerStarted",
    "EventProduced",
    "EventAwaited",
  ]);
});

test("a wait that is refused is an error, and is registered again when that is tried again", () => {
  const keyed = make.consumed("priced", { correlation: [{ name: "orderid", value: "17" }] });
  const refused = given(work(action(keyed)))
    .when(make.start({ n: 3 }))
    .and.when({ type: "RefuseWait", instance: "i-1", wait: "1.ask.result", reason: "another wait has its key" });
  assert.deepEqual(types(refused), ["WaitClosed", "InstanceFaulted"]);
  const again = refused.and.when(make.retrigger);
  assert.deepEqual(types(again), ["InstanceRetriggered", "EventAwaited"]);
  const { instance } = again.and.when(make.deliver(make.cloudEvent("priced", "e-1", { price: 9 })));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 3, price: 9 }]);
});

test("an answer that nobody waits for is not waited for: the event goes out", () => {
  const call = { ...action().call, async: true } as Action["call"];
  const { events, instance } = given(work({ ...action(), call })).when(make.start({ n: 3 }));
  assert.equal(instance.status, "completed");
  assert.deepEqual(
    events.filter(({ type }: InstanceEvent) => type === "EventAwaited"),
    [],
  );
});

test("in branches, each waits for an answer of its own", () => {
  const parallel = make.parallel("work", [make.branch("a", [action()]), make.branch("b", [action()])]);
  const asked = given(make.workflowOf([parallel])).when(make.start({ n: 3 }));
  assert.deepEqual(
    openWaits(asked.instance).map(({ wait }) => wait),
    ["1.branch[0].ask.result", "1.branch[1].ask.result"],
  );
  const { instance } = asked.and.when(
    make.deliver(make.cloudEvent("priced", "e-1", { first: 1 })),
    make.deliver(make.cloudEvent("priced", "e-2", { second: 2 })),
  );
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 3, first: 1, second: 2 }]);
});
