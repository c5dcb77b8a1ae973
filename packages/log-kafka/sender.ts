import type { Cluster } from "kafkajs";
import type { Directory } from "./directory.ts";
import { KafkaJSError } from "./failures.ts";
import { Lane, type Parcel, type Produce } from "./lane.ts";
import { brokerOf, type GroupPlaces, type ProduceAnswer, type WireMessage } from "./wire.ts";

/** How long a broker may take to have its followers acknowledge. */
const ACKNOWLEDGE_MS_MAX = 10_000;
const ALL_IN_SYNC = -1;

/** Sends records to the brokers that lead their partitions, one lane to each broker. Does not try again. */
export class Sender {
  readonly #cluster: Cluster;
  readonly #directory: Directory;
  readonly #lanes = new Map<number, Lane>();

  constructor(cluster: Cluster, directory: Directory) {
    this.#cluster = cluster;
    this.#directory = directory;
  }

  /** Resolves to the offset of the batch; an error leaves open whether it is in the log. */
  async send(parcel: Parcel): Promise<number> {
    const leader = await this.#directory.leader(parcel.topic, parcel.partition);
    try {
      return await this.#lane(leader).send(parcel);
    } catch (error) {
      if (error instanceof KafkaJSError) this.#directory.forget(parcel.topic);
      throw error;
    }
  }

  #lane(leader: number): Lane {
    const lane = this.#lanes.get(leader) ?? new Lane((batches) => this.#produce(leader, batches));
    this.#lanes.set(leader, lane);
    return lane;
  }

  async #produce(leader: number, batches: Parameters<Produce>[0]): Promise<ProduceAnswer> {
    const topicData = new Map<string, GroupPlaces<{ messages: readonly WireMessage[] }>["partitions"][number][]>();
    for (const { topic, partition, messages } of batches) {
      const places = topicData.get(topic) ?? [];
      places.push({ partition, messages });
      topicData.set(topic, places);
    }
    const broker = await brokerOf(this.#cluster, leader);
    return broker.produce({
      acks: ALL_IN_SYNC,
      timeout: ACKNOWLEDGE_MS_MAX,
      topicData: [...topicData].map(([topic, partitions]) => ({ topic, partitions })),
    });
  }
}
