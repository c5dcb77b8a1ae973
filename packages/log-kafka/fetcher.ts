import type { Cluster } from "kafkajs";
import type { Directory } from "./directory.ts";
import { type Chunk, chunkOf } from "./facts.ts";
import { KafkaJSOffsetOutOfRange } from "./failures.ts";
import { brokerOf, type FetchedPartition, type GroupPlaces, type WireBroker } from "./wire.ts";

/** All that was acknowledged, whether or not it is part of a transaction. */
export const READ_UNCOMMITTED = 0;
const EARLIEST = -2;
const LATEST = -1;

const READ_BYTES_MAX = 1_000_000;
/** What a reader of few records asks for, each. A batch comes whole, however large it is. */
const READ_BYTES_PER_RECORD = 4_000;
/** Compaction may leave batches without records; so many offsets are passed by at once. */
const EMPTY_OFFSETS_MAX = 1_000;

/** Reads single places of the log, as often as it is asked, without waiting for what is not there. */
export class Fetcher {
  readonly #cluster: Cluster;
  readonly #directory: Directory;

  constructor(cluster: Cluster, directory: Directory) {
    this.#cluster = cluster;
    this.#directory = directory;
  }

  /** What is there from an offset on. */
  async read(topic: string, partition: number, from: number, max: number): Promise<Chunk> {
    try {
      for (let offset = from; ; offset++) {
        const chunk = chunkOf(offset, await this.fetch(topic, partition, offset, max), max);
        const isHole = chunk.next === offset && offset < chunk.end;
        if (!isHole || offset - from >= EMPTY_OFFSETS_MAX) return { ...chunk, from };
      }
    } catch (error) {
      if (!(error instanceof KafkaJSOffsetOutOfRange)) throw error;
      const { start, end } = await this.bounds(topic, partition);
      if (from < start) return this.read(topic, partition, start, max);
      return { from, next: from, end, records: [], bytes: 0 };
    }
  }

  /** What the broker has from an offset on, facts and others. */
  async fetch(topic: string, partition: number, from: number, max: number): Promise<FetchedPartition> {
    const maxBytes = Math.min(READ_BYTES_MAX, max * READ_BYTES_PER_RECORD);
    const topics = [{ topic, partitions: [{ partition, fetchOffset: String(from), maxBytes }] }];
    const answer = await this.#asking(topic, partition, (broker) =>
      broker.fetch({ maxWaitTime: 0, minBytes: 1, maxBytes, isolationLevel: READ_UNCOMMITTED, topics }),
    );
    const fetched = answer.responses[0]?.partitions[0];
    if (fetched === undefined) throw new Error(`expected an answer for partition ${partition} of "${topic}"`);
    return fetched;
  }

  /** Has the leader delete what lies below an offset. */
  async truncate(topic: string, partition: number, before: number): Promise<void> {
    const { start, end } = await this.bounds(topic, partition);
    const offset = Math.min(before, end);
    if (offset <= start) return;
    const broker = await brokerOf(this.#cluster, await this.#directory.leader(topic, partition));
    await broker.deleteRecords({ topics: [{ topic, partitions: [{ partition, offset: String(offset) }] }] });
  }

  async bounds(topic: string, partition: number): Promise<{ readonly start: number; readonly end: number }> {
    const [start, end] = await Promise.all([
      this.#offsetOf(topic, partition, EARLIEST),
      this.#offsetOf(topic, partition, LATEST),
    ]);
    return { start, end };
  }

  /** The offset of the first record of a time, in epoch milliseconds, or later; the end if there is none. */
  async since(topic: string, partition: number, timestampMs: number): Promise<number> {
    const offset = await this.#offsetOf(topic, partition, Math.max(0, timestampMs));
    return offset >= 0 ? offset : this.#offsetOf(topic, partition, LATEST);
  }

  async #offsetOf(topic: string, partition: number, timestamp: number): Promise<number> {
    const topics: GroupPlaces<{ timestamp: number }>[] = [{ topic, partitions: [{ partition, timestamp }] }];
    const { responses } = await this.#asking(topic, partition, (broker) =>
      broker.listOffsets({ isolationLevel: READ_UNCOMMITTED, topics }),
    );
    return Number(responses[0]?.partitions[0]?.offset);
  }

  /** Asks the broker that leads a partition. After a failure it may have another leader, which is looked up next time. */
  async #asking<T>(topic: string, partition: number, ask: (broker: WireBroker) => Promise<T>): Promise<T> {
    const leader = await this.#directory.leader(topic, partition);
    try {
      return await ask(await brokerOf(this.#cluster, leader));
    } catch (error) {
      this.#directory.forget(topic);
      throw error;
    }
  }
}
