import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance } from "@antiphon/engine";
import { watchHistories } from "@antiphon/engine/testing/node";
import { formatJson, type Json, parseJson } from "@antiphon/protocol";
import { evolveInstance } from "./evolve-instance.ts";
import { type InstanceRow, instanceKey } from "./instance-row.ts";

const HISTORIES = { runs: 600, seed: 20261125 };

test("the row of an instance that is copied forward is the one its facts lead to, and both go on alike", () => {
  const copies = { active: 0, faulted: 0, waiting: 0, timed: 0 };
  watchHistories(HISTORIES, () => {
    let row: InstanceRow | undefined;
    let offset = 0;
    const others: InstanceRow[] = [];
    return ({ atMs, events, instance }) => {
      const at = { kind: "instance", key: instanceKey("i-1"), offset: offset++, atMs } as const;
      row = evolveInstance(row, { ...at, events });
      for (const [i, other] of others.entries()) {
        const goneOn = evolveInstance(other, { ...at, events });
        assert.deepEqual(goneOn, row, `from the copy after decision ${i}`);
        if (goneOn !== undefined) others[i] = goneOn;
      }
      const state = parseJson(formatJson(instance as unknown as Json)) as unknown as Instance;
      // A copy is made later than what it copies.
      const copy = evolveInstance(undefined, { ...at, atMs: atMs + 7, events: [], state });
      if (instance.status !== "active" && instance.status !== "faulted") {
        assert.equal(copy, undefined);
        return;
      }
      assert.ok(copy !== undefined);
      assert.deepEqual(copy, row);
      assert.deepEqual(evolveInstance(row, { ...at, offset: 99, events: [], state }), { ...row, newest: 99 });
      others.push(copy);
      copies[instance.status] += 1;
      if (copy.status === "active" && Object.keys(copy.waits).length > 0) copies.waiting += 1;
      if ("deadlines" in copy && Object.keys(copy.deadlines).length > 0) copies.timed += 1;
    };
  });
  // Or the histories would say little.
  assert.ok(
    Object.values(copies).every((count) => count > 200),
    JSON.stringify(copies),
  );
});
