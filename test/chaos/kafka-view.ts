import { randomUUID } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import type { CloudEvent } from "../../examples/topics/topics.ts";
import { within } from "../support/within.ts";

const COPIES_MS_MAX = 60_000;
const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 30 };

/** What the broker itself says, whatever Antiphon says of it. */
export class KafkaView implements AsyncDisposable {
  readonly #kafka: Kafka;
  readonly #admin: ReturnType<Kafka["admin"]>;

  private constructor(kafka: Kafka) {
    this.#kafka = kafka;
    this.#admin = kafka.admin();
  }

  static async open(brokers: string): Promise<KafkaView> {
    const kafka = new Kafka({
      clientId: "chaos-view",
      brokers: brokers.split(","),
      retry: RETRY,
      logLevel: logLevel.NOTHING,
    });
    const view = new KafkaView(kafka);
    await view.#admin.connect();
    return view;
  }

  /** How far behind each group with this prefix is, by group and topic. Only those that are behind are named. */
  async lag(prefix: string): Promise<ReadonlyMap<string, number>> {
    const behind = new Map<string, number>();
    const { groups } = await this.#admin.listGroups();
    for (const { groupId } of groups.filter((group) => group.groupId.startsWith(prefix))) {
      for (const { topic, partitions } of await this.#admin.fetchOffsets({ groupId })) {
        const ends = await this.#ends(topic);
        const lag = partitions
          // A group that has not committed anything reads for itself alone.
          .filter(({ offset }) => Number(offset) >= 0)
          .reduce((sum, { partition, offset }) => sum + Math.max(0, (ends.get(partition) ?? 0) - Number(offset)), 0);
        if (lag > 0) behind.set(`${groupId} on ${topic}`, lag);
      }
    }
    return behind;
  }

  /** How many copies of each event there are on topics, by id. */
  async copies(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const missing = new Map<string, number>();
    for (const topic of topics) {
      for (const [partition, end] of await this.#ends(topic)) if (end > 0) missing.set(`${topic}/${partition}`, end);
    }
    const copies = new Map<string, number>();
    if (missing.size === 0) return copies;
    const consumer = this.#kafka.consumer({
      groupId: `chaos-${randomUUID()}`,
      allowAutoTopicCreation: false,
      retry: RETRY,
    });
    await consumer.connect();
    const done = Promise.withResolvers<void>();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        const { id } = JSON.parse(`${message.value}`) as CloudEvent;
        copies.set(id, (copies.get(id) ?? 0) + 1);
        const name = `${topic}/${partition}`;
        if (Number(message.offset) + 1 >= (missing.get(name) ?? Number.POSITIVE_INFINITY)) missing.delete(name);
        if (missing.size === 0) done.resolve();
      },
    });
    await within(COPIES_MS_MAX, "all events on their topics to be read", done.promise);
    await consumer.disconnect();
    return copies;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#admin.disconnect();
  }

  async #ends(topic: string): Promise<ReadonlyMap<number, number>> {
    const offsets = await this.#admin.fetchTopicOffsets(topic);
    return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
  }
}
