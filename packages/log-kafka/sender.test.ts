import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cluster } from "kafkajs";
import type { Directory } from "./directory.ts";
import type { Parcel } from "./lane.ts";
import { Sender } from "./sender.ts";
import type { ProduceAnswer, WireBroker } from "./wire.ts";

/** Kafka's code. */
const REQUEST_TIMED_OUT = 7;

/** Connections to one broker, which says of each partition what its code is; keeps which were sent to. */
function connections(codes: ReadonlyMap<number, number>, sent: number[]): Cluster {
  const never = async (): Promise<never> => {
    throw new Error("expected to produce only");
  };
  const produce: WireBroker["produce"] = async ({ topicData }) => {
    const topics: ProduceAnswer["topics"] = topicData.map(({ topic, partitions }) => ({
      topicName: topic,
      partitions: partitions.map(({ partition }) => ({
        partition,
        errorCode: codes.get(partition) ?? 0,
        baseOffset: "5",
      })),
    }));
    sent.push(...topicData.flatMap(({ partitions }) => partitions.map(({ partition }) => partition)));
    return { topics };
  };
  const broker: WireBroker = {
    produce,
    fetch: never,
    listOffsets: never,
    deleteRecords: never,
    joinGroup: never,
    syncGroup: never,
    heartbeat: never,
    leaveGroup: never,
    offsetFetch: never,
    offsetCommit: never,
  };
  return { findBroker: async () => broker } as unknown as Cluster;
}

test("a partition that was not acknowledged in time goes over other connections, and holds no other up", async () => {
  const [usual, slow]: number[][] = [[], []];
  const directory = { leader: async () => 0, forget() {} } as unknown as Directory;
  const sender = new Sender(
    connections(new Map([[1, REQUEST_TIMED_OUT]]), usual ?? []),
    connections(new Map(), slow ?? []),
    directory,
  );
  const send = (partition: number) => sender.send(parcel(partition));
  const refused = assert.rejects(send(1), { type: "REQUEST_TIMED_OUT" });
  assert.equal(await send(0), 5);
  await refused;
  assert.deepEqual(await Promise.all([send(1), send(0)]), [5, 5]);
  assert.deepEqual([usual, slow], [[1, 0, 0], [1]]);
});

function parcel(partition: number): Parcel {
  const messages = [{ key: null, value: "v", headers: {} }];
  return { topic: "t", partition, messages, bytes: 1, sole: false, alone: false };
}
