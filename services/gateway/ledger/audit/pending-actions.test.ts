import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActionRequested, InstanceEvent } from "@antiphon/protocol";
import { AuditBench, started } from "./testing/audit-bench.ts";

const requested: ActionRequested = {
  type: "ActionRequested",
  action: "1.a",
  function: "f",
  definition: "h",
  arguments: {},
};
const subject = { instance: "i1", action: "1.a" };

function rejected(more: object = {}) {
  const order = { type: "CompleteAction", ...subject, outcome: { status: "completed" }, ...more };
  return { reason: "no", value: JSON.stringify(order) };
}

test("an action under way whose answer was rejected is found, and no more once it ended otherwise", async () => {
  const world = await AuditBench.open();
  await world.history({ events: [started("i1"), requested] });
  await world.view();
  const { actions, agrees } = await world.audit();
  assert.deepEqual([actions, agrees], [{ underWay: 1 }, true]);
  await world.history({ rejected: rejected() });
  assert.deepEqual(await world.disagreements(), [{ kind: "action-without-end", subject }]);
  await world.history({ events: [{ type: "ActionCompleted", action: "1.a" }] });
  assert.deepEqual(await world.disagreements(), []);
  assert.deepEqual((await world.audit()).actions, { underWay: 0 });
});

test("an answer that was rejected when nobody waited for it is no disagreement", async () => {
  const ends: readonly InstanceEvent[] = [
    { type: "ActionFailed", action: "1.a", error: { code: "x", message: "", classes: [] } },
    { type: "ActionCancelled", action: "1.a" },
    { type: "ActionRetried", action: "1.a", attempt: 2 },
    { type: "InstanceAborted", reason: "" },
  ];
  for (const end of ends) {
    const world = await AuditBench.open();
    await world.history({ events: [started("i1"), requested, end] });
    await world.history({ rejected: rejected() });
    assert.deepEqual(await world.disagreements(), [], end.type);
  }
  const world = await AuditBench.open();
  await world.history({
    events: [started("i1"), { ...requested, attempt: 2 }, { ...requested, action: "1.b", detached: true }],
  });
  for (const more of [{ attempt: 1 }, { action: "1.b" }, { instance: "i2" }]) {
    await world.history({ rejected: rejected(more) });
  }
  await world.history({ rejected: { reason: "no", value: "{" } });
  assert.deepEqual(await world.disagreements(), []);
});
