import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, compile, decide, dueMs, evolveAll, type Input, type Instance } from "../index.ts";
import * as make from "../testing/build.ts";
import { environmentAt, NOW_MS } from "../testing/index.ts";
import { PACE_MS, SHORT_MS, SHORT_TIMERS_MAX } from "./pace.ts";

const fails = make.call("fails", make.computed("fails", 'error("no")'), {
  retry: make.retry({ delay: "PT0S", maxAttempts: 50 }),
});

/** How long each timer takes that an instance starts until a time, milliseconds: it goes on whenever it is due. */
function delaysOf(definition: Parameters<typeof compile>[0], untilMs: number) {
  const workflow = compile(definition);
  const delays: number[] = [];
  let instance: Instance = absent;
  let nowMs = NOW_MS;
  const take = (input: Input): void => {
    const events = decide(workflow, instance, input, environmentAt(nowMs));
    for (const event of events) if (event.type === "TimerStarted") delays.push(event.dueMs - nowMs);
    instance = evolveAll(instance, events, nowMs);
  };
  take(make.start());
  for (let due = dueMs(instance); due !== undefined && due < NOW_MS + untilMs; due = dueMs(instance)) {
    nowMs = Math.max(nowMs, due);
    take(make.reachTime);
  }
  return { delays, instance };
}

const napping = (duration: string) => make.workflowOf([make.sleep("nap", duration, { next: make.to("nap") })]);
const AN_HOUR_OF_SECONDS = PACE_MS / SHORT_MS;

test("sleeps of no length are as short as they say for so many, and then each takes a second, until an hour is over", () => {
  const { delays, instance } = delaysOf(napping("PT0S"), PACE_MS + 1);
  const quick = Array(SHORT_TIMERS_MAX).fill(0);
  const slow = Array(AN_HOUR_OF_SECONDS).fill(SHORT_MS);
  assert.deepEqual(delays.slice(0, SHORT_TIMERS_MAX + AN_HOUR_OF_SECONDS), [...quick, ...slow]);
  const next = delays.slice(SHORT_TIMERS_MAX + AN_HOUR_OF_SECONDS);
  assert.deepEqual(next, [...quick, SHORT_MS]);
  assert.equal(instance.status, "active");
});

test("who sleeps for a second each time is never held up, and is written as it was", () => {
  const { delays, instance } = delaysOf(napping("PT1S"), 4 * PACE_MS);
  assert.deepEqual(delays, Array(4 * AN_HOUR_OF_SECONDS).fill(SHORT_MS));
  assert.equal("shortTimers" in instance, false);
});

test("further tries without a delay take a second each once there were so many", () => {
  const state = make.operation("try", [fails], { next: make.END });
  const { delays } = delaysOf(make.workflowOf([state, { ...state, name: "again" }]), PACE_MS);
  assert.deepEqual([...new Set(delays)], [0]);
  const looping = { ...state, onErrors: [make.caught("java.lang.Exception", make.to("try"))] };
  const looped = delaysOf(make.workflowOf([looping]), PACE_MS);
  assert.equal(looped.delays.filter((ms) => ms === 0).length, SHORT_TIMERS_MAX);
  assert.equal(looped.delays[SHORT_TIMERS_MAX], SHORT_MS);
});
