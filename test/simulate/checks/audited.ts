import { audit } from "@antiphon/gateway/audit";
import { batchOf, chunkOf } from "@antiphon/log-kafka/facts";
import { equalJson, formatJson, type JsonObject, topics } from "@antiphon/protocol";
import type { Store } from "@antiphon/store";
import type { Broker } from "../broker.ts";

/** When the audit is asked for: whatever it says of the time is not looked at. */
const STANDING = { now: () => 0, steady: () => 0, sleep: () => Promise.resolve() };

/** What a gateway's audit says of a world at rest, in which nothing is left over, must be that all adds up. */
export async function auditProblems(broker: Broker, store: Store, received: number): Promise<readonly string[]> {
  const log = {
    read: async (topic: string, partition: number, from: number, max: number) =>
      batchOf(chunkOf(from, broker.fetch(topic, partition, from, max), max)),
    bounds: async (topic: string, partition: number) => ({ start: 0, end: broker.end(topic, partition) }),
  };
  const partitions = broker.partitions(topics.history) ?? 0;
  const said = await audit({ log, store, clock: STANDING, partitions }, new AbortController().signal);
  const events = said["events"] as JsonObject;
  const instances = said["instances"] as JsonObject;
  const found = {
    agrees: said["agrees"] ?? null,
    received: events["received"] ?? null,
    sum: events["sum"] ?? null,
    inputs: said["inputs"] ?? null,
    waits: said["waits"] ?? null,
    held: said["heldEvents"] ?? null,
    live: instances["live"] ?? null,
  };
  const expected = {
    agrees: true,
    received,
    sum: received,
    inputs: { waiting: 0 },
    waits: { open: 0, registered: 0, onTheWay: 0 },
    held: 0,
    live: 0,
  };
  if (equalJson(found, expected)) return [];
  const disagreements = formatJson(said["disagreements"] ?? null);
  return [`the audit says ${formatJson(found)}, expected ${formatJson(expected)}: ${disagreements}`];
}
