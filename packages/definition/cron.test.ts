import assert from "node:assert/strict";
import { test } from "node:test";
import { cronProblem, isTimeZone, nextCronMs } from "./cron.ts";

const NOON_MS = Date.UTC(2026, 5, 1, 12);

test("the next time of a cron expression is in its time zone", () => {
  assert.equal(nextCronMs("0 9 * * *", "UTC", NOON_MS), Date.UTC(2026, 5, 2, 9));
  assert.equal(nextCronMs("0 9 * * *", "America/New_York", NOON_MS), Date.UTC(2026, 5, 1, 13));
  assert.equal(nextCronMs("30 0 12 * * ?", "UTC", NOON_MS), NOON_MS + 30_000);
});

test("a step may have a start, and either day may be left open, as in Quartz", () => {
  assert.equal(nextCronMs("0 0/15 * * * ?", "UTC", NOON_MS), NOON_MS + 900_000);
  assert.equal(nextCronMs("0 0 12 ? * TUE", "UTC", NOON_MS), Date.UTC(2026, 5, 2, 12));
});

test("the next time is after the given one, even if that is one itself", () => {
  assert.equal(nextCronMs("0 12 * * *", "UTC", NOON_MS), Date.UTC(2026, 5, 2, 12));
});

test("a time that never comes is none", () => {
  assert.equal(nextCronMs("0 0 31 2 *", "UTC", NOON_MS), undefined);
});

test("what is no cron expression is told, and what is one is not", () => {
  assert.equal(cronProblem("0 12 * * MON-FRI", "Europe/Berlin"), undefined);
  for (const text of ["", "* * *", "61 * * * *", "noon", "* * * * FRY"])
    assert.notEqual(cronProblem(text, "UTC"), undefined, text);
});

test("a time zone has a name that the runtime knows", () => {
  assert.deepEqual(["UTC", "Europe/Berlin", "Mars/Olympus", ""].map(isTimeZone), [true, true, false, false]);
});
