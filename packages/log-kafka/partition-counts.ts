import type { Directory } from "./directory.ts";
import type { GroupTimes, KafkaLogger } from "./options.ts";

/** What it takes to look after counts. */
export interface CountTools {
  readonly directory: Directory;
  readonly logger: KafkaLogger;
  readonly times: Pick<GroupTimes, "partitionsLookMs">;
  /** The name that a topic has outside of Kafka. */
  readonly topicName: (kafkaTopic: string) => string;
  /** Throws if a topic may not have so many partitions. */
  readonly assertPartitions: (kafkaTopic: string, partitions: number) => void;
}

/** How many partitions the topics of a group had when its leader shared them out. */
export class PartitionCounts {
  readonly #tools: CountTools;
  #shared: ReadonlyMap<string, number> = new Map();
  #lookedMs = 0;

  constructor(tools: CountTools) {
    this.#tools = tools;
  }

  /** Asks how many there are of each topic, to be shared out; of none where another member leads. */
  async take(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const topic of topics) counts.set(topic, (await this.#tools.directory.partitions(topic)) ?? 0);
    this.#shared = counts;
    this.#lookedMs = performance.now();
    return counts;
  }

  /**
   * Whether a topic has other partitions than were shared out, looked for now and then. One that is gone for the moment has
   * not; where a topic may have no others, throws `TopicMismatchError`.
   */
  async haveChanged(): Promise<boolean> {
    const { directory, times, topicName, assertPartitions, logger } = this.#tools;
    if (performance.now() - this.#lookedMs < times.partitionsLookMs) return false;
    this.#lookedMs = performance.now();
    for (const [topic, shared] of this.#shared) {
      directory.forget(topic);
      const found = await directory.partitions(topic);
      if (found === undefined || found === shared) continue;
      assertPartitions(topic, found);
      logger.warn(
        { topic: topicName(topic), shared, found },
        "a topic's partitions have changed: sharing them out anew",
      );
      return true;
    }
    return false;
  }
}
