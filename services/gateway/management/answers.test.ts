import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActionOutcome } from "@antiphon/protocol";
import { type StartedInstance, storedInstance } from "../queries/stored-instances.ts";
import { type Machine, startMachine } from "../testing/start-machine.ts";
import { commandMessage } from "../workflows/command.ts";

/** Asks a service, which a test plays. */
const ASKING = JSON.stringify({
  id: "asking",
  start: "ask",
  functions: [{ name: "ask", type: "custom", operation: "rest:get:http://localhost/thing" }],
  states: [{ name: "ask", type: "operation", actions: [{ name: "ask", functionRef: "ask" }], end: true }],
});

const REFUSED: ActionOutcome = { status: "failed", error: { code: "404", message: "no such thing", classes: [] } };

/** Waits until an instance is as it should be. */
async function until(machine: Machine, id: string, isMeant: (one: StartedInstance) => boolean): Promise<void> {
  for (;;) {
    const stored = await storedInstance(machine.ports, id);
    if (stored !== undefined && isMeant(stored.state)) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Answers the action of an instance when it is asked for. */
async function answer(machine: Machine, id: string, attempt: number, outcome: ActionOutcome): Promise<void> {
  await until(machine, id, (one) => one.status === "active" && one.actions["1.ask"]?.status === "pending");
  const command = { type: "CompleteAction", instance: id, action: "1.ask", attempt, outcome } as const;
  await machine.ports.log.publish([commandMessage(command, machine.ports.partitions)]);
}

async function failed(machine: Machine): Promise<string> {
  const headers = { prefer: "respond-async" };
  const { id } = (await machine.app.inject({ method: "POST", url: "/asking", headers })).json();
  await answer(machine, id, 1, REFUSED);
  await until(machine, id, ({ status }) => status === "faulted");
  return id;
}

test("who lets an instance go on is answered when it has come to its end, or to a rest", async () => {
  await using machine = await startMachine({ workflows: [ASKING] });
  const id = await failed(machine);
  const url = `/management/processes/asking/instances/${id}/retrigger`;
  const again = machine.app.inject({ method: "POST", url });
  await answer(machine, id, 2, { status: "completed", output: { thing: 1 } });
  const { statusCode, payload } = await again;
  assert.deepEqual([statusCode, JSON.parse(payload)], [200, { id, workflowdata: { thing: 1 } }]);
});

test("who lets an instance go on that fails again is answered with the error, under the service's status", async () => {
  await using machine = await startMachine({ workflows: [ASKING] });
  const id = await failed(machine);
  const url = `/management/processes/asking/instances/${id}/nodeInstances/1`;
  const again = machine.app.inject({ method: "POST", url });
  await until(machine, id, (one) => one.status === "active" && one.actions["2.ask"]?.status === "pending");
  const command = { type: "CompleteAction", instance: id, action: "2.ask", outcome: REFUSED } as const;
  await machine.ports.log.publish([commandMessage(command, machine.ports.partitions)]);
  const { statusCode, payload } = await again;
  assert.deepEqual(
    [statusCode, JSON.parse(payload)],
    [
      404,
      {
        type: "urn:antiphon:problem:instance-failed",
        title: "Instance failed",
        status: 404,
        detail: "no such thing",
        message: "no such thing",
        id,
        failedNodeId: "ask",
        where: 'state "ask", action "ask"',
        errorCode: "404",
      },
    ],
  );
});
