import assert from "node:assert/strict";
import { test } from "node:test";
import { Alarm } from "./alarm.ts";
import { Bell } from "./bell.ts";
import { FakeClock } from "./testing/fake-clock.ts";

const DUE_MS = 1_000;

async function rung(): Promise<{ readonly alarm: Alarm; readonly clock: FakeClock; readonly bell: Bell }> {
  const clock = new FakeClock();
  const bell = new Bell();
  const alarm = new Alarm(clock, bell);
  alarm.advance(DUE_MS);
  assert.equal(alarm.reached, false);
  clock.turn(DUE_MS);
  await bell.wait();
  return { alarm, clock, bell };
}

test("an alarm that has rung is reached, also when the clock is set back before anybody looks", async () => {
  const { alarm, clock } = await rung();
  assert.equal(alarm.reached, true);
  clock.turn(-DUE_MS);
  assert.equal(alarm.reached, true);
});

test("an alarm by the steady time rings when so much time has gone by, whatever the clock is set to meanwhile", async () => {
  const clock = new FakeClock(10 * DUE_MS);
  const bell = new Bell();
  const alarm = new Alarm(clock, bell, "steady");
  alarm.advance(clock.steady() + DUE_MS);
  clock.turn(-5 * DUE_MS);
  clock.turn(DUE_MS - 1);
  assert.equal(alarm.reached, false);
  clock.turn(1);
  await bell.wait();
  assert.equal(alarm.reached, true);
});

test("an alarm that was cleared, or set anew, has not rung yet", async () => {
  const { alarm, clock, bell } = await rung();
  alarm.clear();
  assert.equal(alarm.reached, false);
  alarm.advance(2 * DUE_MS);
  assert.equal(alarm.reached, false);
  clock.turn(DUE_MS);
  await bell.wait();
  assert.equal(alarm.reached, true);
});
