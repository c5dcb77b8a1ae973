import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Log } from "@antiphon/log";
import { type Machine, startMachine } from "../fuzz/machine.ts";
import { Client, type ShownInstance } from "../support/client.ts";
import { waitUntil } from "../support/wait-until.ts";
import { goldenLogs, openGolden, shownBy } from "./golden/golden-log.ts";

for (const { name, golden } of goldenLogs()) {
  describe(`a log that an earlier release left behind: ${name}`, () => {
    /** This release on that log, with nothing in its store; its own folder of definitions has others. */
    async function started(): Promise<{ readonly log: Log; readonly machine: Machine; readonly client: Client }> {
      const log = await openGolden(golden);
      const machine = await startMachine(log);
      return { log, machine, client: new Client(machine.url) };
    }

    /** The instance that was started for an order, and is in a state. */
    function at(state: string, orderid: string): string {
      const found = (golden.instances as readonly (ShownInstance & { readonly state: string })[]).find(
        (one) => one.state === state && (one.data as { readonly orderid: string }).orderid === orderid,
      );
      return found?.id ?? assert.fail(`expected an instance in ${state} for ${orderid}`);
    }

    test("is folded to the instances and the dispositions that it was", async () => {
      const { machine, client } = await started();
      await using _ = machine;
      const expected = { instances: golden.instances, events: golden.events };
      let shown: unknown;
      await waitUntil("the views", async () => {
        shown = await shownBy(client);
        return JSON.stringify(shown).length >= JSON.stringify(expected).length;
      });
      assert.deepEqual(shown, expected);
      assert.deepEqual(machine.errors, []);
    });

    test("is gone on from: who waits gets its event, what was held its wait, and what came before is a duplicate", async () => {
      const { machine, client } = await started();
      await using _ = machine;
      const paid = (id: string, orderid: string, sum: number) =>
        client.event({ id, source: "/golden", type: "golden.paid", orderid, data: { sum } });
      assert.equal((await paid("pays", "is-paid", 25)).disposition, "duplicate");

      assert.equal((await paid("pays-now", "waits", 25)).disposition, "resolved");
      const { status, data } = await client.ended(at("Wait", "waits"));
      assert.deepEqual(
        [status, data],
        ["completed", { orderid: "waits", amount: 2, cost: { price: 25 }, paid: { sum: 25 } }],
      );

      await paid("pays-child", "child-waits", 50);
      const parent = at("Both", "child-waits");
      await client.event({ id: "tells", source: "/golden", type: "golden.told", kogitoprocrefid: parent, data: "yes" });
      const ended = await client.ended(parent);
      assert.equal(ended.status, "completed");
      assert.equal((ended.data as { readonly told: unknown }).told, "yes");

      const late = await client.start("order", { orderid: "later", amount: 2 });
      assert.equal((await client.ended(late)).status, "completed");
    });
  });
}
