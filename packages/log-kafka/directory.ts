import { noSuchPartition, noSuchTopic } from "@antiphon/log";
import type { Cluster, PartitionMetadata } from "kafkajs";
import { KafkaJSError, refusalOf } from "./failures.ts";

/** How long it is believed how many partitions a topic has and which brokers lead them, unless a request says otherwise. */
const BELIEVED_MS_MAX = 300_000;

interface Entry {
  /** Ids of the leading brokers, by partition. */
  readonly leaders: readonly number[];
  readonly until: number;
}

/** Knows of each topic how many partitions it has and who leads them, topic by topic: a deleted one spoils no other. */
export class Directory {
  readonly #cluster: Cluster;
  readonly #entries = new Map<string, Entry>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** How many partitions a topic has; undefined if there is no such topic. */
  async partitions(topic: string): Promise<number | undefined> {
    return (await this.#entry(topic))?.leaders.length;
  }

  /** The id of the broker that leads a partition; throws if there is no such partition. */
  async leader(topic: string, partition: number): Promise<number> {
    const entry = await this.#entry(topic);
    if (entry === undefined) throw noSuchTopic(topic);
    const leader = entry.leaders[partition];
    if (leader === undefined) throw noSuchPartition(topic, partition, entry.leaders.length);
    return leader;
  }

  /** What to throw, to be tried again, when a topic that was made cannot be seen yet. */
  notYet(topic: string): Error {
    return new KafkaJSError(`topic "${topic}" was made, but the broker asked does not know it yet`);
  }

  /** Asks anew when this topic is needed next. */
  forget(topic: string): void {
    this.#entries.delete(topic);
  }

  async #entry(topic: string): Promise<Entry | undefined> {
    const known = this.#entries.get(topic);
    if (known !== undefined && performance.now() < known.until) return known;
    const partitions = await this.#ask(topic);
    if (partitions === undefined) return undefined;
    const leaders = partitions.toSorted((a, b) => a.partitionId - b.partitionId).map(({ leader }) => leader);
    const entry = { leaders, until: performance.now() + BELIEVED_MS_MAX };
    this.#entries.set(topic, entry);
    return entry;
  }

  async #ask(topic: string): Promise<readonly PartitionMetadata[] | undefined> {
    type Ask = (of: {
      topics: string[];
    }) => Promise<{ topicMetadata: { topic: string; partitionMetadata: PartitionMetadata[] }[] } | null>;
    const ask: Ask = this.#cluster.metadata.bind(this.#cluster);
    try {
      const answer = await ask({ topics: [topic] });
      if (answer === null) throw new KafkaJSError("no broker told about its topics");
      return answer.topicMetadata.find((found) => found.topic === topic)?.partitionMetadata;
    } catch (error) {
      if (refusalOf(error) === "UNKNOWN_TOPIC_OR_PARTITION") return undefined;
      throw error;
    }
  }
}
