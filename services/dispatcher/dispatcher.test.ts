import assert from "node:assert/strict";
import { test } from "node:test";
import { deadLetterId, readConfig } from "@antiphon/host";
import { type Json, topics } from "@antiphon/protocol";
import { dispatcherSettings } from "./config.ts";
import { NOW_MS, until, World } from "./testing/world.ts";

const event = { specversion: "1.0", id: "e-1", source: "/s", type: "paid" } as const;

test("waits reach the correlator, and what could not be used the dead letters", async () => {
  const world = await new World().open();
  await using _ = await world.start();
  await world.happen("i-1", {
    type: "EventAwaited",
    wait: "1.event",
    events: [{ name: "paid", eventType: "paid", key: "k-1" }],
  });
  await world.happen("i-1", {
    type: "EventIgnored",
    event,
    disposition: "unmatched",
    reason: "no wait",
    found: { by: "instance" },
  });
  await until(async () => (await world.on(topics.deadLetters)).length === 1, "a dead letter");
  const from = (offset: number) => ({ topic: topics.history, partition: 0, offset, index: 0 });
  assert.deepEqual(await world.on(topics.correlation), [
    {
      key: "k-1",
      from: from(0),
      type: "OpenWait",
      wait: { instance: "i-1", wait: "1.event" },
      cardinality: "one",
    },
  ]);
  assert.deepEqual(await world.on(topics.deadLetters), [
    {
      id: deadLetterId({ event, from: from(1) }),
      atMs: NOW_MS,
      disposition: "unmatched",
      reason: "no wait",
      event,
      instance: "i-1",
      from: from(1),
    },
  ]);
});

test("a produced event reaches its topic with its content type, or the dead letters if there is no such topic", async () => {
  const world = await new World().open();
  await world.log.ensureTopics([{ name: "orders", partitions: 1, retention: "forever" }]);
  await using _ = await world.start();
  await world.happen("i-1", { type: "EventProduced", topic: "nowhere", event });
  await world.happen("i-1", { type: "EventProduced", topic: "orders", event });
  await until(async () => (await world.on("orders")).length === 1, "an event");
  const { records } = await world.log.read("orders", 0, 0, 10);
  assert.deepEqual(
    records.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })),
    [
      {
        key: "i-1",
        value: JSON.stringify(event),
        headers: { "content-type": "application/cloudevents+json; charset=UTF-8" },
      },
    ],
  );
  const letters = (await world.on(topics.deadLetters)) as readonly Record<string, Json>[];
  assert.deepEqual(
    letters.map(({ id: _, atMs: __, from: ___, ...letter }) => letter),
    [
      {
        disposition: "rejected",
        instance: "i-1",
        event,
        direction: "out",
        to: { topic: "nowhere", key: "i-1" },
        reason: 'topic "nowhere" does not take it: topic "nowhere" does not exist; ensureTopics makes it',
      },
    ],
  );
});

test("what workflows say is logged, each line at its level", async () => {
  const world = await new World().open();
  const lines: unknown[] = [];
  const at = (level: string) => (details: object, line: string) => void lines.push([level, details, line]);
  const logger = { trace: at("trace"), debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  await using _ = await world.start({}, { logger });
  const levels = ["trace", "debug", "info", "warn", "error"];
  for (const level of levels) await world.happen("i-1", { type: "MessageLogged", level, message: `at ${level}` });
  await until(() => lines.length === levels.length, "five lines");
  assert.deepEqual(
    lines,
    levels.map((level) => [level, { instance: "i-1" }, `at ${level}`]),
  );
});

test("settings have defaults, and wrong ones are named with what was expected", () => {
  const { concurrency, actionTimeoutMs } = readConfig(dispatcherSettings, {});
  assert.deepEqual([concurrency, actionTimeoutMs], [64, 60_000]);
  const env = { ANTIPHON_DISPATCHER_CONCURRENCY: "8", ANTIPHON_ACTION_TIMEOUT: "PT1M30S" };
  const set = readConfig(dispatcherSettings, env);
  assert.deepEqual([set.concurrency, set.actionTimeoutMs], [8, 90_000]);
  const wrong = { ANTIPHON_DISPATCHER_CONCURRENCY: "0", ANTIPHON_ACTION_TIMEOUT: "soon" };
  assert.throws(() => readConfig(dispatcherSettings, wrong), {
    message: [
      'ANTIPHON_DISPATCHER_CONCURRENCY: expected a whole number from 1 to 10000, found "0"',
      'ANTIPHON_ACTION_TIMEOUT: expected a duration such as PT60S, of at most an hour, found "soon"',
    ].join("\n"),
  });
});
