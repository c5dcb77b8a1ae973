import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContinueAs, Next } from "@antiphon/definition";
import * as make from "../testing/build.ts";
import { given, NOW_MS } from "../testing/index.ts";

const end = (continueAs: ContinueAs): Next => ({ kind: "end", terminate: false, produce: [], continueAs });
const continued = { type: "InstanceContinued", instance: "i-1:continued", workflow: "other" } as const;

test("another instance goes on where one ends, with its data and its business key", () => {
  const state = make.inject("a", { n: 1 }, { next: end({ workflow: "other" }) });
  given(make.workflowOf([state]))
    .when(make.start({ m: 2 }, { businessKey: "order 7" }))
    .then(
      make.started({ m: 2 }, { businessKey: "order 7" }),
      { type: "StateEntered", state: "a", visit: 1 },
      { type: "DataChanged", data: { m: 2, n: 1 } },
      { type: "StateLeft", state: "a", visit: 1 },
      { ...continued, data: { m: 2, n: 1 }, businessKey: "order 7" },
      { type: "InstanceCompleted" },
    );
});

test("version, data and time may be given; it ends also where an instance is kept active", () => {
  const timeout = { duration: "${ .time }", interrupt: false, runBefore: "b" };
  const next = end({ workflow: "other", version: "2.0", data: { twice: "${ .n * 2 }" }, timeout });
  const definition = make.workflowOf([make.inject("a", {}, { next })], { keepActive: true });
  const { events } = given(definition).when(make.start({ n: 4, time: "PT1M" }));
  assert.deepEqual(events.slice(-2), [
    {
      ...continued,
      version: "2.0",
      data: { twice: 8 },
      timeout: { dueMs: NOW_MS + 60_000, interrupt: false, runBefore: "b" },
    },
    { type: "InstanceCompleted" },
  ]);
});

test("an instance that performs an action for another hands that on: whoever waits is not answered yet", () => {
  const parent = { instance: "p-1", action: "1.child", root: { instance: "p-1", workflow: "parent" } };
  const state = make.inject("a", {}, { next: end({ workflow: "other" }) });
  const { events } = given(make.workflowOf([state])).when(make.start({ n: 1 }, { parent }));
  assert.deepEqual(events.slice(-2), [{ ...continued, data: { n: 1 }, parent }, { type: "InstanceCompleted" }]);
});

test("what is to be undone is undone before", () => {
  const undo = make.inject(
    "undo",
    { undone: true },
    { usedForCompensation: true, next: { kind: "return", produce: [] } },
  );
  const work = make.inject("work", {}, { compensatedBy: "undo", next: make.to("a") });
  const state = make.inject("a", { n: 1 }, { next: { ...end({ workflow: "other" }), compensate: true } as Next });
  const { events } = given(make.workflowOf([work, state, undo])).when(make.start({}));
  // What it goes on with was worked out when it was decided to end.
  assert.deepEqual(events.slice(-3), [
    { type: "CompensationEnded" },
    { ...continued, data: { n: 1 } },
    { type: "InstanceCompleted" },
  ]);
});

test("a time that is no duration is a failure at the end state, which can be tried again", () => {
  const next = end({ workflow: "other", timeout: { duration: "${ .time }", interrupt: true } });
  const failed = given(make.workflowOf([make.inject("a", {}, { next, output: "{time: .t}" })])).when(
    make.start({ t: "soon" }),
  );
  assert.deepEqual(make.outcomeOf(failed.instance), ["faulted", { t: "soon" }]);
  const mended = failed.and.when({ type: "MergeData", instance: "i-1", data: { t: "PT1S" } }, make.retrigger);
  assert.deepEqual(make.outcomeOf(mended.instance), ["completed", { time: "PT1S" }]);
});

test("the headers go on with it, and it is remembered who goes on", () => {
  const state = make.inject("a", {}, { next: end({ workflow: "other" }) });
  const { events, instance } = given(make.workflowOf([state])).when(make.start({}, { headers: { "x-tenant": "t" } }));
  assert.deepEqual(events.at(-2), { ...continued, data: {}, headers: { "x-tenant": "t" } });
  assert.equal(instance.status === "completed" && instance.continuedAs, "i-1:continued");
});
