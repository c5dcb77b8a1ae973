import assert from "node:assert/strict";
import { test } from "node:test";
import { topics } from "@antiphon/protocol";
import { LogFold } from "./log-fold.ts";
import { AuditBench, placeIn, sampleEvent } from "./testing/audit-bench.ts";

const found = { by: "instance" } as const;

function delivery(id: string, more: object = {}) {
  return { type: "DeliverEvent", instance: "i1", event: sampleEvent(id), found, ...more };
}

test("inputs are looked at as far as they have been handled, and further once more have been", async () => {
  const world = await AuditBench.open();
  for (const id of ["a", "b", "c"]) await world.input(topics.commands, "i1", delivery(id));
  const fold = new LogFold(world.log, 1);
  const seen = async (): Promise<readonly [number, readonly number[]]> => {
    await fold.advance();
    return [fold.inputs.waiting, [...fold.inputs.events.values()].map(({ offset }) => offset)];
  };
  assert.deepEqual(await seen(), [3, []]);
  await world.history({ input: 0 });
  assert.deepEqual(await seen(), [2, [0]]);
  await world.history({ input: 2 });
  assert.deepEqual(await seen(), [0, [0, 1, 2]]);
  assert.deepEqual(await seen(), [0, [0, 1, 2]]);
});

test("an event that comes twice is looked for once, where it came first", async () => {
  const world = await AuditBench.open();
  await world.input(topics.correlation, "k", { type: "OfferEvent", key: "k", event: sampleEvent("a") });
  await world.input(topics.correlation, "k", { type: "OfferEvent", key: "k", event: sampleEvent("a") });
  await world.correlations({ input: 1 });
  const subject = { source: "/s", id: "a", topic: topics.correlation, partition: 0, offset: 0 };
  assert.deepEqual(await world.disagreements(), [{ kind: "event-without-trace", subject }]);
});

test("a match is no event that comes in, and an order that carries none is none", async () => {
  const world = await AuditBench.open();
  const matched = { type: "EventMatched", wait: { instance: "i1", wait: "1.a" }, event: sampleEvent("e") } as const;
  await world.correlations({ events: [{ ...matched, expiresMs: 9 }] });
  await world.input(topics.commands, "i1", delivery("e", { from: placeIn(topics.correlations, 0) }));
  await world.input(topics.commands, "i1", { type: "AbortInstance", instance: "i1" });
  await world.input(topics.commands, "i1", ["no order"]);
  await world.history({ input: 2 });
  assert.deepEqual(await world.disagreements(), []);
});
