import assert from "node:assert/strict";
import { test } from "node:test";
import { type Instance, type OpenWait, openWaits } from "@antiphon/engine";
import { watchHistories } from "@antiphon/engine/testing/node";
import { evolveInstance, type InstanceRow, instanceKey, waitsOf } from "@antiphon/views";

const HISTORIES = { runs: 600, seed: 20261124 };

/** What the engine says of an instance that lists show; undefined: nothing has started it. */
function heldOf(instance: Instance) {
  if (instance.status === "absent" || instance.status === "scheduled") return undefined;
  const [token] = Object.values(instance.tokens);
  const isHeld = instance.status === "active" || instance.status === "faulted";
  return {
    status: instance.status,
    state: isHeld ? token?.state : undefined,
    waits: openWaits(instance).toSorted(byId),
  };
}

function shownOf(row: InstanceRow | undefined) {
  if (row === undefined) return undefined;
  const state = row.status === "active" || row.status === "faulted" ? row.state : undefined;
  const waits = waitsOf(row).map(({ instance: _, workflow: __, ...wait }): OpenWait => wait);
  return { status: row.status, state, waits: waits.toSorted(byId) };
}

function byId(a: OpenWait, b: OpenWait): number {
  return a.wait < b.wait ? -1 : 1;
}

test("whatever happens, lists show an instance's state, waits and deadlines as the engine has them", () => {
  const seen = { deadlines: 0, goneOn: 0 };
  watchHistories(HISTORIES, () => {
    let row: InstanceRow | undefined;
    let offset = 0;
    return ({ atMs, events, instance }) => {
      const wasFaulted = row?.status === "faulted";
      row = evolveInstance(row, { kind: "instance", key: instanceKey("i-1"), offset: offset++, atMs, events });
      const held = heldOf(instance);
      assert.deepEqual(shownOf(row), held);
      seen.deadlines += held?.waits.filter(({ deadlineMs }) => deadlineMs !== undefined).length ?? 0;
      if (wasFaulted && held?.status === "active" && held.waits.length > 0) seen.goneOn++;
    };
  });
  // Or the histories would say little.
  assert.ok(seen.deadlines > 100 && seen.goneOn > 20, JSON.stringify(seen));
});
