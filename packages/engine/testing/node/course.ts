import assert from "node:assert/strict";
import type { Definition } from "@antiphon/definition";
import { type CloudEvent, formatJson, type InstanceEvent, type Json, parseJson, refOf } from "@antiphon/protocol";
import {
  absent,
  compile,
  decide,
  dueMs,
  evolve,
  evolveAll,
  type Input,
  type Instance,
  isResting,
  startAnswer,
  type Workflow,
} from "../../index.ts";
import { forkOf, visitOf } from "../../instance/ids.ts";
import { environmentAt, NOW_MS } from "../index.ts";
import { inputOf, type RandomInput } from "../random-input.ts";
import { OpenThings } from "./open-things.ts";

/** An instance of a workflow on its way through a random history. */
interface Course {
  readonly workflow: Workflow;
  /** The same, compiled anew: nothing may be kept from one decision to the next. */
  readonly again: Workflow;
  instance: Instance;
  nowMs: number;
  readonly history: Fact[];
  /** How long the history was after each decision. */
  readonly lengths: number[];
  readonly open: OpenThings;
  /** Whether whoever asked for the start, or for a further try, has not been answered. */
  isAsking: boolean;
  readonly sliceSteps?: number;
}

interface Fact {
  readonly event: InstanceEvent;
  readonly atMs: number;
}

/** One decision of a course, and the instance as it leaves it. */
export interface Decided {
  readonly atMs: number;
  readonly events: readonly InstanceEvent[];
  readonly instance: Instance;
}

/**
 * Takes an instance through a history, and asserts all along what must hold for every one; `look` may assert more. With
 * `sliceSteps` decisions leave what they may to further ones after so many steps.
 */
export function run(
  definition: Definition,
  inputs: readonly RandomInput[],
  look?: (decided: Decided) => void,
  sliceSteps?: number,
): readonly InstanceEvent[] {
  const course: Course = {
    ...(sliceSteps !== undefined && { sliceSteps }),
    workflow: compile(definition),
    again: compile(definition),
    instance: absent,
    nowMs: NOW_MS,
    history: [],
    lengths: [],
    open: new OpenThings(),
    isAsking: false,
  };
  for (const next of inputs) {
    if (next.kind === "time") course.nowMs += next.forwardMs;
    const input = inputOf(next, course.workflow, course.instance);
    if (input === undefined) continue;
    const events = take(course, input);
    if (events.length > 0) look?.({ atMs: course.nowMs, events, instance: course.instance });
  }
  assertTakenOnce(course);
  assertEveryPrefixGoesOn(course);
  return course.history.map(({ event }) => event);
}

function take(course: Course, input: Input): readonly InstanceEvent[] {
  const { sliceSteps } = course;
  const env = { ...environmentAt(course.nowMs), ...(sliceSteps !== undefined && { sliceSteps }) };
  const written = write(course.instance);
  const readBack = frozen(parseJson(written) as unknown as Instance);
  assert.equal(write(readBack), written);
  const before = course.instance;
  const events = decide(course.workflow, frozen(before), input, env);
  assert.deepEqual(decide(course.again, readBack, input, env), events);
  for (const event of events) {
    assertNothingLost(course.instance, event);
    course.history.push({ event, atMs: course.nowMs });
    course.instance = evolve(course.instance, event, course.nowMs);
    course.open.take(event);
  }
  assert.equal(write(evolveAll(frozen(before), events, course.nowMs)), write(course.instance), "folded all at once");
  course.lengths.push(course.history.length);
  assertAnswered(course, before, events);
  if (before.status === "completed" || before.status === "aborted") assertIgnored(events);
  if (input.type === "DeliverEvent") assertOneDisposition(events, input.event);
  assertStanding(course);
  return events;
}

/** What is to be undone is undone before an instance ends, unless its end says otherwise. */
function assertNothingLost(before: Instance, event: InstanceEvent): void {
  if (event.type !== "InstanceCompleted" && event.type !== "InstanceAborted") return;
  if (before.status !== "active" && before.status !== "faulted") return;
  if (event.type === "InstanceAborted" && event.reason.includes("without")) return;
  assert.equal(before.compensation, undefined, "it is not undoing anything any more");
  if (event.type === "InstanceAborted" && event.reason === "by request") assert.equal(before.undo, undefined);
}

/** Who asks is answered by the first decision that brings the instance to rest, and by no other. */
function assertAnswered(course: Course, before: Instance, events: readonly InstanceEvent[]): void {
  const asks = events.some((event) => "reply" in event && event.reply !== undefined);
  const isOwed = (course.isAsking || asks) && isResting(course.instance);
  assert.equal(startAnswer(before, course.instance) !== undefined, isOwed, "who asked is answered once");
  course.isAsking = (course.isAsking || asks) && !isOwed;
}

/** What must hold for an instance between two decisions. */
function assertStanding({ instance, open }: Course): void {
  switch (instance.status) {
    case "active": {
      const [token] = Object.values(instance.tokens);
      assert.ok(token?.step !== undefined, "its token rests at a step");
      const { actions, attempts = {}, waits, timers, forks = {}, branches = {}, slice } = instance;
      if (slice !== undefined) assert.equal(timers[slice.timer]?.fired, false, "a further decision goes on");
      for (const [branch, { step }] of Object.entries(branches)) {
        const isToRun = slice !== undefined && forkOf(branch).index >= slice.from;
        assert.ok(step !== undefined || isToRun, "its branches rest at steps");
      }
      const places = [actions, attempts, waits, timers, forks, branches].flatMap((entries) => Object.keys(entries));
      const strangers = places.filter((id) => id !== "workflow" && visitOf(id) !== token.visit);
      assert.deepEqual(strangers, [], "whatever is there belongs to the visit");
      if (token.step === "ended")
        assert.deepEqual(
          places.filter((id) => id !== "workflow"),
          [],
        );
      else assert.ok(open.something, "somebody or something will make it go on");
      const isAsking = Object.values(actions).some((one) => one.status !== "pending" || one.isResting === undefined);
      assert.equal(isResting(instance), !isAsking && slice === undefined);
      assert.deepEqual(open.of("wait"), idsOf(waits, "open"));
      assert.deepEqual(
        open.of("timer"),
        Object.keys(timers)
          .filter((id) => timers[id]?.fired === false)
          .sort(),
      );
      assert.deepEqual(
        open.of("action"),
        [...idsOf(actions, "pending"), ...Object.keys(instance.detached ?? {})].sort(),
      );
      break;
    }
    case "faulted":
      assert.equal(isResting(instance), true);
      assert.equal(dueMs(instance), undefined);
      assert.deepEqual([open.of("wait"), open.of("event")], [[], []]);
      assert.deepEqual(open.of("action"), Object.keys(instance.detached ?? {}).sort());
      break;
    case "completed":
    case "aborted":
      assert.equal(dueMs(instance), undefined);
      assert.deepEqual(
        ["action", "wait", "timer", "event", "branch"].flatMap((kind) => open.waitedFor(kind)),
        [],
      );
      break;
    case "absent":
    case "scheduled":
      break;
  }
}

/** The most facts that are folded again to see what a restart leads to; of longer histories fewer states are tried. */
const FOLDED_MAX = 10_000;

/** After a restart from any state that was written, the facts that follow lead to the state held. */
function assertEveryPrefixGoesOn({ history, lengths, instance }: Course): void {
  const every = Math.ceil((lengths.length * history.length) / FOLDED_MAX);
  const held = write(instance);
  let stored: Instance = absent;
  let from = 0;
  for (const length of lengths.filter((_, place) => place % every === 0)) {
    stored = parseJson(write(fold(stored, history.slice(from, length)))) as unknown as Instance;
    assert.equal(write(fold(stored, history.slice(length))), held);
    from = length;
  }
}

function assertTakenOnce({ history }: Course): void {
  const taken = history.flatMap(({ event }) => (event.type === "EventReceived" ? [identity(event.event)] : []));
  assert.deepEqual(taken, [...new Set(taken)]);
}

/** Nothing happens any more to an instance that has ended; what it came to is told again to a parent that asks. */
function assertIgnored(events: readonly InstanceEvent[]): void {
  const others = events.filter(({ type }) => !["EventIgnored", "StartIgnored", "ResultReturned"].includes(type));
  assert.deepEqual(others, []);
}

function assertOneDisposition(events: readonly InstanceEvent[], event: CloudEvent): void {
  const [first, ...more] = events.filter(
    (fact) =>
      (fact.type === "EventReceived" || fact.type === "EventBuffered" || fact.type === "EventIgnored") &&
      identity(fact.event) === identity(event),
  );
  assert.ok(first !== undefined);
  assert.deepEqual(more, []);
}

function fold(state: Instance, facts: readonly Fact[]): Instance {
  return facts.reduce((before, { event, atMs }) => evolve(before, event, atMs), state);
}

function write(instance: Instance): string {
  return formatJson(instance as unknown as Json);
}

function idsOf(entries: Readonly<Record<string, { readonly status: string }>>, status: string): readonly string[] {
  return Object.keys(entries)
    .filter((id) => entries[id]?.status === status)
    .sort();
}

function identity(event: CloudEvent): string {
  const { source, id } = refOf(event);
  return `${source} ${id}`;
}

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const one of Object.values(value)) frozen(one);
  return Object.freeze(value);
}
