/**
 * `node test/hazards/golden/record.ts NAME` has this release leave a log behind, which all later ones must go on from:
 * once for each release, and whenever something new comes to be written down.
 */
import { writeFile } from "node:fs/promises";
import { memoryLog } from "@antiphon/log";
import { topicLayout } from "@antiphon/protocol";
import { startMachine } from "../../fuzz/machine.ts";
import { Client } from "../../support/client.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { DEFINITIONS, goldenFile, recordsOf, shownBy } from "./golden-log.ts";

const INSTANCES = 9;
const EVENTS = 6;

const [name] = process.argv.slice(2);
if (name === undefined) throw new Error("expected the name of the recording, found none");

const log = memoryLog();
await log.ensureTopics(topicLayout(1));
{
  await using machine = await startMachine(log, { workflows: DEFINITIONS });
  const client = new Client(machine.url);
  const paid = (id: string, orderid: string, sum: number) =>
    client.event({ id, source: "/golden", type: "golden.paid", orderid, data: { sum } });
  const begin = (orderid: string, amount = 2) => client.start("order", { orderid, amount });

  await begin("waits");
  await begin("is-paid");
  await paid("pays", "is-paid", 25);
  await paid("pays", "is-paid", 25);
  await begin("rests");
  await paid("pays-little", "rests", 1);
  await paid("early", "later", 30);
  await client.event({ id: "for-nobody", source: "/golden", type: "golden.unheard" });
  const aborted = await begin("is-aborted");
  await client.send("DELETE", `/order/${aborted}`);
  await client.send("POST", "/order", { orderid: "", amount: 1 });
  const batch = (orderid: string) => client.start("batch", { orderid, amount: 4, items: [1, 2] });
  await batch("child-waits");
  const told = await client.start("batch", { orderid: "all-done", amount: 4, items: [1, 2] });
  await client.event({ id: "tells", source: "/golden", type: "golden.told", kogitoprocrefid: told, data: "yes" });
  await paid("pays-child", "all-done", 50);
  await client.ended(told);
  const shown = await waitUntil(`${INSTANCES} instances and ${EVENTS} events in the views`, async () => {
    const { instances, events } = await shownBy(client);
    const isAll = instances.length === INSTANCES && Object.keys(events).length === EVENTS;
    return isAll && events["pays-child"] === "resolved" ? { instances, events } : undefined;
  });
  const recorded = { ...shown, records: await recordsOf(log) };
  await writeFile(goldenFile(name), `${JSON.stringify(recorded, null, 1)}\n`);
}
process.exit(0);
