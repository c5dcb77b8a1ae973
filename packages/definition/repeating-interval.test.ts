import assert from "node:assert/strict";
import { test } from "node:test";
import { repeatingInterval } from "./repeating-interval.ts";

const HOUR_MS = 3_600_000;
const NEW_YEAR_MS = Date.UTC(2026, 0, 1);

test("an interval has a length, and may have a start and a number of times", () => {
  assert.deepEqual(repeatingInterval("PT1H"), { everyMs: HOUR_MS });
  assert.deepEqual(repeatingInterval("R/PT1H"), { everyMs: HOUR_MS });
  assert.deepEqual(repeatingInterval("R5/2026-01-01T00:00:00Z/PT1H"), {
    everyMs: HOUR_MS,
    startMs: NEW_YEAR_MS,
    times: 5,
  });
  assert.deepEqual(repeatingInterval("2026-01-01T00:00:00Z/PT1H"), { everyMs: HOUR_MS, startMs: NEW_YEAR_MS });
});

test("an interval may be between two times, or end at one", () => {
  const day = { everyMs: 24 * HOUR_MS, startMs: NEW_YEAR_MS };
  assert.deepEqual(repeatingInterval("R/2026-01-01/2026-01-02"), day);
  assert.deepEqual(repeatingInterval("R/P1D/2026-01-02T00:00:00Z"), day);
});

test("a time without a zone is UTC, with one it is there", () => {
  assert.equal(repeatingInterval("2026-01-01T00:00:00/PT1H")?.startMs, NEW_YEAR_MS);
  assert.equal(repeatingInterval("2026-01-01T01:00:00+01:00/PT1H")?.startMs, NEW_YEAR_MS);
});

test("what names no times at equal distances is none", () => {
  for (const text of [
    "",
    "R",
    "R/",
    "R-1/PT1H",
    "soon",
    "P1M",
    "PT0S",
    "PT0.5S",
    "2026-01-01",
    "R/a/PT1H",
    "R/PT1H/PT1H/PT1H",
  ]) {
    assert.equal(repeatingInterval(text), undefined, text);
  }
  assert.equal(repeatingInterval("2026-01-02/2026-01-01"), undefined);
  assert.equal(repeatingInterval("2026-02-30T00:00:00Z/x"), undefined);
});
