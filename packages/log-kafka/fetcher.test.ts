import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cluster } from "kafkajs";
import { Directory } from "./directory.ts";
import { KafkaJSProtocolError } from "./failures.ts";
import { Fetcher } from "./fetcher.ts";

/** A cluster whose one partition is led by one of its brokers; the others refuse, as Kafka's do. */
class MovingLeader {
  leader = 1;
  /** The ids of the brokers that were asked. */
  readonly asked: number[] = [];

  cluster(): Cluster {
    const metadata = async () => ({
      topicMetadata: [{ topic: "t", partitionMetadata: [{ partitionId: 0, leader: this.leader }] }],
    });
    const findBroker = async ({ nodeId }: { readonly nodeId: string }) => this.#broker(Number(nodeId));
    return { metadata, findBroker } as unknown as Cluster;
  }

  #broker(id: number): object {
    const answering = (answer: object) => async () => {
      this.asked.push(id);
      if (id === this.leader) return answer;
      const type = "NOT_LEADER_FOR_PARTITION";
      throw new KafkaJSProtocolError(Object.assign(new Error("moved"), { type, code: 6, retriable: true }));
    };
    const unused = [
      ...[
        "produce",
        "deleteRecords",
        "joinGroup",
        "syncGroup",
        "heartbeat",
        "leaveGroup",
        "offsetFetch",
        "offsetCommit",
      ],
    ];
    return {
      ...Object.fromEntries(unused.map((call) => [call, () => {}])),
      listOffsets: answering({ responses: [{ partitions: [{ offset: "5" }] }] }),
      fetch: answering({ responses: [{ partitions: [{ partition: 0, highWatermark: "5", messages: [] }] }] }),
    };
  }
}

for (const [what, ask] of [
  ["bounds are asked for", (fetcher: Fetcher) => fetcher.bounds("t", 0)],
  ["records are read", (fetcher: Fetcher) => fetcher.read("t", 0, 5, 10)],
] as const) {
  test(`a leader that has moved is looked up again after the first refusal when ${what}`, async () => {
    const moving = new MovingLeader();
    const cluster = moving.cluster();
    const fetcher = new Fetcher(cluster, new Directory(cluster));
    await ask(fetcher);
    moving.leader = 2;
    moving.asked.length = 0;
    await assert.rejects(ask(fetcher), /moved/);
    assert.equal((await ask(fetcher)).end, 5);
    assert.deepEqual(new Set(moving.asked), new Set([1, 2]));
    assert.equal(moving.asked.at(-1), 2);
  });
}
