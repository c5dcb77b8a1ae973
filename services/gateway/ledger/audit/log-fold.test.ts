import assert from "node:assert/strict";
import { test } from "node:test";
import { deadLetterMessage } from "@antiphon/host";
import { formatJson, type Json, topics } from "@antiphon/protocol";
import { checkWaits } from "./check-waits.ts";
import { LogFold } from "./log-fold.ts";
import { AuditBench, awaited, placeIn, sampleEvent, started } from "./testing/audit-bench.ts";

const REGISTERED = { type: "WaitRegistered", wait: { instance: "i1", wait: "1.a" } } as const;

test("what is written while the ends of the logs are looked up is folded with its cause, or the next time", async () => {
  const world = await AuditBench.open();
  await world.history({ events: [started("i1")] });
  await world.correlations({});
  let looked = 0;
  const log = {
    read: world.log.read.bind(world.log),
    async bounds(topic: string, partition: number) {
      looked += 1;
      if (looked === 3) {
        await world.history({ events: [awaited("1.a", "k")] });
        await world.correlations({ from: placeIn(topics.history, 1), events: [REGISTERED] });
      }
      return await world.log.bounds(topic, partition);
    },
  };
  const fold = new LogFold(log, 1);
  const found: unknown[] = [];
  for (let time = 0; time < 3; time++) {
    await fold.advance();
    const { open, registered, onTheWay, disagreements } = checkWaits(fold);
    found.push([open, registered, onTheWay, disagreements]);
  }
  assert.deepEqual(found, [
    [1, 0, 1, []],
    [1, 1, 0, []],
    [1, 1, 0, []],
  ]);
});

test("a letter is open until its event is taken or it is sent again with success, and what is said of a letter that is gone says nothing", async () => {
  const world = await AuditBench.open();
  const about = { atMs: 5, disposition: "unmatched", reason: "no" } as const;
  const message = deadLetterMessage({ ...about, event: sampleEvent("e"), from: placeIn("http", 0) });
  await world.log.publish([message]);
  const redriven = (id: string, result: string) => {
    const value = { type: "Redriven", id, letter: 0, atMs: 6, outcome: { result } };
    return { topic: topics.deadLetters, key: id, value: formatJson(value as unknown as Json), partition: 0 };
  };
  await world.log.publish([redriven("gone", "resolved"), redriven(message.key, "unmatched")]);
  await world.view();
  assert.deepEqual((await world.audit())["deadLetters"], { all: 1, open: 1 });
  const other = deadLetterMessage({ ...about, event: sampleEvent("f"), from: placeIn("http", 0) });
  await world.log.publish([redriven(message.key, "started"), other]);
  await world.view();
  assert.deepEqual((await world.audit())["deadLetters"], { all: 2, open: 1 });
  const taken = { type: "EventReceived", wait: "1.a", event: sampleEvent("f"), found: { by: "instance" } } as const;
  await world.history({ events: [started("i1"), awaited("1.a"), taken] });
  await world.view();
  assert.deepEqual((await world.audit())["deadLetters"], { all: 2, open: 0 });
});

test("records that nobody can read are passed over", async () => {
  const world = await AuditBench.open();
  await world.log.publish([{ topic: topics.deadLetters, key: "d", value: "{", partition: 0 }]);
  await world.log.append(topics.history, 0, [{ key: "i1", value: "{" }], { at: 0 });
  await world.history({ events: [started("i1"), awaited("1.a")] });
  const fold = new LogFold(world.log, 1);
  await fold.advance();
  assert.equal(checkWaits(fold).open, 1);
});

test("logs that are too long for this process's memory are not audited, and it says how long they may be", async () => {
  const world = await AuditBench.open();
  await world.history({ events: [started("i1")] });
  await world.history({ events: [awaited("1.a", "k")] });
  await new LogFold(world.log, 1, 2).advance();
  await assert.rejects(new LogFold(world.log, 1, 1).advance(), {
    status: 422,
    message: "the logs: expected at most 1 records, which half of this process's memory is enough for, found more",
  });
});
