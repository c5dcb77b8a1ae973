import assert from "node:assert/strict";
import { test } from "node:test";
import type { Logger } from "./create-logger.ts";
import { REPEAT_MS_MAX, REPEAT_MS_MIN, withFewerRepeats } from "./fewer-repeats.ts";

function bench() {
  const lines: (readonly [message: string, repeated: unknown])[] = [];
  const write = (details: { repeated?: number }, message: string): void => void lines.push([message, details.repeated]);
  const clock = { nowMs: 5_000 };
  const logger = withFewerRepeats({ warn: write, error: write } as unknown as Logger, () => clock.nowMs);
  return { lines, clock, logger };
}

test("a failure that is repeated is logged at first, and then at growing intervals with how often it came", () => {
  const { lines, clock, logger } = bench();
  const err = new Error("full");
  for (let passedMs = 0; passedMs <= 7 * REPEAT_MS_MIN; passedMs += 100) {
    logger.warn({ err }, "it failed");
    clock.nowMs += 100;
  }
  assert.deepEqual(lines, [
    ["it failed", undefined],
    ["it failed", 9],
    ["it failed", 19],
    ["it failed", 39],
  ]);
});

test("another failure is logged at once, and so is one that had stopped for long", () => {
  const { lines, clock, logger } = bench();
  const err = new Error("full");
  logger.warn({ err }, "it failed");
  logger.error({ err }, "something else failed");
  logger.warn({ err: new TypeError("full") }, "it failed");
  clock.nowMs += 2 * REPEAT_MS_MAX;
  logger.warn({ err }, "it failed");
  assert.deepEqual(
    lines.map(([, repeated]) => repeated),
    [undefined, undefined, undefined, undefined],
  );
});

test("what workflows say, and what is no failure, is logged as often as it is said", () => {
  const { lines, logger } = bench();
  for (let i = 0; i < 3; i++) {
    logger.warn({ instance: "i", err: new Error("own") }, "a workflow says so");
    logger.warn({ workflow: "w" }, "a warning");
  }
  assert.equal(lines.length, 6);
});
