import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, evolveAll } from "@antiphon/engine";
import type { InstanceEvent } from "@antiphon/protocol";
import { REASON_LENGTH_MAX, tellDecisions } from "./tell-decisions.ts";

const started: readonly InstanceEvent[] = [
  {
    type: "InstanceStarted",
    instance: "i",
    workflow: "w",
    version: "1",
    definition: "h",
    data: { secret: "data" },
    headers: {},
    correlation: {},
  },
  { type: "StateEntered", state: "Ask", visit: 1 },
];
const error = { code: "500", message: "no answer", classes: [] };
const event = { specversion: "1.0", id: "e", source: "/s", type: "t", data: "secret" } as const;
const after = evolveAll(absent, started, 1);

function bench(isDebug = false) {
  const lines: (readonly [level: string, message: string, details: object])[] = [];
  const at = (level: string) => (details: object, message: string) => void lines.push([level, message, details]);
  const logger = { info: at("info"), warn: at("warn"), error: at("error"), debug: at("debug") };
  const told = tellDecisions({ ...logger, isLevelEnabled: () => isDebug }, { steady: () => 0 });
  return { lines, told };
}

test("an instance that fails, an action that gives up and a dead letter are a line each, with ids and without data", () => {
  const { lines, told } = bench();
  const found = { by: "instance" } as const;
  told(
    "i",
    {
      atMs: 1,
      events: [
        { type: "ActionFailed", action: "1.a", error },
        { type: "EventIgnored", event, disposition: "unmatched", reason: "late", found },
        { type: "EventIgnored", event, disposition: "duplicate", reason: "again", found },
        { type: "InstanceFaulted", error: { ...error, message: "x".repeat(REASON_LENGTH_MAX + 1) } },
      ],
    },
    after,
    undefined,
  );
  told(null, { atMs: 1, events: [], rejected: { reason: "no JSON", value: "secret" } }, undefined, undefined);
  const about = { workflow: "w", state: "Ask", instance: "i" };
  const ref = { source: "/s", id: "e", type: "t" };
  assert.deepEqual(lines, [
    ["warn", "an action has given up", { ...about, action: "1.a", reason: "no answer" }],
    ["warn", "an event is a dead letter", { ...about, event: ref, disposition: "unmatched", reason: "late" }],
    ["warn", "an instance has failed", { ...about, code: "500", reason: `${"x".repeat(REASON_LENGTH_MAX)}…` }],
    ["warn", "an order could not be decided: it is a dead letter", { reason: "no JSON" }],
  ]);
});

test("each decision is a line at debug, and at no other level", () => {
  const on = { type: "AbortInstance", instance: "i" } as const;
  const { lines, told } = bench(true);
  told("i", { input: 7, atMs: 1, events: started }, after, on);
  told("i", { atMs: 1, events: [{ type: "TimerFired", timer: "t" }] }, after, undefined);
  const about = { workflow: "w", state: "Ask", instance: "i" };
  assert.deepEqual(lines, [
    ["debug", "decided", { ...about, on: "AbortInstance", facts: ["InstanceStarted", "StateEntered"] }],
    ["debug", "decided", { ...about, on: "ReachTime", facts: ["TimerFired"] }],
  ]);
  const quiet = bench();
  quiet.told("i", { input: 7, atMs: 1, events: started }, after, on);
  assert.deepEqual(quiet.lines, []);
});
