import assert from "node:assert/strict";
import { test } from "node:test";
import { appendAtEnd, newTopic, readAll, record, valuesOf } from "./fixtures.ts";
import type { Fault, Open } from "./harness.ts";

const FAULTS: readonly Fault[] = [
  "the answer is lost",
  "the request is lost",
  "the request is delivered twice",
  "the request is late",
];

export function faults(open: Open): void {
  for (const fault of FAULTS) {
    test(`when ${fault}, the batch counts once and is reported as appended`, async () => {
      await using harness = await open();
      const { log, arm, harmed } = await harness.connectFaulty();
      const reader = await harness.connect();
      const topic = await newTopic(log);
      await log.append(topic, 0, [record("before")], { at: 0 });
      arm(fault);
      const appended = await log.append(topic, 0, [record("a"), record("b")], { at: 1 });
      assert.deepEqual(appended, { status: "appended", next: 3 });
      await harmed();
      await appendAtEnd(log, topic, 0, [record("after")]);
      assert.deepEqual(valuesOf(await readAll(reader, topic, 0)), ["before", "a", "b", "after"]);
    });

    test(`when ${fault} for a writer that missed a fact, its batch never counts and is reported as a conflict`, async () => {
      await using harness = await open();
      const { log, arm, harmed } = await harness.connectFaulty();
      const rival = await harness.connect();
      const topic = await newTopic(log);
      await log.append(topic, 0, [record("before")], { at: 0 });
      await rival.append(topic, 0, [record("the rival's")], { at: 1 });
      arm(fault);
      assert.deepEqual(await log.append(topic, 0, [record("a"), record("b")], { at: 1 }), { status: "conflict" });
      await harmed();
      await appendAtEnd(log, topic, 0, [record("after")]);
      assert.deepEqual(valuesOf(await readAll(rival, topic, 0)), ["before", "the rival's", "after"]);
    });
  }
}
