import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { Client } from "./support/client.ts";
import { TEST_DEFINITIONS } from "./support/deployment.ts";
import { onEachDeployment } from "./support/on-each-deployment.ts";

const ROUNDS = 30;

await onEachDeployment("own writes", { workflows: TEST_DEFINITIONS }, (deployment) => {
  /** A gateway that is asked to change something, and another one that is read from. */
  let writer: Client;
  let reader: Client;
  before(async () => {
    writer = new Client(deployment().url);
    reader = new Client(await deployment().addGateway());
  });

  const listed = async (path: string): Promise<readonly string[]> => {
    const { status, body, text } = await reader.send("GET", path);
    assert.equal(status, 200, text);
    const items = Array.isArray(body) ? body : (body as { items: object[] }).items;
    return items.map((item: { id?: string; instance?: string }) => String(item.id ?? item.instance));
  };

  test("an instance is in every list as soon as its start was answered, and in none of them after its abort", async () => {
    const lists = ["/by-topic", "/v1/instances?workflow=by-topic&status=active", "/v1/waits?workflow=by-topic"];
    for (let round = 0; round < ROUNDS; round++) {
      const id = await writer.start("by-topic", { round });
      const after = await Promise.all(lists.map(listed));
      assert.deepEqual(
        after.map((ids) => ids.includes(id)),
        [true, true, true],
      );
      assert.equal((await writer.send("DELETE", `/by-topic/${id}`)).status, 200);
      assert.deepEqual(
        (await Promise.all(lists.map(listed))).map((ids) => ids.includes(id)),
        [false, false, false],
      );
    }
  });

  test("an event is in the ledger as soon as its sender knows what became of it", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const instance = await writer.start("by-topic", { round });
      const id = randomUUID();
      const event = { id, source: "own", type: "by-topic.answered", kogitoprocrefid: instance, data: 1 };
      assert.equal((await writer.event(event)).disposition, "resolved");
      assert.deepEqual(await listed(`/v1/events?instance=${instance}`), [id]);
      const { body } = await reader.send("GET", `/v1/events/own/${id}`);
      assert.equal((body as { disposition: string }).disposition, "resolved");
    }
  });

  test("a definition is there on every gateway as soon as it is deployed, and gone as soon as it is retired", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const id = `deployed-${round}`;
      const states = [{ name: "A", type: "inject", data: { a: 1 }, end: true }];
      const document = { id, version: "1", specVersion: "0.8", name: id, start: "A", states };
      assert.equal((await writer.send("PUT", `/v1/definitions/${id}`, document)).status, 201);
      const started = await reader.send("POST", `/${id}`, {});
      assert.equal(started.status, 201, started.text);
      assert.equal((await writer.send("DELETE", `/v1/definitions/${id}`)).status, 200);
      assert.equal((await reader.send("GET", `/v1/definitions/${id}`)).status, 404);
    }
  });
});
