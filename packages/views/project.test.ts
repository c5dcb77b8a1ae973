import assert from "node:assert/strict";
import { test } from "node:test";
import type { Disposition, InstanceEvent } from "@antiphon/protocol";
import { type IndexEntry, memoryStore } from "@antiphon/store";
import type { Change } from "./changes-of.ts";
import { type InstanceRow, instanceKey, instanceLines } from "./instance-row.ts";
import { eventKey, type LedgerRow, ledgerLines } from "./ledger-row.ts";
import { lists } from "./lists.ts";
import { project, readRow } from "./project.ts";

const SPACE = "antiphon.views/history/0";
const DISPOSITIONS: readonly Disposition[] = ["resolved", "started", "buffered", "duplicate", "unmatched", "expired"];

/** From 0 up to, and without, `count` (a linear congruential generator). */
function dice(seed: number): (count: number) => number {
  let state = seed;
  return (count) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}

function randomChange(roll: (count: number) => number, atMs: number): Change {
  const id = `i${roll(3)}`;
  if (roll(2) === 0) {
    const ref = { source: "/s", id: `e${roll(3)}`, type: `t${roll(2)}` };
    const entry = { ...ref, disposition: DISPOSITIONS[roll(6)] ?? "expired", atMs, instance: id };
    return { kind: "event", key: eventKey(ref), entry };
  }
  const visit = roll(3);
  const choices: readonly InstanceEvent[] = [
    {
      type: "InstanceStarted",
      instance: id,
      workflow: `w${roll(2)}`,
      version: "1",
      definition: "h",
      data: {},
      businessKey: `b${roll(2)}`,
      headers: {},
      correlation: {},
    },
    { type: "StateEntered", state: "S", visit },
    { type: "EventAwaited", wait: `${visit}.a`, events: [{ name: "n", eventType: `t${roll(2)}` }] },
    { type: "WaitClosed", wait: `${visit}.a`, reason: "left" },
    { type: "StateLeft", state: "S", visit },
    { type: "InstanceCompleted" },
  ];
  // Often enough to begin, and rarely to end.
  const choice = choices[Math.min(roll(3) * roll(3), 5)] ?? choices[0];
  const events = choice === undefined ? [] : [choice];
  return { kind: "instance", key: instanceKey(id), offset: atMs, atMs, events };
}

test("lists hold the lines of the rows that are there, and no other, whatever changes and in whatever batches", async () => {
  const indexes = [
    lists.instances,
    lists.waits,
    lists.events,
    ...["w0", "w1"].flatMap((workflow) => [lists.instancesOf(workflow), lists.heldInstancesOf(workflow)]),
    ...["b0", "b1"].map(lists.instancesWithBusinessKey),
    ...(["active", "completed"] as const).map(lists.instancesThatAre),
    ...["t0", "t1"].flatMap((type) => [lists.waitsFor(type), lists.eventsOfType(type)]),
    ...DISPOSITIONS.map(lists.eventsThatWere),
    ...["i0", "i1", "i2"].map(lists.eventsAt),
  ];
  const instanceKeys = ["i0", "i1", "i2"].map(instanceKey);
  const eventKeys = ["e0", "e1", "e2"].map((id) => eventKey({ source: "/s", id }));
  for (let seed = 0; seed < 50; seed++) {
    const roll = dice(seed);
    const store = memoryStore();
    for (let step = 0; step < 20; step++) {
      const changes = Array.from({ length: 1 + roll(5) }, (_, i) => randomChange(roll, step * 10 + i));
      const keys = changes.map(({ key }) => key);
      const { values } = await store.load(SPACE, keys);
      const held = new Map(keys.map((key, i) => [key, values[i] ?? null]));
      const expected = step === 0 ? null : step - 1;
      await store.commit(SPACE, { expected, position: step, ...project(changes, held) });
    }
    const rows = await store.load(SPACE, [...instanceKeys, ...eventKeys]);
    const lines = rows.values.flatMap((value, i): readonly IndexEntry[] => {
      if (value === null) return [];
      return i < instanceKeys.length
        ? instanceLines(readRow<InstanceRow>(value) as InstanceRow)
        : ledgerLines(readRow<LedgerRow>(value) as LedgerRow);
    });
    for (const index of indexes) {
      const expected = lines.filter((line) => line.index === index).map(({ entry }) => entry);
      assert.deepEqual(await store.scan(SPACE, index, { limit: 100 }), expected.sort(), `seed ${seed}, list ${index}`);
    }
    assert.ok(lines.length > 0, "expected a seed to leave rows");
  }
});

test("a row that a batch changes twice is written once, and a wait that it opens and closes is in no list", () => {
  const change = (offset: number, ...events: InstanceEvent[]): Change => {
    return { kind: "instance", key: instanceKey("i"), offset, atMs: offset, events };
  };
  const started: InstanceEvent = {
    type: "InstanceStarted",
    instance: "i",
    workflow: "w",
    version: "1",
    definition: "h",
    data: {},
    headers: {},
    correlation: {},
  };
  const awaited: InstanceEvent = { type: "EventAwaited", wait: "1.a", events: [{ name: "n", eventType: "t" }] };
  const changes = [change(1, started, awaited), change(2, { type: "InstanceCompleted" })];
  assert.deepEqual(project(changes, new Map([["instance/i", null]])), {
    values: new Map([
      [
        "instance/i",
        '{"id":"i","workflow":"w","version":"1","definition":"h","startedMs":1,"updatedMs":2,"newest":2,"status":"completed","endedMs":2}',
      ],
    ]),
    added: [
      { index: "instances", entry: "000000000000001 i" },
      { index: "instances/workflow=w", entry: "000000000000001 i" },
      { index: "instances/status=completed", entry: "000000000000001 i" },
    ],
    removed: [],
  });
});
