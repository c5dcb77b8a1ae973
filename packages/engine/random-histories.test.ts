import assert from "node:assert/strict";
import { test } from "node:test";
import { type CloudEvent, formatJson, type InstanceEvent, type Json, parseJson, refOf } from "@antiphon/protocol";
import fc from "fast-check";
import {
  absent,
  compile,
  decide,
  dueMs,
  evolve,
  type Input,
  type Instance,
  openWaits,
  type Workflow,
} from "./index.ts";
import * as make from "./testing/build.ts";
import { EXAMPLES } from "./testing/examples.ts";
import { environmentAt, NOW_MS } from "./testing/index.ts";

/** Histories of each example, and the most inputs in one. */
const HISTORIES = 300;
const INPUTS_MAX = 30;
const SEED = 20261124;

/** What may come next. Numbers choose among what there is when it comes. */
const something = fc.oneof(
  fc.record({ kind: fc.constant("start"), n: fc.integer({ min: 0, max: 3 }) } as const),
  fc.record({
    kind: fc.constant("answer"),
    pick: fc.nat(3),
    output: fc.constantFrom('{"n":1}', '{"n":68.0}', "[1]", "null", "7"),
  } as const),
  fc.record({ kind: fc.constant("refuse"), pick: fc.nat(3), status: fc.constantFrom(404, 500) } as const),
  fc.record({
    kind: fc.constant("event"),
    type: fc.constantFrom("approved", "paid", "shipped", "unheard"),
    id: fc.nat(6),
    orderid: fc.constantFrom("17", "18", ""),
    by: fc.constantFrom("instance", "token", "key"),
    pick: fc.nat(3),
  } as const),
  fc.record({ kind: fc.constant("time"), forwardMs: fc.constantFrom(0, 1_000, 10_000, 60_000) } as const),
  fc.record({ kind: fc.constantFrom("replace", "merge"), n: fc.integer({ min: 0, max: 3 }) } as const),
  fc.record({ kind: fc.constant("refuse wait"), pick: fc.nat(3) } as const),
  fc.constant({ kind: "abort" } as const),
);
type Something = typeof something extends fc.Arbitrary<infer T> ? T : never;

/** An instance of a workflow on its way through a random history. */
interface Course {
  instance: Instance;
  nowMs: number;
  readonly history: { readonly event: InstanceEvent; readonly atMs: number }[];
}

test("every history folds to the state held, which can be written, read back and decided on alike", () => {
  const before = fc.array(something, { maxLength: 2 });
  const after = fc.array(something, { minLength: INPUTS_MAX / 2, maxLength: INPUTS_MAX });
  const facts = new Set<string>();
  for (const definition of EXAMPLES) {
    const workflow = compile(definition);
    fc.assert(
      fc.property(before, after, (early, late) => {
        const { history } = run(workflow, [...early, { kind: "start", n: 1 }, ...late]);
        for (const { event } of history) facts.add(event.type);
      }),
      { numRuns: HISTORIES, seed: SEED },
    );
  }
  // Or the histories would say little.
  assert.deepEqual([...facts].sort(), ALL_FACTS);
});

const ALL_FACTS = [
  "ActionCancelled",
  "ActionCompleted",
  "ActionFailed",
  "ActionRequested",
  "DataChanged",
  "ErrorCaught",
  "EventAwaited",
  "EventBuffered",
  "EventIgnored",
  "EventProduced",
  "EventReceived",
  "InstanceAborted",
  "InstanceCompleted",
  "InstanceFaulted",
  "InstanceStarted",
  "StateEntered",
  "StateLeft",
  "TimerCancelled",
  "TimerFired",
  "TimerStarted",
  "TokenMoved",
  "WaitClosed",
];

function run(workflow: Workflow, inputs: readonly Something[]): Course {
  const course: Course = { instance: absent, nowMs: NOW_MS, history: [] };
  for (const next of inputs) {
    if (next.kind === "time") course.nowMs += next.forwardMs;
    const input = inputOf(next, workflow, course.instance);
    if (input !== undefined) take(workflow, course, input);
  }
  const taken = course.history.flatMap(({ event }) => (event.type === "EventReceived" ? [event] : []));
  assertUnique(taken.map(({ wait }) => wait));
  assertUnique(taken.map(({ event }) => identity(event)));
  if (course.instance.status !== "absent" && course.instance.status !== "active") {
    assert.equal(dueMs(course.instance), undefined);
    assertNothingOpen(course);
  }
  return course;
}

function take(workflow: Workflow, course: Course, input: Input): void {
  const env = environmentAt(course.nowMs);
  const written = formatJson(course.instance as unknown as Json);
  const readBack = parseJson(written) as unknown as Instance;
  assert.equal(formatJson(readBack as unknown as Json), written);
  const events = decide(workflow, course.instance, input, env);
  assert.deepEqual(decide(workflow, readBack, input, env), events);
  for (const event of events) {
    course.history.push({ event, atMs: course.nowMs });
    course.instance = evolve(course.instance, event, course.nowMs);
  }
  const folded = course.history.reduce<Instance>((state, { event, atMs }) => evolve(state, event, atMs), absent);
  assert.equal(formatJson(folded as unknown as Json), formatJson(course.instance as unknown as Json));
  if (input.type === "DeliverEvent") assertOneDisposition(events, input.event);
}

function assertOneDisposition(events: readonly InstanceEvent[], event: CloudEvent): void {
  const dispositions = events.filter(
    (fact) =>
      (fact.type === "EventReceived" || fact.type === "EventBuffered" || fact.type === "EventIgnored") &&
      identity(fact.event) === identity(event),
  );
  assert.equal(dispositions.length, 1);
}

/** Each action, wait and timer, and each early event, has a fact by which it ended. */
function assertNothingOpen({ history }: Course): void {
  const open = new Set<string>();
  for (const { event } of history) {
    if (event.type === "ActionRequested") open.add(`action ${event.action}`);
    if (event.type === "EventAwaited") open.add(`wait ${event.wait}`);
    if (event.type === "TimerStarted") open.add(`timer ${event.timer}`);
    if (event.type === "EventBuffered") open.add(`event ${identity(event.event)}`);
    if ("action" in event && event.type !== "ActionRequested") open.delete(`action ${event.action}`);
    if (event.type === "EventReceived" || event.type === "WaitClosed") open.delete(`wait ${event.wait}`);
    if (event.type === "TimerFired" || event.type === "TimerCancelled") open.delete(`timer ${event.timer}`);
    if (event.type === "EventReceived") open.delete(`event ${identity(event.event)}`);
    if (event.type === "EventIgnored" && event.disposition !== "duplicate")
      open.delete(`event ${identity(event.event)}`);
  }
  assert.deepEqual([...open], []);
}

function inputOf(next: Something, workflow: Workflow, instance: Instance): Input | undefined {
  switch (next.kind) {
    case "start":
      return startOf(next.n, workflow);
    case "answer": {
      const action = pendingAction(instance, next.pick);
      return action === undefined
        ? undefined
        : make.answer(action, parseJson(next.output), { status: 200, headers: {} });
    }
    case "refuse": {
      const action = pendingAction(instance, next.pick);
      return action === undefined
        ? undefined
        : make.answer(action, { why: "no" }, { status: next.status, headers: {} });
    }
    case "event":
      return eventOf(next, instance);
    case "time":
      return make.reachTime;
    case "refuse wait": {
      const { wait } = openWaits(instance)[next.pick] ?? { wait: "9.event" };
      return { type: "RefuseWait", instance: make.INSTANCE, wait, reason: "another wait has its key" };
    }
    case "replace":
      return { type: "ReplaceData", instance: make.INSTANCE, data: { n: next.n } };
    case "merge":
      return { type: "MergeData", instance: make.INSTANCE, data: { n: next.n, more: [next.n] } };
    case "abort":
      return { type: "AbortInstance", instance: make.INSTANCE };
  }
}

function startOf(n: number, { startData }: Workflow): Input {
  if (startData === undefined) return make.start({ n, orderid: 17 }, { reply: { gateway: "g", request: "r" } });
  const event = make.cloudEvent("paid", "start", { n }, { orderid: "17" });
  return make.start({}, { event: { name: "paid", event } });
}

function eventOf({ type, id, orderid, by, pick }: Extract<Something, { kind: "event" }>, instance: Instance): Input {
  const extensions = orderid === "" ? {} : { orderid };
  const event = make.cloudEvent(type, `e-${id}`, parseJson('{"n":1.50}'), extensions);
  if (by === "instance") return make.deliver(event);
  const waits = [...openWaits(instance).map(({ wait }) => wait), "1.event", "9.event"];
  const wait = waits[pick % waits.length] as string;
  return make.deliver(event, by === "token" ? { by, wait } : { by, wait, key: "k" });
}

function pendingAction(instance: Instance, pick: number): string | undefined {
  if (instance.status !== "active") return undefined;
  const pending = Object.keys(instance.actions).filter((id) => instance.actions[id]?.status === "pending");
  return pending[pick % Math.max(pending.length, 1)];
}

function identity(event: CloudEvent): string {
  const { source, id } = refOf(event);
  return `${source} ${id}`;
}

function assertUnique(values: readonly string[]): void {
  assert.deepEqual(values, [...new Set(values)]);
}
