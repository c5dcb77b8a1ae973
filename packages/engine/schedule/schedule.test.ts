import assert from "node:assert/strict";
import { test } from "node:test";
import type { Schedule } from "@antiphon/definition";
import type { InstanceEvent } from "@antiphon/protocol";
import { absent, compile, decide, dueMs, evolve, type Instance } from "../index.ts";
import * as make from "../testing/build.ts";
import { environmentAt, NOW_MS } from "../testing/index.ts";
import { CATCH_UP_MS, STARTS_PER_DECISION_MAX } from "./schedule.ts";

const HOUR_MS = 3_600_000;

/** A schedule that is set at `NOW_MS`, and what has become of it by then. */
function scheduled(schedule: Schedule) {
  const workflow = compile(make.workflowOf([make.inject("a", {})], { schedule }));
  let state: Instance = absent;
  const all: InstanceEvent[] = [];
  function step(input: Parameters<typeof decide>[2], nowMs: number): readonly InstanceEvent[] {
    const events = decide(workflow, state, input, environmentAt(nowMs));
    state = events.reduce((before, event) => evolve(before, event, nowMs), state);
    all.push(...events);
    return events;
  }
  const set = (definition?: string, nowMs = NOW_MS) =>
    step(
      {
        type: "ScheduleWorkflow",
        instance: "schedule:onboarding",
        workflow: "onboarding",
        ...(definition !== undefined && { definition }),
      },
      nowMs,
    );
  return { set, at: (nowMs: number) => step(make.reachTime, nowMs), due: () => dueMs(state), all };
}

const every: Schedule = { kind: "interval", interval: "PT1H" };

test("an interval starts an instance each time it has passed, with an id that follows from its time", () => {
  const schedule = scheduled(every);
  const times = { kind: "interval", everyMs: HOUR_MS };
  const workflow = { workflow: "onboarding", definition: "h1" };
  assert.deepEqual(schedule.set("h1"), [{ type: "ScheduleSet", ...workflow, times, nextMs: NOW_MS + HOUR_MS }]);
  assert.equal(schedule.due(), NOW_MS + HOUR_MS);
  assert.deepEqual(schedule.at(NOW_MS + HOUR_MS - 1), []);
  assert.deepEqual(schedule.at(NOW_MS + HOUR_MS + 5), [
    {
      type: "ScheduleFired",
      ...workflow,
      instance: `schedule:onboarding:${NOW_MS + HOUR_MS}`,
      dueMs: NOW_MS + HOUR_MS,
      nextMs: NOW_MS + 2 * HOUR_MS,
    },
  ]);
  assert.equal(schedule.due(), NOW_MS + 2 * HOUR_MS);
});

test("a definition that is told again changes nothing; another one with the same times keeps their pace", () => {
  const schedule = scheduled(every);
  schedule.set("h1");
  assert.deepEqual(schedule.set("h1", NOW_MS + 10), []);
  schedule.set("h2", NOW_MS + 20);
  assert.equal(schedule.due(), NOW_MS + HOUR_MS);
  const [fired] = schedule.at(NOW_MS + HOUR_MS);
  assert.equal(fired?.type === "ScheduleFired" && fired.definition, "h2");
});

test("a definition without a schedule ends it, and a later one begins anew", () => {
  const schedule = scheduled(every);
  schedule.set("h1");
  assert.deepEqual(schedule.set(undefined), [{ type: "ScheduleEnded" }]);
  assert.equal(schedule.due(), undefined);
  assert.deepEqual(schedule.set(undefined), []);
  schedule.set("h3", NOW_MS + 500);
  assert.equal(schedule.due(), NOW_MS + 500 + HOUR_MS);
});

test("an interval with a beginning and a number of times ends after them", () => {
  const startMs = NOW_MS + 90_000;
  const start = new Date(startMs).toISOString();
  const schedule = scheduled({ kind: "interval", interval: `R2/${start}/PT1M` });
  schedule.set("h1");
  assert.equal(schedule.due(), startMs);
  const dues = [schedule.at(startMs), schedule.at(startMs + 60_000)].flat();
  assert.deepEqual(
    dues.map((event) => event.type === "ScheduleFired" && event.dueMs),
    [startMs, startMs + 60_000],
  );
  assert.equal(schedule.due(), undefined);
});

test("of an interval with a beginning and a number of times, those that lie in the past are past", () => {
  const from = (startMs: number) => `R3/${new Date(startMs).toISOString()}/PT1H`;
  const duesOf = (interval: string): readonly number[] => {
    const schedule = scheduled({ kind: "interval", interval });
    schedule.set("h1");
    const dues: number[] = [];
    for (let due = schedule.due(); due !== undefined && dues.length < 10; due = schedule.due()) {
      schedule.at(due);
      dues.push(due);
    }
    return dues;
  };
  const hoursFrom = (startMs: number, ...hours: readonly number[]) => hours.map((hour) => startMs + hour * HOUR_MS);
  const [begins, begun, nearlyOver, over] = [1, 0, -2 * HOUR_MS + 1, -2 * HOUR_MS].map((ms) => NOW_MS + ms);
  assert.deepEqual(duesOf(from(begins as number)), hoursFrom(begins as number, 0, 1, 2));
  assert.deepEqual(duesOf(from(begun as number)), hoursFrom(begun as number, 1, 2));
  assert.deepEqual(duesOf(from(nearlyOver as number)), hoursFrom(nearlyOver as number, 2));
  assert.deepEqual(duesOf(from(over as number)), []);
  assert.deepEqual(duesOf("R2/2020-01-01T00:00:00Z/PT1H"), []);
});

test("starts that were missed count where their number is limited", () => {
  const after = (hours: number) => {
    const schedule = scheduled({ kind: "interval", interval: "R5/PT1H" });
    schedule.set("h1");
    const events = schedule.at(NOW_MS + hours * HOUR_MS + 1);
    return [events[0], schedule.due()];
  };
  // The first is due in an hour, and is made good for another one.
  const missed = { type: "ScheduleMissed", fromMs: NOW_MS + HOUR_MS, nextMs: NOW_MS + 3 * HOUR_MS, starts: 2 };
  assert.deepEqual(after(3), [missed, NOW_MS + 4 * HOUR_MS]);
  const all = { type: "ScheduleMissed", fromMs: NOW_MS + HOUR_MS, starts: 5 };
  assert.deepEqual(after(6), [all, undefined]);
});

test("cron goes by its time zone, over the change to summer time, and ends when it is valid no more", () => {
  const before = Date.parse("2026-03-28T00:00:00Z");
  const schedule = scheduled({
    kind: "cron",
    cron: "30 2 * * *",
    timezone: "Europe/Berlin",
    validUntilMs: before + 72 * HOUR_MS,
  });
  schedule.set("h1", before);
  const starts: string[] = [];
  for (let i = 0; i < 10; i++) {
    const due = schedule.due();
    if (due === undefined) break;
    starts.push(new Date(due).toISOString());
    schedule.at(due);
  }
  assert.deepEqual(starts, ["2026-03-28T01:30:00.000Z", "2026-03-29T01:00:00.000Z", "2026-03-30T00:30:00.000Z"]);
});

test("starts that nobody was there for are made good for an hour; older ones are passed over, once", () => {
  const schedule = scheduled({ kind: "interval", interval: "PT10M" });
  schedule.set("h1");
  const nowMs = NOW_MS + 48 * HOUR_MS + 1;
  const events = schedule.at(nowMs);
  assert.deepEqual(
    events.map(({ type }) => type),
    ["ScheduleMissed", ...Array(6).fill("ScheduleFired")],
  );
  const dues = events.flatMap((event) => (event.type === "ScheduleFired" ? [event.dueMs] : []));
  assert.ok(dues.every((due) => due >= nowMs - CATCH_UP_MS && due <= nowMs));
  assert.equal(new Set(dues).size, 6);
  assert.equal(schedule.due(), NOW_MS + 48 * HOUR_MS + 600_000);
});

test("of more starts that are due so many are made at once, and the next of them is due at once again", () => {
  const schedule = scheduled({ kind: "interval", interval: "PT1S" });
  schedule.set("h1");
  const nowMs = NOW_MS + (2 * STARTS_PER_DECISION_MAX + 1) * 1_000;
  const startsAt = (): number => schedule.at(nowMs).filter(({ type }) => type === "ScheduleFired").length;
  assert.deepEqual(
    [startsAt(), schedule.due()],
    [STARTS_PER_DECISION_MAX, NOW_MS + (STARTS_PER_DECISION_MAX + 1) * 1_000],
  );
  assert.deepEqual([startsAt(), startsAt(), startsAt()], [STARTS_PER_DECISION_MAX, 1, 0]);
});
