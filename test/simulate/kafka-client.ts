import {
  type Appended,
  assertBatchFits,
  type Batch,
  type Committed,
  choosePartition,
  groupByPlace,
  type Log,
  type LogRecord,
  LogUnavailableError,
  type Membership,
  type Message,
  noSuchTopic,
  type Owned,
  type TailOptions,
  type TopicSpec,
} from "@antiphon/log";
import { Appender } from "@antiphon/log-kafka/append";
import { batchOf, type Chunk, chunkOf } from "@antiphon/log-kafka/facts";
import type { FetchedPartition } from "@antiphon/log-kafka/wire";
import type { Gate } from "@antiphon/processor/testing";
import type { Broker } from "./broker.ts";
import type { Faults } from "./faults.ts";
import type { Groups } from "./groups.ts";
import type { World } from "./world.ts";

/** How often a call tries before it throws `LogUnavailableError`, and how long it rests in between. */
const TRIES_MAX = 4;
const RETRY_MS_MAX = 500;
/** How late a request arrives that was given up. */
const LATE_MS_MAX = 20_000;
const TAIL_RECORDS_MAX = 500;

/** Nobody knows what became of a request. */
class LostError extends Error {
  override readonly name = "LostError";
}

/** What a process reaches the brokers by. */
export interface Wire {
  readonly world: World;
  readonly broker: Broker;
  readonly groups: Groups;
  readonly faults: Faults;
  readonly gate: Gate;
  readonly process: string;
  /** What a reader makes of what it fetches: the same, unless a mutant reads. */
  readonly fetched: (fetched: FetchedPartition) => FetchedPartition;
}

/**
 * The log as one process has it: the real compare-and-append and the real rule of which records count, on brokers whose
 * requests and answers get lost, are late and come twice.
 */
export class KafkaClient implements Log {
  readonly #wire: Wire;
  readonly #appender: Appender;

  constructor(wire: Wire) {
    this.#wire = wire;
    this.#appender = new Appender(
      { send: ({ topic, partition, messages }) => this.#produce(topic, partition, messages) },
      { fetch: (topic, partition, from, max) => this.#fetch(topic, partition, from, max) },
      { run: (what, attempt) => this.#retrying(what, attempt) },
    );
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    await this.#point();
    for (const topic of topics) this.#wire.broker.create(topic);
  }

  async partitions(topic: string): Promise<number | undefined> {
    await this.#point();
    return this.#wire.broker.partitions(topic);
  }

  append(
    topic: string,
    partition: number,
    records: readonly LogRecord[],
    { at }: { readonly at: number },
  ): Promise<Appended> {
    return this.#appender.append(topic, partition, records, at);
  }

  async publish(messages: readonly Message[]): Promise<void> {
    for (const message of messages) assertBatchFits([message]);
    const { broker, world } = this.#wire;
    const placed = groupByPlace(messages, (message) => {
      const count = broker.partitions(message.topic);
      if (count === undefined) throw noSuchTopic(message.topic);
      return choosePartition(message, count, () => world.schedule.random());
    });
    const outcomes = await Promise.allSettled(
      placed.map(({ topic, partition, messages: portion }) => {
        const wire = portion.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } }));
        return this.#retrying(`publishing to ${topic}/${partition}`, () => this.#produce(topic, partition, wire));
      }),
    );
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }

  async read(topic: string, partition: number, from: number, max: number): Promise<Batch> {
    const size = this.#short(max);
    const read = () => this.#chunk(topic, partition, from, size);
    return batchOf(await this.#retrying(`reading ${topic}/${partition}`, read));
  }

  async *tail(topic: string, partition: number, from: number, { signal }: TailOptions): AsyncIterable<Batch> {
    const { broker } = this.#wire;
    const growth = broker.growth(topic, partition);
    let position = from;
    for (let first = true; !signal.aborted; ) {
      const size = this.#short(TAIL_RECORDS_MAX);
      const chunk = await this.#chunk(topic, partition, position, size).catch((error: unknown) => {
        if (error instanceof LostError) return undefined;
        throw error;
      });
      if (signal.aborted) return;
      if (chunk === undefined) {
        await this.#pause(signal);
        continue;
      }
      const batch = batchOf(chunk);
      if (first || batch.next > position) {
        position = batch.next;
        first = false;
        yield batch;
      } else if (broker.end(topic, partition) <= position) await growth.next(signal);
    }
  }

  async bounds(topic: string, partition: number): Promise<{ readonly start: number; readonly end: number }> {
    const { broker } = this.#wire;
    const ask = () =>
      this.#request(topic, partition, () => {
        return { start: broker.start(topic, partition), end: broker.end(topic, partition) };
      });
    return this.#retrying(`asking for the bounds of ${topic}/${partition}`, ask);
  }

  async truncate(topic: string, partition: number, before: number): Promise<void> {
    const { broker } = this.#wire;
    const act = () => this.#request(topic, partition, () => broker.truncate(topic, partition, before));
    await this.#retrying(`truncating ${topic}/${partition}`, act);
  }

  async committed(group: string, topic: string, partition: number): Promise<Committed | undefined> {
    const ask = () => this.#request(topic, partition, () => this.#wire.groups.committedOf(group, topic, partition));
    return this.#retrying(`asking where ${group} is`, ask);
  }

  async join(group: string, topics: readonly string[], run: (owned: Owned) => Promise<void>): Promise<Membership> {
    await this.#point();
    const { groups, gate, process, broker } = this.#wire;
    for (const topic of topics) if (broker.partitions(topic) === undefined) throw noSuchTopic(topic);
    return groups.join(group, topics, { gate, process, run });
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** What is there from an offset on, or from the start where that is behind it. */
  async #chunk(topic: string, partition: number, from: number, max: number): Promise<Chunk> {
    const first = Math.max(from, this.#wire.broker.start(topic, partition));
    return chunkOf(first, this.#wire.fetched(await this.#fetch(topic, partition, first, max)), max);
  }

  #fetch(topic: string, partition: number, from: number, max: number): Promise<FetchedPartition> {
    return this.#request(topic, partition, () => this.#wire.broker.fetch(topic, partition, from, max));
  }

  async #produce(topic: string, partition: number, messages: Parameters<Broker["produce"]>[2]): Promise<number> {
    const { world, broker, faults } = this.#wire;
    const land = () => broker.produce(topic, partition, messages);
    const landLater = async (): Promise<void> => {
      await world.sleep(world.schedule.below(LATE_MS_MAX));
      world.tell(() => `a request to ${topic}/${partition} lands late`);
      land();
    };
    return this.#request(topic, partition, () => {
      if (world.strikes(faults.late, "requests late")) {
        void landLater();
        throw new LostError("late");
      }
      if (world.strikes(faults.twice, "requests landed twice")) void landLater();
      return land();
    });
  }

  async #request<T>(topic: string, partition: number, act: () => T): Promise<T> {
    const { world, broker, faults } = this.#wire;
    await this.#point();
    if (!broker.isReachable(topic, partition)) throw new LostError("no leader");
    if (world.strikes(faults.lost, "requests lost")) throw new LostError("lost on the way there");
    const answer = act();
    await this.#point();
    if (world.strikes(faults.answerLost, "answers lost")) throw new LostError("lost on the way back");
    return answer;
  }

  async #retrying<T>(what: string, attempt: (retry: number) => Promise<T>): Promise<T> {
    for (let retry = 0; ; retry++) {
      try {
        return await attempt(retry);
      } catch (error) {
        if (!(error instanceof LostError)) throw error;
        if (retry === TRIES_MAX - 1) {
          this.#wire.world.happened("calls given up");
          throw new LogUnavailableError(`${what}: ${error.message}`, { cause: error });
        }
        await this.#pause();
      }
    }
  }

  #pause(signal?: AbortSignal): Promise<void> {
    const { world, gate } = this.#wire;
    return world.sleep(world.schedule.below(RETRY_MS_MAX), gate, signal);
  }

  #point(): Promise<void> {
    return this.#wire.world.schedule.point(this.#wire.gate);
  }

  #short(max: number): number {
    const { world, faults } = this.#wire;
    return max > 1 && world.strikes(faults.short, "short reads") ? world.between(1, Math.min(max, 5)) : max;
  }
}
