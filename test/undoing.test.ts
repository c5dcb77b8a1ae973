import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Client } from "./support/client.ts";
import { type DeploymentKind, TEST_DEFINITIONS } from "./support/deployment.ts";
import { onEachDeployment } from "./support/on-each-deployment.ts";
import { waitUntil } from "./support/wait-until.ts";

/** The process that decides. */
const DECIDING: Readonly<Record<DeploymentKind, string>> = { embedded: "standalone", kafka: "orchestrator" };

await onEachDeployment("undoing", { workflows: TEST_DEFINITIONS }, (deployment, kind) => {
  let client: Client;
  before(() => {
    client = new Client(deployment().url);
  });

  async function restart(): Promise<void> {
    await deployment().kill(DECIDING[kind]);
    await deployment().restart(DECIDING[kind]);
  }

  /** What the instance has still to undo, once it waits with that; a DELETE once more says so, and changes nothing. */
  async function leftOf(id: string): Promise<unknown> {
    await client.waiting(id);
    const { status, body } = await client.send("DELETE", `/undo/${id}`);
    return [status, (body as { leftToUndo?: unknown }).leftToUndo];
  }

  async function undone(id: string, what: string): Promise<void> {
    const event = { id: `${id}-${what}`, source: "/tests", type: `undo.${what}`, kogitoprocrefid: id };
    const { disposition } = await client.event({ ...event, data: { [what]: "undone" } });
    assert.equal(disposition, "resolved");
  }

  test("an instance is undone to its end, though its process is killed and its time is up in the middle of it", async () => {
    const id = await client.start("undo", {});
    assert.deepEqual(await leftOf(id), [202, ["undo two", "undo one"]]);
    await restart();
    const hasRung = async () => (await client.history(id)).find(({ type }) => type === "TimerFired");
    await waitUntil("the time of the workflow to be up", hasRung);
    assert.deepEqual(await leftOf(id), [202, ["undo two", "undo one"]]);
    await undone(id, "two");
    assert.deepEqual(await leftOf(id), [202, ["undo one"]]);
    await restart();
    assert.deepEqual(await leftOf(id), [202, ["undo one"]]);
    await undone(id, "one");
    const { status, data } = await client.ended(id);
    assert.deepEqual([status, data], ["aborted", { one: "undone", two: "undone" }]);
  });
});
