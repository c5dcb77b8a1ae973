import type { Cluster } from "kafkajs";
import type { Directory } from "./directory.ts";
import { chunkOf } from "./facts.ts";
import { isPassing, KafkaJSOffsetOutOfRange } from "./failures.ts";
import { Feed, feedShare } from "./feed.ts";
import { READ_UNCOMMITTED } from "./fetcher.ts";
import type { Retrying } from "./retrying.ts";
import { brokerOf, type FetchAnswer, type GroupPlaces } from "./wire.ts";

/** How long a broker holds a fetch that finds nothing; and how long a new feed may have to wait for its first one. */
const POLL_MS = 100;
const POLL_BYTES_MAX = 16_000_000;
/** While records come several at a time a broker gathers them for so long, or up to so many bytes: a fetch costs more than they do. */
const GATHER_MS = 12;
const GATHER_BYTES = 256_000;
/** Some more than the largest batch. */
const POLL_PARTITION_BYTES_MAX = 6_000_000;
/** A fetch that is full brings nothing from the partitions that come last; more often than this it is no coincidence. */
const STARVED_POLLS_MAX = 5;

/**
 * Watches the ends of all partitions that somebody follows: one fetch at a time to each broker, for all it leads. What
 * comes goes into the feeds, and a reader that is slow finds it there or, when it is gone, in the log. So no reader
 * can hold up another, and none has to be paused.
 */
export class Watcher {
  readonly #cluster: Cluster;
  readonly #directory: Directory;
  readonly #retrying: Retrying;
  readonly #closing: AbortSignal;
  readonly #feeds = new Map<string, Feed>();
  readonly #leaders = new Map<Feed, number>();
  readonly #polling = new Map<number, Promise<void>>();

  constructor(cluster: Cluster, directory: Directory, retrying: Retrying, closing: AbortSignal) {
    this.#cluster = cluster;
    this.#directory = directory;
    this.#retrying = retrying;
    this.#closing = closing;
  }

  /** The feed of a partition, for one more reader. */
  follow(topic: string, partition: number): Feed {
    const key = `${partition}/${topic}`;
    const feed = this.#feeds.get(key) ?? new Feed(topic, partition);
    this.#feeds.set(key, feed);
    feed.readers += 1;
    return feed;
  }

  /** The reader has gone. */
  leave(feed: Feed): void {
    feed.readers -= 1;
    if (feed.readers > 0) return;
    this.#feeds.delete(`${feed.partition}/${feed.topic}`);
    this.#leaders.delete(feed);
  }

  /** A reader has found the end of the feed's partition: from here on it is watched. */
  async begin(feed: Feed, end: number): Promise<void> {
    const leader = await this.#directory.leader(feed.topic, feed.partition);
    if (feed.position !== undefined || feed.readers === 0) return;
    feed.position = end;
    this.#watch(feed, leader);
  }

  /** Resolves when no fetch is under way any more; they end after the signal has aborted. */
  async ended(): Promise<void> {
    await Promise.all(this.#polling.values());
  }

  #watch(feed: Feed, leader: number): void {
    this.#leaders.set(feed, leader);
    if (this.#polling.has(leader)) return;
    const polling = this.#pollAll(leader).finally(() => this.#polling.delete(leader));
    this.#polling.set(leader, polling);
  }

  #feedsOf(leader: number): Feed[] {
    return [...this.#leaders].filter(([, of]) => of === leader).map(([feed]) => feed);
  }

  async #pollAll(leader: number): Promise<void> {
    let failures = 0;
    let gather = false;
    for (let feeds = this.#feedsOf(leader); feeds.length > 0 && !this.#closing.aborted; feeds = this.#feedsOf(leader)) {
      try {
        gather = (await this.#poll(leader, feeds, gather)) > 1;
        failures = 0;
        this.#retrying.succeeded();
      } catch (error) {
        if (isPassing(error)) this.#retrying.failed(error);
        await this.#retrying.pause(failures++);
        this.#dropAfter(error, feeds);
      }
    }
  }

  /** Resolves to the number of records that it brought. */
  async #poll(leader: number, feeds: readonly Feed[], gather: boolean): Promise<number> {
    const positions = new Map<string, { feed: Feed; from: number }>();
    const topics = new Map<string, GroupPlaces<{ fetchOffset: string; maxBytes: number }>["partitions"][number][]>();
    for (const feed of feeds) {
      if (feed.position === undefined) continue;
      const { topic, partition, position } = feed;
      positions.set(`${partition}/${topic}`, { feed, from: position });
      const places = topics.get(topic) ?? [];
      places.push({ partition, fetchOffset: String(position), maxBytes: POLL_PARTITION_BYTES_MAX });
      topics.set(topic, places);
    }
    const broker = await brokerOf(this.#cluster, leader);
    const answer = await broker.fetch({
      maxWaitTime: gather ? GATHER_MS : POLL_MS,
      minBytes: gather ? GATHER_BYTES : 1,
      maxBytes: POLL_BYTES_MAX,
      isolationLevel: READ_UNCOMMITTED,
      topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })),
    });
    return this.#hand(answer, positions);
  }

  #hand({ responses }: FetchAnswer, positions: ReadonlyMap<string, { feed: Feed; from: number }>): number {
    let records = 0;
    for (const { topicName, partitions } of responses) {
      for (const fetched of partitions) {
        const asked = positions.get(`${fetched.partition}/${topicName}`);
        if (asked === undefined || asked.feed.position !== asked.from) continue;
        const chunk = chunkOf(asked.from, fetched);
        if (chunk.next > chunk.from) {
          asked.feed.starved = 0;
          asked.feed.push(chunk, feedShare(this.#feeds.size));
          records += chunk.records.length;
        } else if (chunk.end > chunk.next && ++asked.feed.starved > STARVED_POLLS_MAX) {
          this.#drop(asked.feed);
        }
      }
    }
    return records;
  }

  /**
   * After a failure: readers look in the log whether their places are still there, and who leads them now. Only if it is
   * known of one place that it is out of range need the others not.
   */
  #dropAfter(error: unknown, feeds: readonly Feed[]): void {
    const culprit = error instanceof KafkaJSOffsetOutOfRange ? error : undefined;
    for (const feed of feeds) {
      if (culprit !== undefined && (culprit.topic !== feed.topic || culprit.partition !== feed.partition)) continue;
      this.#directory.forget(feed.topic);
      if (this.#leaders.has(feed)) this.#drop(feed);
    }
  }

  #drop(feed: Feed): void {
    this.#leaders.delete(feed);
    feed.reset();
  }
}
