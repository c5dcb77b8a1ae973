import assert from "node:assert/strict";
import { test } from "node:test";
import { LogUnavailableError } from "@antiphon/log";
import { pino } from "pino";
import { Health } from "./health.ts";
import { keepTrying } from "./keep-trying.ts";

const worthwhile = (error: unknown) => error instanceof LogUnavailableError;

function trying(stopAfter = Number.POSITIVE_INFINITY) {
  const said: string[] = [];
  const slept: number[] = [];
  const stop = new AbortController();
  const health = new Health(
    pino({ level: "info" }, { write: (line: string) => said.push(JSON.parse(line).msg as string) }),
  );
  const clock = {
    now: () => 0,
    steady: () => 0,
    async sleep(ms: number) {
      slept.push(ms);
      if (slept.length === stopAfter) stop.abort();
    },
  };
  return { said, slept, health, clock, signal: stop.signal };
}

test("a broker that is not there is waited for, which is said once", async () => {
  const world = trying();
  let attempts = 0;
  const result = await keepTrying(
    "log",
    async () => {
      attempts++;
      if (attempts < 9) throw new LogUnavailableError("no broker answers");
      return "there";
    },
    worthwhile,
    world,
  );
  assert.equal(result, "there");
  assert.deepEqual(world.slept, [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
  assert.deepEqual(world.said, ["log is not ready", "log is ready"]);
  assert.equal((await world.health.report()).status, "UP");
});

test("an error that waiting does not mend is thrown at once", async () => {
  const world = trying();
  const attempt = async () => {
    throw new TypeError("wrong");
  };
  await assert.rejects(keepTrying("log", attempt, worthwhile, world), new TypeError("wrong"));
  assert.deepEqual(world.slept, []);
});

test("a process that is told to stop waits no longer", async () => {
  const world = trying(3);
  const attempt = async () => {
    throw new LogUnavailableError("no broker answers");
  };
  await assert.rejects(keepTrying("log", attempt, worthwhile, world), { name: "AbortError" });
  assert.equal(world.slept.length, 3);
});

test("a process that is told to stop does not wait for an attempt that takes long", async () => {
  const world = trying();
  const stop = new AbortController();
  const asked = keepTrying("log", () => new Promise(() => {}), worthwhile, { ...world, signal: stop.signal });
  stop.abort();
  await assert.rejects(asked, { name: "AbortError" });
});
