import { type CloudEvent, parseJson } from "@antiphon/protocol";
import fc from "fast-check";
import { type Input, type Instance, openWaits, type Workflow } from "../index.ts";
import type { ActionState } from "../instance/instance.ts";
import * as make from "./build.ts";

/** What may come next. Numbers choose among what there is when it comes. */
export const randomInput = fc.oneof(
  often(20, { kind: fc.constant("answer"), pick: fc.nat(5), output: outputs() }),
  often(6, { kind: fc.constant("refuse"), pick: fc.nat(5), status: fc.constantFrom(404, 500) }),
  often(1, { kind: fc.constant("late answer"), pick: fc.nat(5) }),
  often(12, {
    kind: fc.constant("event"),
    type: fc.constantFrom("approved", "paid", "shipped", "unheard"),
    id: fc.nat(20),
    orderid: fc.constantFrom("17", "18", ""),
    by: fc.constantFrom("instance", "token", "key"),
    pick: fc.nat(3),
  }),
  often(10, { kind: fc.constant("time"), forwardMs: fc.constantFrom(0, 1_000, 10_000, 60_000) }),
  often(2, { kind: fc.constantFrom("replace", "merge"), n: fc.integer({ min: 0, max: 3 }) }),
  often(1, { kind: fc.constant("start"), n: fc.integer({ min: 0, max: 3 }) }),
  often(2, { kind: fc.constant("refuse wait"), pick: fc.nat(3) }),
  often(7, { kind: fc.constant("retrigger"), skip: fc.boolean(), byParent: fc.constantFrom(false, false, true) }),
  often(8, { kind: fc.constant("child fails"), pick: fc.nat(3), aborted: fc.boolean() }),
  often(3, { kind: fc.constant("child mended"), pick: fc.nat(3), output: outputs() }),
  often(1, { kind: fc.constant("move"), to: fc.constantFrom("s0", "s2", "u1", "nowhere") }),
  often(2, { kind: fc.constant("fire"), pick: fc.nat(5) }),
  often(4, { kind: fc.constant("child rests"), pick: fc.nat(3) }),
  often(2, { kind: fc.constant("abort"), undoes: fc.constantFrom(true, true, false) }),
);
export type RandomInput = typeof randomInput extends fc.Arbitrary<infer T> ? T : never;

function often<const T extends object>(weight: number, members: { [Name in keyof T]: fc.Arbitrary<T[Name]> }) {
  return { weight, arbitrary: fc.record(members) };
}

function outputs(): fc.Arbitrary<string> {
  return fc.constantFrom('{"n":1}', '{"n":2}', '{"n":68.0}', '{"list":[3,4]}', "[1]", "null", "7");
}

/** What it is for an instance as it stands; undefined: nothing. */
export function inputOf(next: RandomInput, workflow: Workflow, instance: Instance): Input | undefined {
  const all = { instance: make.INSTANCE };
  switch (next.kind) {
    case "start":
      return startOf(next.n, workflow);
    case "answer":
      return answerTo(instance, next.pick, next.output, 200);
    case "refuse":
      return answerTo(instance, next.pick, '{"why":"no"}', next.status);
    case "late answer": {
      const attempted = pick(attemptsOf(instance), next.pick);
      return attempted && make.answer(attempted[0], { late: true }, undefined, attempted[1] - 1);
    }
    case "event":
      return eventOf(next, instance);
    case "time":
      return make.reachTime;
    case "refuse wait": {
      const { wait } = openWaits(instance)[next.pick] ?? { wait: "9.event" };
      return { type: "RefuseWait", ...all, wait, reason: "another wait has its key" };
    }
    case "replace":
      return { type: "ReplaceData", ...all, data: { n: next.n, list: [next.n, 2] } };
    case "merge":
      return { type: "MergeData", ...all, data: { n: next.n, more: [next.n] } };
    case "retrigger":
      if (next.byParent) return { type: "RetriggerInstance", ...all, parent };
      return { ...(next.skip ? make.skip : make.retrigger), ...asked };
    case "child fails": {
      const child = pick(childrenOf(instance), next.pick);
      const aborted = next.aborted ? ({ aborted: true } as const) : {};
      const error = { code: "500", message: "no", classes: [], child: { instance: "c", workflow: "w", ...aborted } };
      return child && { type: "CompleteAction", ...all, ...child, outcome: { status: "failed", error } };
    }
    case "child mended": {
      const child = pick(childrenOf(instance), next.pick);
      return child && make.answer(child.action, parseJson(next.output), undefined, child.attempt);
    }
    case "move":
      return { type: "MoveToken", ...all, ...asked, to: next.to };
    case "fire": {
      const timer = instance.status === "active" ? pick(Object.keys(instance.timers), next.pick) : undefined;
      return timer === undefined ? undefined : { type: "FireTimer", ...all, timer };
    }
    case "child rests": {
      const children = instance.status === "active" ? Object.entries(instance.actions).filter(isChild) : [];
      const child = pick(children, next.pick);
      return child && { type: "ReportRest", ...all, action: child[0] };
    }
    case "abort":
      return { ...make.abort, ...asked, ...(!next.undoes && { compensate: false }) };
  }
}

/** The actions that other instances perform, or have failed at. */
function childrenOf(instance: Instance): readonly { readonly action: string; readonly attempt: number }[] {
  if (instance.status !== "active" && instance.status !== "faulted") return [];
  const { actions, attempts = {} } = instance;
  return Object.entries(actions)
    .filter(([, state]) => (state.status === "pending" ? state.child : state.status === "failed") !== undefined)
    .map(([action]) => ({ action, attempt: attempts[action] ?? 1 }));
}

function isChild([, action]: readonly [string, ActionState]): boolean {
  return action.status === "pending" && action.child !== undefined;
}

const root = { instance: "p-1", workflow: "parent" };
const parent = { instance: "p-1", action: "1.a", root, tellsRest: true } as const;

/** Somebody waits for what comes of it. */
const asked = { reply: { gateway: "g", request: "q" } };

function startOf(n: number, { startData, definition }: Workflow): Input {
  const more = n === 3 ? { parent } : { reply: { gateway: "g", request: "r" } };
  if (startData === undefined) return make.start({ n, orderid: 17, sleep: "PT3S", list: [n, 5] }, more);
  const state = definition.states[definition.start];
  const { type } = state?.type === "event" ? (state.onEvents[0]?.events[0] ?? { type: "" }) : { type: "" };
  const event = make.cloudEvent(type, "start", { n, sleep: "PT3S" }, { orderid: "17" });
  return make.start({}, { event: { name: type, event } });
}

function answerTo(instance: Instance, place: number, output: string, status: number): Input | undefined {
  const action = pick(askedOf(instance), place);
  if (action === undefined) return undefined;
  const attempt = new Map(attemptsOf(instance)).get(action);
  return make.answer(action, parseJson(output), { status, headers: {} }, attempt);
}

function askedOf(instance: Instance): readonly string[] {
  if (instance.status !== "active" && instance.status !== "faulted") return [];
  const { actions, detached = {} } = instance;
  return [...Object.keys(actions).filter((id) => actions[id]?.status === "pending"), ...Object.keys(detached)];
}

function attemptsOf(instance: Instance): readonly (readonly [string, number])[] {
  return instance.status === "active" ? Object.entries(instance.attempts ?? {}) : [];
}

function eventOf(
  { type, id, orderid, by, pick: n }: Extract<RandomInput, { kind: "event" }>,
  instance: Instance,
): Input {
  const extensions = orderid === "" ? {} : { orderid };
  const event: CloudEvent = make.cloudEvent(type, `e-${id}`, parseJson('{"n":1.50}'), extensions);
  if (by === "instance") return make.deliver(event);
  const wait = pick([...openWaits(instance).map((one) => one.wait), "1.event", "9.event"], n) ?? "";
  return make.deliver(event, by === "token" ? { by, wait } : { by, wait, key: "k" });
}

function pick<T>(all: readonly T[], n: number): T | undefined {
  return all[n % Math.max(all.length, 1)];
}
