import {
  type Appended,
  type Batch,
  type Committed,
  FactualTopics,
  type Log,
  type LogRecord,
  type Membership,
  type Message,
  noSuchTopic,
  type Owned,
  type TailOptions,
  type TopicSpec,
} from "@antiphon/log";
import type { Cluster } from "kafkajs";
import { Appender } from "./append.ts";
import { Client } from "./client.ts";
import { Directory } from "./directory.ts";
import { EnsuredTopics } from "./ensured-topics.ts";
import { batchOf } from "./facts.ts";
import { Fetcher } from "./fetcher.ts";
import { committedOf } from "./held.ts";
import { Member } from "./member.ts";
import { isOwn, kafkaName, ownName, topicNameProblem } from "./names.ts";
import { GROUP_TIMES, type KafkaLogOptions, TIMEOUT_MS } from "./options.ts";
import { Publisher } from "./publish.ts";
import { Retrying } from "./retrying.ts";
import { Sender } from "./sender.ts";
import { tail } from "./tail.ts";
import { ensureTopics } from "./topics.ts";
import { Topology } from "./topology.ts";
import { Watcher } from "./watcher.ts";
import { coordinatorOf } from "./wire.ts";

const TOPOLOGY_TOPIC = "antiphon.topology";

/**
 * A log in Kafka. Connects when it is first used; what is asked for while brokers cannot be reached waits for them, up to
 * `timeoutMs`; tails and memberships wait for as long as it takes.
 */
export function kafkaLog(options: KafkaLogOptions): Log {
  return new KafkaLog(options);
}

class KafkaLog implements Log {
  readonly #options: KafkaLogOptions;
  readonly #client: Client;
  readonly #cluster: Cluster;
  readonly #closing = new AbortController();
  readonly #retrying: Retrying;
  readonly #directory: Directory;
  readonly #fetcher: Fetcher;
  readonly #watcher: Watcher;
  readonly #appender: Appender;
  readonly #publisher: Publisher;
  readonly #factual = new FactualTopics();
  readonly #ensured = new EnsuredTopics();
  readonly #members = new Set<Membership>();

  constructor(options: KafkaLogOptions) {
    const { logger, timeoutMs = TIMEOUT_MS } = options;
    this.#options = options;
    this.#client = new Client(options);
    this.#cluster = this.#client.open();
    this.#retrying = new Retrying(logger, timeoutMs, this.#closing.signal);
    this.#directory = new Directory(this.#cluster);
    this.#fetcher = new Fetcher(this.#cluster, this.#directory);
    // Fetches that wait for what is to come must not stand before those that read what is there.
    this.#watcher = new Watcher(this.#client.open(), this.#directory, this.#retrying, this.#closing.signal);
    const sender = new Sender(this.#cluster, this.#client.open(), this.#directory);
    this.#appender = new Appender(sender, this.#fetcher, this.#retrying);
    this.#publisher = new Publisher(this.#client.kafka, sender, this.#directory, this.#retrying, this.#ensured);
  }

  topicNameProblem(name: string): string | undefined {
    return topicNameProblem(this.#name(name));
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    const { replication, minInSyncReplicas } = this.#options;
    const tools = {
      kafka: this.#client.kafka,
      directory: this.#directory,
      fetcher: this.#fetcher,
      retrying: this.#retrying,
      topology: new Topology(this.#name(TOPOLOGY_TOPIC), this.#fetcher, this.#publisher),
      replication,
      minInSyncReplicas,
      isOwn: (kafkaTopic: string) => ownName(kafkaTopic, this.#prefix) !== undefined,
    };
    const specs = topics.map((spec) => ({ ...spec, name: this.#name(spec.name) }));
    await this.#retrying.run("ensuring topics", () => ensureTopics(specs, tools));
    this.#factual.add(topics);
    for (const { name, partitions } of topics) if (isOwn(name)) this.#ensured.add(this.#name(name), partitions);
  }

  async partitions(topic: string): Promise<number | undefined> {
    return this.#retrying.run(`asking for topic "${topic}"`, () => this.#directory.partitions(this.#name(topic)));
  }

  async append(
    topic: string,
    partition: number,
    records: readonly LogRecord[],
    { at }: { readonly at: number },
  ): Promise<Appended> {
    return this.#appender.append(this.#name(topic), partition, records, at);
  }

  async publish(messages: readonly Message[]): Promise<void> {
    this.#factual.assertNone(messages);
    await this.#publisher.publish(messages.map((message) => ({ ...message, topic: this.#name(message.topic) })));
  }

  async read(topic: string, partition: number, from: number, max: number): Promise<Batch> {
    const read = () => this.#fetcher.read(this.#name(topic), partition, from, max);
    return batchOf(await this.#retrying.run(`reading partition ${partition} of "${topic}"`, read));
  }

  tail(topic: string, partition: number, from: number, { signal, after }: TailOptions): AsyncIterable<Batch> {
    const readers = { fetcher: this.#fetcher, watcher: this.#watcher, retrying: this.#retrying };
    const until = AbortSignal.any([signal, this.#closing.signal]);
    return tail(readers, { topic: this.#name(topic), partition }, { position: from, last: after }, until);
  }

  async bounds(topic: string, partition: number): Promise<{ readonly start: number; readonly end: number }> {
    return this.#retrying.run(`asking for the bounds of partition ${partition} of "${topic}"`, () =>
      this.#fetcher.bounds(this.#name(topic), partition),
    );
  }

  async truncate(topic: string, partition: number, before: number): Promise<void> {
    await this.#retrying.run(`truncating partition ${partition} of "${topic}"`, () =>
      this.#fetcher.truncate(this.#name(topic), partition, before),
    );
  }

  async committed(group: string, topic: string, partition: number): Promise<Committed | undefined> {
    const groupId = this.#name(group);
    const topics = [{ topic: this.#name(topic), partitions: [{ partition }] }];
    return this.#retrying.run(`asking where group "${group}" is`, async () => {
      const coordinator = await coordinatorOf(this.#cluster, groupId);
      const { responses } = await coordinator.offsetFetch({ groupId, topics });
      const found = responses[0]?.partitions[0];
      return found && committedOf(found.offset, found.metadata);
    });
  }

  async join(group: string, topics: readonly string[], run: (owned: Owned) => Promise<void>): Promise<Membership> {
    await this.#assertTopics(topics);
    const cluster = this.#client.open();
    const tools = {
      cluster,
      directory: this.#directory,
      retrying: this.#retrying,
      logger: this.#options.logger,
      times: { ...GROUP_TIMES, ...this.#options.group },
      assertPartitions: (kafkaTopic: string, found: number) => this.#ensured.assert(kafkaTopic, found),
      kafkaNames: async (topics: readonly string[]) => {
        await this.#assertTopics(topics);
        return topics.map((topic) => this.#name(topic));
      },
      topicName: (kafkaTopic: string) => ownName(kafkaTopic, this.#prefix) ?? kafkaTopic,
      left: async () => {
        this.#members.delete(member);
        await this.#client.close(cluster);
      },
    };
    const member = new Member(
      tools,
      this.#name(group),
      topics.map((topic) => this.#name(topic)),
      run,
    );
    this.#members.add(member);
    return member;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#members].map((member) => member[Symbol.asyncDispose]()));
    this.#closing.abort();
    await this.#watcher.ended();
    await this.#client[Symbol.asyncDispose]();
  }

  async #assertTopics(topics: readonly string[]): Promise<void> {
    for (const topic of topics) if ((await this.partitions(topic)) === undefined) throw noSuchTopic(topic);
  }

  get #prefix(): string {
    return this.#options.prefix ?? "";
  }

  #name(name: string): string {
    return kafkaName(name, this.#prefix);
  }
}
