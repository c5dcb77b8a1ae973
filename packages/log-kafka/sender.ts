import type { Cluster } from "kafkajs";
import type { Directory } from "./directory.ts";
import { KafkaJSError, refusalOf, SharedRequestError } from "./failures.ts";
import { Lane, type Parcel, type Produce } from "./lane.ts";
import { keyOf } from "./subscription.ts";
import { brokerOf, type GroupPlaces, type ProduceAnswer, type WireMessage } from "./wire.ts";

/** How long a broker may take to have its followers acknowledge; so long a partition whose followers are slow holds up others. */
const ACKNOWLEDGE_MS_MAX = 3_000;
/** For so long after that such a partition goes a way of its own. */
const SLOW_MS = 60_000;
const ALL_IN_SYNC = -1;

/**
 * Sends records to the brokers that lead their partitions, one lane to each broker, and one over other connections for
 * partitions that were not acknowledged in time: a broker answers a connection's requests one by one. Does not try again.
 */
export class Sender {
  readonly #directory: Directory;
  readonly #usual: Lanes;
  readonly #slow: Lanes;
  /** Until when a partition counts as slow. */
  readonly #slowUntil = new Map<string, number>();

  constructor(cluster: Cluster, slow: Cluster, directory: Directory) {
    this.#directory = directory;
    this.#usual = new Lanes(cluster);
    this.#slow = new Lanes(slow);
  }

  /** Resolves to the offset of the batch; an error leaves open whether it is in the log. */
  async send(parcel: Parcel): Promise<number> {
    const leader = await this.#directory.leader(parcel.topic, parcel.partition);
    const key = keyOf(parcel);
    const lanes = this.#isSlow(key) ? this.#slow : this.#usual;
    try {
      return await lanes.to(leader).send(parcel);
    } catch (error) {
      if (error instanceof KafkaJSError || error instanceof SharedRequestError) this.#directory.forget(parcel.topic);
      const reason = error instanceof SharedRequestError ? error.cause : error;
      if (refusalOf(reason) === "REQUEST_TIMED_OUT") this.#slowUntil.set(key, performance.now() + SLOW_MS);
      throw error;
    }
  }

  #isSlow(key: string): boolean {
    const until = this.#slowUntil.get(key);
    if (until === undefined) return false;
    if (performance.now() < until) return true;
    this.#slowUntil.delete(key);
    return false;
  }
}

/** One lane to each broker over one set of connections. */
class Lanes {
  readonly #cluster: Cluster;
  readonly #lanes = new Map<number, Lane>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  to(leader: number): Lane {
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
