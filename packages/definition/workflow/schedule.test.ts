import assert from "node:assert/strict";
import { test } from "node:test";
import { definitionIn, problemsIn } from "../testing/read-text.ts";

function textWith(schedule: string): string {
  return `id: a\nstart: { stateName: s, schedule: ${schedule} }\nstates: [{ name: s, type: inject, data: {}, end: true }]`;
}

test("instances start by themselves in intervals or by a cron expression", () => {
  const scheduleIn = (schedule: string) => definitionIn(textWith(schedule)).schedule;
  assert.deepEqual(scheduleIn("R/PT1H"), { kind: "interval", interval: "R/PT1H" });
  assert.deepEqual(scheduleIn("{ interval: PT15M }"), { kind: "interval", interval: "PT15M" });
  assert.deepEqual(scheduleIn('{ cron: "0 9 * * MON-FRI" }'), {
    kind: "cron",
    cron: "0 9 * * MON-FRI",
    timezone: "UTC",
  });
  assert.deepEqual(
    scheduleIn('{ cron: { expression: "0 0 9 * * ?", validUntil: "2027-01-01T00:00:00Z" }, timezone: Europe/Berlin }'),
    { kind: "cron", cron: "0 0 9 * * ?", timezone: "Europe/Berlin", validUntilMs: Date.UTC(2027, 0, 1) },
  );
});

test("a schedule that names no time is refused", () => {
  const problemsOf = (schedule: string) => problemsIn(textWith(schedule)).map((one) => one.replace(/^\d+:\d+ /, ""));
  const interval = 'an interval that repeats, "PT15M" or "R/2026-01-01T00:00:00Z/PT1H", of at least 1 s';
  assert.deepEqual(problemsOf("sometimes"), [`/start/schedule: expected ${interval}, found "sometimes"`]);
  assert.deepEqual(problemsOf("PT0.1S"), [`/start/schedule: expected ${interval}, found "PT0.1S"`]);
  assert.deepEqual(problemsOf("{}"), ["/start/schedule: expected an interval or a cron, found neither"]);
  assert.deepEqual(problemsOf('{ interval: PT1H, cron: "* * * * *" }'), [
    "/start/schedule: expected either an interval or a cron, found both",
  ]);
  assert.deepEqual(
    problemsOf("{ cron: { validUntil: then }, timezone: Europe/Berln }"),
    [
      "/start/schedule/cron/expression: expected a cron expression, found nothing",
      '/start/schedule/cron/validUntil: expected an ISO 8601 time, "2027-01-01T00:00:00Z", found "then"',
      '/start/schedule/timezone: expected the name of a time zone, "Europe/Berlin", found "Europe/Berln"',
    ].toSorted((a, b) => Number(a.includes("timezone")) - Number(b.includes("timezone"))),
  );
  const [problem = ""] = problemsOf('{ cron: "61 * * * *" }');
  assert.match(
    problem,
    /^\/start\/schedule\/cron: expected a cron expression of five or six fields, .*, found "61 \* \* \* \*": /,
  );
});
