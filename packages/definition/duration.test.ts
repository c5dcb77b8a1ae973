import assert from "node:assert/strict";
import { test } from "node:test";
import { durationMs, hasYearsOrMonths } from "./duration.ts";

test("a duration of weeks, days and time is so many milliseconds", () => {
  const durations = {
    PT0S: 0,
    "PT0.5S": 500,
    "PT1,25S": 1250,
    PT1M: 60_000,
    PT1H30M: 5_400_000,
    P1DT2H: 93_600_000,
    P2W: 1_209_600_000,
    " pt1s ": 1000,
  };
  for (const [text, ms] of Object.entries(durations)) assert.equal(durationMs(text), ms, text);
});

test("Kogito's short form is a duration too", () => {
  const durations = { "2s": 2000, "500ms": 500, "1h30m": 5_400_000, "1d 2h": 93_600_000, "3m 4s": 184_000 };
  for (const [text, ms] of Object.entries(durations)) assert.equal(durationMs(text), ms, text);
  for (const text of ["5", "s", "2s1h", "1.5s", "2 s"]) assert.equal(durationMs(text), undefined, text);
});

test("a part of a millisecond counts as a whole one, so that nothing is early", () => {
  assert.equal(durationMs("PT0.0001S"), 1);
  assert.equal(durationMs("PT1.000000001S"), 1001);
  assert.equal(durationMs("PT0.1S"), 100);
});

test("what is no duration of one length is none", () => {
  for (const text of [
    "",
    "P",
    "PT",
    "P1DT",
    "1S",
    "PT1",
    "-PT1S",
    "P1Y",
    "P1M",
    "P1Y2M3D",
    "PT1.5H",
    "PT1S2M",
    `P${"9".repeat(20)}D`,
  ]) {
    assert.equal(durationMs(text), undefined, text);
  }
});

test("years and months are told from minutes", () => {
  assert.deepEqual(["P1Y", "P2M", "P1Y2M", "P1M3DT1H", "PT1M", "P1D", "x"].filter(hasYearsOrMonths), [
    "P1Y",
    "P2M",
    "P1Y2M",
    "P1M3DT1H",
  ]);
});
