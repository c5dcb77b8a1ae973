import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { FakeClock } from "@antiphon/processor/testing";
import { JOBS_ENDED_MAX, JOBS_RUNNING_MAX, type Job, Jobs } from "./jobs.ts";

const clock = new FakeClock(1_000);
const QUIET = { info() {}, warn() {}, error() {} };

function jobsUntil(signal = new AbortController().signal): Jobs {
  return new Jobs({ clock, logger: QUIET }, signal);
}

function jobOf(run: Job["run"]): Job {
  return { kind: "test", run, progress: () => ({ done: 3 }) };
}

const forever = jobOf((signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve())));

test("a job tells its progress while it runs, and when it ended", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const jobs = jobsUntil();
  const id = jobs.start(jobOf(() => promise));
  const startedAt = "1970-01-01T00:00:01.000Z";
  assert.deepEqual(jobs.show(id), { job: id, kind: "test", status: "running", done: 3, startedAt });
  resolve();
  await setImmediate();
  assert.deepEqual(jobs.show(id), { job: id, kind: "test", status: "done", done: 3, startedAt, endedAt: startedAt });
});

test("a job that fails says why", async () => {
  const jobs = jobsUntil();
  const id = jobs.start(jobOf(() => Promise.reject(new Error("the store is away"))));
  await setImmediate();
  const { status, reason } = jobs.show(id);
  assert.deepEqual([status, reason], ["failed", "the store is away"]);
});

test("a job that ends because its process does has been stopped", async () => {
  const over = new AbortController();
  const jobs = jobsUntil(over.signal);
  const id = jobs.start(forever);
  over.abort();
  await setImmediate();
  assert.equal(jobs.show(id)["status"], "stopped");
});

test("so many jobs run at a time, and a further one is for later", () => {
  const jobs = jobsUntil();
  for (let n = 0; n < JOBS_RUNNING_MAX; n++) jobs.start(forever);
  assert.throws(() => jobs.start(forever), { status: 503, message: `${JOBS_RUNNING_MAX} jobs run already` });
});

test("so many jobs that have ended are remembered, those that began last, and all that run", async () => {
  const jobs = jobsUntil();
  const running = jobs.start(forever);
  const ids: string[] = [];
  for (let n = 0; n < JOBS_ENDED_MAX + 2; n++) {
    ids.push(jobs.start(jobOf(() => Promise.resolve())));
    await setImmediate();
  }
  for (const id of [running, ...ids.slice(2)]) assert.equal(jobs.show(id)["job"], id);
  for (const id of ids.slice(0, 2)) assert.throws(() => jobs.show(id), { status: 404 });
});
