/**
 * A decision about sixteen times as many branches takes about as much work as sixteen decisions. Work is counted, not
 * timed: a fact is a piece of it, and so is each entry of a record that is listed or copied. Squares would make it 16.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Definition } from "@antiphon/definition";
import { absent, compile, decide, evolveAll, type Input, type Instance } from "../index.ts";
import * as make from "../testing/build.ts";
import { environmentAt, NOW_MS } from "../testing/index.ts";

const FEW = 300;
const TIMES = 16;
const RATIO_MAX = 8;

const ask = make.call("ask", make.http("service"));
const compute = make.call("compute", make.computed("compute", "{n: 1}"));
const fail = make.call("fail", make.computed("fail", 'error("no")'));
const retried = make.call("fail", make.computed("fail", 'error("no")'), { retry: make.retry({ delay: "PT1S" }) });
const reply = { gateway: "g", request: "r" };

interface Scenario {
  readonly of: (branches: number) => Definition;
  readonly inputs?: readonly Input[];
  readonly data?: (branches: number) => { readonly list: readonly number[] };
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const branches = (count: number, action: (i: number) => typeof ask, timeout?: string) =>
  numbers(count).map((i) => make.branch(`b${i}`, [action(i)], timeout));
const fan = (count: number, action: (i: number) => typeof ask, timeout?: string) =>
  make.workflowOf([make.parallel("fan", branches(count, action, timeout))]);
const lastFails = (count: number) => (i: number) => (i === count - 1 ? fail : ask);
const undo = make.operation("undo", [ask], { usedForCompensation: true, next: { kind: "return", produce: [] } });
const list = (count: number) => ({ list: numbers(count) });

const scenarios: Readonly<Record<string, Scenario>> = {
  "branches that are through at once": { of: (n) => fan(n, () => compute) },
  "branches that ask": { of: (n) => fan(n, () => ask) },
  "branches that are given up when the instance is aborted": { of: (n) => fan(n, () => ask), inputs: [make.abort] },
  "branches of which the last fails, and again when it is tried again": {
    of: (n) => fan(n, lastFails(n)),
    inputs: [make.retrigger],
  },
  "branches of which the last fails, which is caught": {
    of: (n) =>
      make.workflowOf([
        make.parallel("fan", branches(n, lastFails(n)), { onErrors: [make.caught("java.lang.Exception", make.END)] }),
      ]),
  },
  "branches whose time is up": { of: (n) => fan(n, () => ask, "PT1S"), inputs: [make.reachTime] },
  "branches that are all tried again": { of: (n) => fan(n, () => retried), inputs: [make.reachTime] },
  "branches that are undone": {
    of: (n) =>
      make.workflowOf([
        make.parallel(
          "fan",
          branches(n, () => compute),
          {
            compensatedBy: "undo",
            next: { kind: "end", terminate: false, produce: [], compensate: true },
          },
        ),
        undo,
      ]),
  },
  "actions of one state": {
    of: (n) =>
      make.workflowOf([
        make.operation(
          "all",
          numbers(n).map((i) => ({ ...compute, name: `a${i}` })),
          { actionMode: "parallel" },
        ),
      ]),
  },
  "items, one after the other": { of: () => make.workflowOf([make.foreach("each", [compute])]), data: list },
  "items, side by side": {
    of: () => make.workflowOf([make.foreach("each", [compute], { mode: "parallel" })]),
    data: list,
  },
};

for (const [name, scenario] of Object.entries(scenarios)) {
  test(`${TIMES} times as many ${name} take about as much work as ${TIMES} decisions about fewer`, (t) => {
    const few = workOf(scenario, FEW) * TIMES;
    const many = workOf(scenario, FEW * TIMES);
    t.diagnostic(`${(many / few).toFixed(1)} times`);
    assert.ok(many < few * RATIO_MAX, `${TIMES} times ${FEW}: ${few} pieces, ${FEW * TIMES} at once: ${many}`);
  });
}

/** The pieces of work that are done until all that follows from its inputs is decided. */
function workOf({ of, inputs = [], data }: Scenario, count: number): number {
  const workflow = compile(of(count));
  let instance: Instance = absent;
  let work = 0;
  const take = (input: Input, nowMs: number): void => {
    const events = decide(workflow, instance, input, environmentAt(nowMs));
    work += events.length;
    instance = evolveAll(instance, events, nowMs);
  };
  const entries = entriesLookedAt(() => {
    for (const [i, input] of [make.start(data?.(count) ?? {}, { reply }), ...inputs].entries()) {
      const nowMs = NOW_MS + i * 5_000;
      take(input, nowMs);
      while ("slice" in instance) take(make.reachTime, nowMs);
    }
  });
  return work + entries;
}

/** How many entries of objects are listed or copied meanwhile. */
function entriesLookedAt(act: () => void): number {
  const { keys, values, entries, assign } = Object;
  let count = 0;
  const counting =
    <T extends readonly unknown[]>(list: (of: object) => T) =>
    (of: object): T => {
      const found = list(of);
      count += found.length;
      return found;
    };
  const counted = {
    keys: counting(keys),
    values: counting(values),
    entries: counting(entries),
    assign(target: object, source: object) {
      count += keys(source).length;
      return assign(target, source);
    },
  };
  try {
    assign(Object, counted);
    act();
  } finally {
    assign(Object, { keys, values, entries, assign });
  }
  return count;
}
