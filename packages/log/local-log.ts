import { assertBatchFits } from "./batch-size.ts";
import { type Followed, follow } from "./follow.ts";
import { GroupCoordinator, type Place, type Positions } from "./group-coordinator.ts";
import { assertAppend, choosePartition, groupByPlace } from "./placing.ts";
import type {
  Appended,
  Batch,
  Committed,
  Log,
  LogRecord,
  Membership,
  Message,
  Owned,
  TailOptions,
  TopicSpec,
} from "./port.ts";
import { assertPartitions, assertSpec, FactualTopics, noSuchPartition, noSuchTopic } from "./topic-checks.ts";

/** A partition that this process alone writes. */
export interface LocalPartition extends Followed {
  readonly end: number;
  /** The end once all that was asked for has landed. */
  readonly promised: number;
  /** Resolves when what was asked for last has landed, or failed. */
  readonly landing: Promise<void>;
  /** Forgets what lies below an offset, which is not beyond `end`. */
  truncate(before: number): void;
  /** Appends at `promised`; resolves when readers see it. */
  write(records: readonly LogRecord[]): Promise<void>;
}

/** What a local log keeps its topics in. */
export interface Medium {
  readonly topics: ReadonlyMap<string, readonly LocalPartition[]>;
  readonly positions: Positions;
  /** Makes topics, or changes how long old ones keep their records. The number of their partitions has been checked. */
  put(specs: readonly TopicSpec[]): void;
  close(): Promise<void>;
}

/** A log that one process has for itself, so that a comparison of numbers is all that compare-and-append takes. */
export class LocalLog implements Log {
  readonly #medium: Medium;
  readonly #random: () => number;
  readonly #groups: GroupCoordinator;
  readonly #factual = new FactualTopics();
  readonly #closing = new AbortController();

  constructor(medium: Medium, random: () => number) {
    this.#medium = medium;
    this.#random = random;
    this.#groups = new GroupCoordinator(medium.positions);
  }

  async ensureTopics(specs: readonly TopicSpec[]): Promise<void> {
    this.#assertOpen();
    for (const spec of specs) {
      assertSpec(spec);
      const found = this.#medium.topics.get(spec.name);
      if (found !== undefined) assertPartitions(spec.name, spec.partitions, found.length);
    }
    this.#medium.put(specs);
    this.#factual.add(specs);
  }

  async partitions(topic: string): Promise<number | undefined> {
    return this.#medium.topics.get(topic)?.length;
  }

  async append(
    topic: string,
    partition: number,
    records: readonly LogRecord[],
    { at }: { readonly at: number },
  ): Promise<Appended> {
    assertAppend(records);
    const place = this.#place(topic, partition);
    if (place.promised !== at) {
      // Whoever lost reads on; what it lost to must be there then.
      await place.landing;
      return { status: "conflict" };
    }
    await place.write(records);
    return { status: "appended", next: at + records.length };
  }

  async publish(messages: readonly Message[]): Promise<void> {
    this.#factual.assertNone(messages);
    for (const message of messages) assertBatchFits([message]);
    const placed = groupByPlace(messages, (message) =>
      choosePartition(message, this.#topic(message.topic).length, this.#random),
    );
    await Promise.all(placed.map(({ topic, partition, messages }) => this.#place(topic, partition).write(messages)));
  }

  async read(topic: string, partition: number, from: number, max: number): Promise<Batch> {
    return this.#place(topic, partition).read(from, max);
  }

  tail(topic: string, partition: number, from: number, { signal }: TailOptions): AsyncIterable<Batch> {
    const until = AbortSignal.any([signal, this.#closing.signal]);
    return follow(this.#place(topic, partition), { topic, partition, from }, { signal: until });
  }

  async bounds(topic: string, partition: number): Promise<{ readonly start: number; readonly end: number }> {
    const { start, end } = this.#place(topic, partition);
    return { start, end };
  }

  async truncate(topic: string, partition: number, before: number): Promise<void> {
    const place = this.#place(topic, partition);
    place.truncate(Math.min(before, place.end));
  }

  async committed(group: string, topic: string, partition: number): Promise<Committed | undefined> {
    this.#place(topic, partition);
    return this.#medium.positions.get(group, topic, partition);
  }

  async join(group: string, topics: readonly string[], run: (owned: Owned) => Promise<void>): Promise<Membership> {
    const places = (topics: readonly string[]): Place[] =>
      topics.flatMap((topic) => this.#topic(topic).map((_, partition) => ({ topic, partition })));
    const { follow, ...member } = this.#groups.join(group, places(topics), run);
    return { ...member, follow: async (topics) => follow(places(topics)) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    await this.#groups.close();
    this.#closing.abort();
    await this.#medium.close();
  }

  #topic(name: string): readonly LocalPartition[] {
    this.#assertOpen();
    const found = this.#medium.topics.get(name);
    if (found === undefined) throw noSuchTopic(name);
    return found;
  }

  #place(topic: string, partition: number): LocalPartition {
    const partitions = this.#topic(topic);
    const place = partitions[partition];
    if (place === undefined) throw noSuchPartition(topic, partition, partitions.length);
    return place;
  }

  #assertOpen(): void {
    if (this.#closing.signal.aborted) throw new Error("the log is closed");
  }
}
