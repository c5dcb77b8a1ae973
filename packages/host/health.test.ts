import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { Health, PROBE_STEPS } from "./health.ts";

function observed() {
  const said: string[] = [];
  const clock = { nowMs: 0 };
  const logger = pino({ level: "info" }, { write: (line: string) => said.push(JSON.parse(line).msg as string) });
  return { said, clock, health: new Health(logger, () => clock.nowMs) };
}

test("ready is: every check is up", async () => {
  const { health } = observed();
  health.enter("gateway", "starting");
  health.set("log", true);
  assert.deepEqual(await health.report(), {
    status: "DOWN",
    checks: [
      { name: "gateway", status: "DOWN", data: { reason: "starting" } },
      { name: "log", status: "UP" },
    ],
  });
  health.enter("gateway", "running");
  assert.equal((await health.report()).status, "UP");
  health.enter("gateway", "stopping");
  assert.equal((await health.report()).status, "DOWN");
});

test("a change is logged once, however often it is said", () => {
  const { health, said } = observed();
  health.set("log", true);
  for (const _again of [1, 2, 3]) health.set("log", false, "no broker");
  for (const _again of [1, 2, 3]) health.set("log", true);
  assert.deepEqual(said, ["log is not ready", "log is ready"]);
});

test("a probe is asked when a report is asked for, and its failure is the reason", async () => {
  const { health, clock } = observed();
  let up = true;
  health.probe("store", async () => {
    if (!up) throw new Error("connection refused");
  });
  assert.deepEqual((await health.report()).checks, [{ name: "store", status: "UP" }]);
  up = false;
  clock.nowMs = 1_000;
  assert.deepEqual((await health.report()).checks, [
    { name: "store", status: "DOWN", data: { reason: "connection refused" } },
  ]);
});

test("who asks too often gets the last answer, and who asks at the same time the same one", async () => {
  const { health, clock } = observed();
  let asked = 0;
  health.probe("store", async () => {
    asked++;
  });
  await Promise.all([health.report(), health.report(), health.report()]);
  clock.nowMs = 999;
  await health.report();
  assert.equal(asked, 1);
});

test("a probe that does not answer is down", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { health } = observed();
  health.probe("store", () => new Promise(() => {}));
  const report = health.report();
  t.mock.timers.tick(2_000);
  assert.deepEqual((await report).checks, [
    { name: "store", status: "DOWN", data: { reason: "no answer within 2000 ms" } },
  ]);
});

test("a process that is held up itself looks for the answer before it calls a probe failed", async (t) => {
  let step = (): void => {};
  t.mock.method(globalThis, "setInterval", (then: () => void) => {
    step = then;
  });
  const answers: (() => void)[] = [];
  const statusAfter = async (steps: number): Promise<string> => {
    const { health } = observed();
    health.probe("store", () => new Promise<void>((resolve) => answers.push(resolve)));
    const report = health.report();
    for (let i = 0; i < steps; i++) step();
    answers.pop()?.();
    return (await report).status;
  };
  assert.deepEqual([await statusAfter(PROBE_STEPS - 1), await statusAfter(PROBE_STEPS)], ["UP", "DOWN"]);
});

test("a check that is forgotten does not count any more", async () => {
  const { health } = observed();
  health.set("lag", false, "far behind");
  health.forget("lag");
  assert.deepEqual(await health.report(), { status: "UP", checks: [] });
});
