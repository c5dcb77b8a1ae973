import assert from "node:assert/strict";
import { test } from "node:test";
import type { Action, Retry, RetryStrategy } from "@antiphon/definition";
import { isResting } from "../index.ts";
import * as make from "../testing/build.ts";
import { given, NOW_MS } from "../testing/index.ts";
import { DELAY_MAX_MS, delayOf } from "./retry.ts";

const service = make.http("service");
const error = (code: string) => ({ code, message: "no", classes: [], where: 'state "work", action "a"' });

function work(retry: Retry, more: Partial<Action> = {}, state = {}) {
  return make.workflowOf([make.operation("work", [make.call("a", service, { retry, ...more })], state)]);
}

test("a failed action is asked for again after its delay, as a further attempt of the same action", () => {
  const asked = given(work(make.retry({ delay: "PT5S" }))).when(make.start({ n: 1 }));
  const failed = asked.and.when(make.failure("1.a", "503"));
  failed.then(
    { type: "ActionFailed", action: "1.a", error: { code: "503", message: "no", classes: [] } },
    { type: "TimerStarted", timer: "1.a.retry", dueMs: NOW_MS + 5_000 },
    { type: "ActionRetried", action: "1.a", attempt: 2, error: error("503") },
  );
  assert.equal(isResting(failed.instance), true);
  const again = failed.and.at(NOW_MS + 5_000).when(make.reachTime);
  again.then({ type: "TimerFired", timer: "1.a.retry" }, make.requested("1.a", { n: 1 }, { attempt: 2 }));
  const { instance } = again.and.when(make.answer("1.a", { ok: true }, undefined, 2));
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 1, ok: true }]);
});

test("an answer to an earlier attempt comes too late", () => {
  const again = given(work(make.retry()))
    .when(make.start({}), make.failure("1.a", "503"))
    .and.when(make.answer("1.a", { early: true }), make.reachTime);
  again.then({ type: "TimerFired", timer: "1.a.retry" }, make.requested("1.a", {}, { attempt: 2 }));
  again.and.when(make.answer("1.a", { late: true }), make.answer("1.a", { later: true }, undefined, 3)).then();
});

test("after the last attempt the failure is final: a handler takes it, or the instance fails", () => {
  const tried = (state = {}) =>
    given(work(make.retry({ maxAttempts: 2 }), {}, state))
      .when(make.start({}), make.failure("1.a", "503"), make.reachTime)
      .and.when(make.failure("1.a", "503", "no", [], 2), make.reachTime)
      .and.when(make.failure("1.a", "503", "no", [], 3));
  const failed = { type: "ActionFailed", action: "1.a", error: { code: "503", message: "no", classes: [] } } as const;
  tried().then(failed, { type: "InstanceFaulted", error: error("503") });
  tried({ onErrors: [make.caught("503", make.END)] }).then(
    failed,
    { type: "ErrorCaught", error: error("503") },
    { type: "StateLeft", state: "work", visit: 1 },
    { type: "InstanceCompleted" },
  );
});

test("how often it is tried may be an expression, or not at all", () => {
  const attempts = (maxAttempts: number | string) => {
    let now = given(work(make.retry({ maxAttempts }))).when(make.start({ max: 3 }));
    for (let attempt = 1; now.instance.status === "active"; attempt++) {
      now = now.and.when(make.failure("1.a", "503", "no", [], attempt), make.reachTime);
      if (now.instance.status !== "active") return attempt;
    }
    return 0;
  };
  assert.deepEqual([0, 1, "2", "${ .max }"].map(attempts), [1, 2, 3, 4]);
});

test("errors that are named are tried again, or are not, by the rules of error handlers", () => {
  const again = (retry: Retry, code: string, message = "no", classes: readonly string[] = []) => {
    const { events } = given(work(retry))
      .when(make.start({}))
      .and.when(make.failure("1.a", code, message, classes));
    return events.some(({ type }) => type === "ActionRetried");
  };
  const errors = (...codes: string[]) => codes.map((code) => ({ name: code, code }));
  const only = make.retry({}, { retryable: errors("HTTP:503", "java.io.IOException", "try later") });
  assert.deepEqual(
    [
      again(only, "503"),
      again(only, "500"),
      again(only, "CONNECTION_RESET", "reset", ["java.net.SocketException", "java.io.IOException"]),
      again(only, "500", "please try later"),
    ],
    [true, false, true, true],
  );
  const not = make.retry({}, { nonRetryable: errors("404") });
  assert.deepEqual([again(not, "404"), again(not, "503")], [false, true]);
  const both = make.retry({}, { retryable: errors("java.lang.Exception"), nonRetryable: errors("404") });
  const exception = ["java.lang.RuntimeException", "java.lang.Exception"];
  assert.deepEqual([again(both, "404", "no", exception), again(both, "503", "no", exception)], [false, true]);
});

test("an expression that fails is tried again as well, over the data as it is by then", () => {
  const failing = make.call("a", make.computed("names", ".o | keys"), { retry: make.retry({ delay: "PT1S" }) });
  const mended = given(make.workflowOf([make.operation("work", [failing])]))
    .when(make.start({ o: 1 }), { type: "ReplaceData", instance: "i-1", data: { o: { x: 1 } } })
    .and.at(NOW_MS + 1_000)
    .when(make.reachTime);
  assert.deepEqual(make.outcomeOf(mended.instance), ["completed", { o: { x: 1 }, response: ["x"] }]);
});

test("a child workflow that failed is another one at the next attempt", () => {
  const definition = make.workflowOf([make.operation("work", [make.subflow("a", "child", { retry: make.retry() })])]);
  const { events } = given(definition).when(make.start({}), make.failure("1.a", "503"), make.reachTime);
  assert.deepEqual(
    events.flatMap((event) => (event.type === "ChildRequested" ? [[event.child, event.attempt]] : [])),
    [
      ["i-1:1.a/1", undefined],
      ["i-1:1.a/2", 2],
    ],
  );
});

test("delays grow by the multiplier and the increment up to the longest", () => {
  const delays = (strategy: Partial<RetryStrategy>) =>
    [1, 2, 3, 4].map((attempt) => delayOf({ name: "r", maxAttempts: 9, ...strategy }, attempt, "seed", "retry"));
  assert.deepEqual(delays({}), [0, 0, 0, 0]);
  assert.deepEqual(delays({ delay: "PT1S" }), [1_000, 1_000, 1_000, 1_000]);
  assert.deepEqual(delays({ delay: "PT1S", multiplier: 2 }), [1_000, 2_000, 4_000, 8_000]);
  assert.deepEqual(delays({ delay: "PT1S", increment: "PT0.5S" }), [1_000, 1_500, 2_000, 2_500]);
  assert.deepEqual(delays({ delay: "PT1S", multiplier: 3, maxDelay: "PT5S" }), [1_000, 3_000, 5_000, 5_000]);
  const huge = { name: "r", maxAttempts: 9, multiplier: 10 };
  assert.equal(delayOf({ ...huge, delay: "PT1S" }, 5_000, "seed", "retry"), DELAY_MAX_MS);
  assert.equal(delayOf(huge, 5_000, "seed", "retry"), 0);
});

test("jitter adds or takes away as much as it says at the most, and the same for the same attempt", () => {
  const strategies = { part: { jitter: 0.25 }, duration: { jitter: "PT2S" } };
  for (const [name, { jitter }] of Object.entries(strategies)) {
    const strategy = { name, maxAttempts: 9, delay: "PT8S", jitter };
    const delays = Array.from({ length: 500 }, (_, i) => delayOf(strategy, 1, `i-${i}/1.a/1`, name));
    assert.ok(Math.min(...delays) >= 6_000 && Math.min(...delays) < 6_200, name);
    assert.ok(Math.max(...delays) <= 10_000 && Math.max(...delays) > 9_800, name);
    assert.equal(delayOf(strategy, 1, "i-7/1.a/1", name), delays[7]);
  }
  const wide = { name: "wide", maxAttempts: 9, delay: "PT1S", jitter: "PT1M" };
  const delays = Array.from({ length: 100 }, (_, i) => delayOf(wide, 1, `${i}`, "wide"));
  assert.equal(Math.min(...delays), 0);
});
