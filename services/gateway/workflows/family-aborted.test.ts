import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@antiphon/processor/testing";
import type { Command } from "@antiphon/protocol";
import { storedInstance } from "../queries/stored-instances.ts";
import { type Machine, startMachine } from "../testing/start-machine.ts";
import { UNCONFIRMED_SHOWN_MAX } from "./abort.ts";
import { commandMessage } from "./command.ts";
import { FAMILY_WAIT_MS } from "./family-aborted.ts";

/** A parent of as many children as its data has items, and a workflow that waits. Nobody takes orders from one to another. */
const PARENT = JSON.stringify({
  id: "parent",
  start: "ask",
  states: [
    {
      name: "ask",
      type: "foreach",
      inputCollection: "${ .items }",
      iterationParam: "item",
      mode: "parallel",
      actions: [{ name: "child", subFlowRef: "waiting" }],
      end: true,
    },
  ],
});
const WAITING = JSON.stringify({
  id: "waiting",
  start: "wait",
  events: [{ name: "go", type: "waiting.go", source: "" }],
  states: [{ name: "wait", type: "callback", eventRef: "go", end: true }],
});

async function stored({ ports }: Machine, id: string, status: string) {
  for (;;) {
    const state = (await storedInstance(ports, id))?.state;
    if (state?.status === status) return state;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function order({ ports }: Machine, command: Command): Promise<void> {
  await ports.log.publish([commandMessage(command, ports.partitions)]);
}

/** A parent that waits for some children, and their ids. */
async function family(machine: Machine, count: number): Promise<{ id: string; children: readonly string[] }> {
  const { app, ports } = machine;
  const payload = { items: Array.from({ length: count }, (_, i) => i) };
  const url = "/parent";
  const started = await app.inject({ method: "POST", url, payload, headers: { prefer: "respond-async" } });
  const { id } = started.json();
  const parent = await stored(machine, id, "active");
  const actions = parent.status === "active" ? Object.values(parent.actions) : [];
  const children = actions.flatMap((action) => (action.status === "pending" && action.child ? [action.child] : []));
  assert.equal(children.length, count);
  const definition = ports.definitions.current("waiting")?.hash ?? "";
  const start = { type: "StartInstance", workflow: "waiting", definition, data: {}, headers: {} } as const;
  for (const instance of children) await order(machine, { ...start, instance });
  for (const instance of children) await stored(machine, instance, "active");
  return { id, children };
}

test("an abort is answered when the children have ended", async () => {
  await using machine = await startMachine({ workflows: [PARENT, WAITING] });
  const { id, children } = await family(machine, 3);
  let answered = false;
  const deleted = machine.app.inject({ method: "DELETE", url: `/parent/${id}` }).then((answer) => {
    answered = true;
    return answer;
  });
  const parent = await stored(machine, id, "aborted");
  assert.deepEqual(parent.status === "aborted" && parent.children, children);
  for (const instance of children) {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(answered, false);
    await order(machine, { type: "AbortInstance", instance });
  }
  const { statusCode, payload } = await deleted;
  assert.deepEqual([statusCode, JSON.parse(payload)], [200, { id, workflowdata: { items: [0, 1, 2] } }]);
});

test("children that do not end in time are named, as many as may be", async () => {
  const clock = new FakeClock(1_000);
  await using machine = await startMachine({ workflows: [PARENT, WAITING], clock });
  for (const count of [UNCONFIRMED_SHOWN_MAX - 1, UNCONFIRMED_SHOWN_MAX]) {
    const { id, children } = await family(machine, count);
    const deleted = machine.app.inject({ method: "DELETE", url: `/parent/${id}` });
    await stored(machine, id, "aborted");
    const [first = "", ...others] = children;
    await order(machine, { type: "AbortInstance", instance: first });
    await stored(machine, first, "aborted");
    const endMs = clock.now() + FAMILY_WAIT_MS;
    while (clock.now() < endMs) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.turn(100);
    }
    const { statusCode, payload } = await deleted;
    const { unconfirmed, ...rest } = JSON.parse(payload);
    assert.deepEqual([statusCode, rest.id, new Set(unconfirmed)], [202, id, new Set(others)]);
  }
});
