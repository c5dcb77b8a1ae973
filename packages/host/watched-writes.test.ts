import assert from "node:assert/strict";
import { test } from "node:test";
import { LogUnavailableError } from "@antiphon/log";
import { FAILED_MS, Writes } from "./watched-writes.ts";

function bench() {
  const clock = { nowMs: 0 };
  const writes = new Writes(
    { now: () => clock.nowMs, steady: () => clock.nowMs },
    (error) => error instanceof LogUnavailableError,
  );
  const fail = async (error: Error): Promise<void> => {
    await assert.rejects(writes.see(Promise.reject(error)), error);
  };
  return { clock, writes, fail };
}

const full = new LogUnavailableError("not written", { cause: new Error("disk full") });

test("what cannot be written is told with the time of the first failure, until something is written", async () => {
  const { clock, writes, fail } = bench();
  writes.assertWritable();
  await fail(full);
  clock.nowMs = 5_000;
  await fail(full);
  assert.throws(() => writes.assertWritable(), {
    message: "nothing could be written since 1970-01-01T00:00:00.000Z: not written: disk full",
  });
  assert.equal(await writes.see(Promise.resolve("done")), "done");
  writes.assertWritable();
});

test("a failure that no other one followed for a while is over, and one of what was written is none", async () => {
  const { clock, writes, fail } = bench();
  await fail(new RangeError("too large"));
  writes.assertWritable();
  await fail(full);
  clock.nowMs = FAILED_MS - 1;
  assert.throws(() => writes.assertWritable());
  clock.nowMs = FAILED_MS;
  writes.assertWritable();
});
