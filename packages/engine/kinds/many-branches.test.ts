/**
 * A decision about sixteen times as many branches takes about as much work as sixteen decisions. It is measured in the
 * thread's own CPU time, as a ratio, so that neither the machine nor its other work counts: squares would make it 16.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Definition } from "@antiphon/definition";
import { absent, compile, decide, evolveAll, type Input, type Instance, type Workflow } from "../index.ts";
import * as make from "../testing/build.ts";
import { environmentAt, NOW_MS } from "../testing/index.ts";

const FEW = 300;
const TIMES = 16;
const RATIO_MAX = 6;

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
  test(`${TIMES} times as many ${name} take about as much work as ${TIMES} decisions about fewer`, () => {
    const few = costOf(scenario, FEW, TIMES);
    const many = costOf(scenario, FEW * TIMES, 1);
    assert.ok(many < few * RATIO_MAX, `${TIMES} times ${FEW}: ${few} µs, ${FEW * TIMES} at once: ${many} µs`);
  });
}

/** The cheapest of some tries to do it so many times, microseconds. */
function costOf({ of, inputs = [], data }: Scenario, count: number, times: number): number {
  const workflow = compile(of(count));
  const all = [make.start(data?.(count) ?? {}, { reply }), ...inputs];
  const costs = numbers(3).map(() => {
    const before = process.threadCpuUsage();
    for (let run = 0; run < times; run++) runOnce(workflow, all);
    const { user, system } = process.threadCpuUsage(before);
    return user + system;
  });
  return Math.min(...costs);
}

function runOnce(workflow: Workflow, inputs: readonly Input[]): void {
  let instance: Instance = absent;
  inputs.forEach((input, i) => {
    const nowMs = NOW_MS + i * 5_000;
    instance = evolveAll(instance, decide(workflow, instance, input, environmentAt(nowMs)), nowMs);
  });
}
