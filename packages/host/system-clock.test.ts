import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "./index.ts";

test("a sleep ends without an error when its signal aborts, before or during it", async () => {
  await systemClock.sleep(3_600_000, AbortSignal.abort());
  const stop = new AbortController();
  const asleep = systemClock.sleep(3_600_000, stop.signal);
  stop.abort();
  await asleep;
});

test("the steady time goes forward as sleeps last", async (t) => {
  const before = systemClock.steady();
  await systemClock.sleep(5, t.signal);
  assert.ok(systemClock.steady() - before >= 5);
});

test("a sleep does not end early, not even one that is longer than a timer of Node can be", async (t) => {
  const stop = new AbortController();
  let awake = false;
  const asleep = systemClock.sleep(2 ** 31, stop.signal).then(() => {
    awake = true;
  });
  await systemClock.sleep(5, t.signal);
  assert.equal(awake, false);
  stop.abort();
  await asleep;
});
