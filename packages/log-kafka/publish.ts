import {
  assertBatchFits,
  choosePartition,
  groupByPlace,
  type Message,
  noSuchTopic,
  RecordTooLargeError,
  recordBytes,
} from "@antiphon/log";
import type { Kafka } from "kafkajs";
import type { Directory } from "./directory.ts";
import type { EnsuredTopics } from "./ensured-topics.ts";
import { refusalOf } from "./failures.ts";
import { BATCH_SHARE } from "./lane.ts";
import type { Retrying } from "./retrying.ts";
import type { Sender } from "./sender.ts";
import { batchBytesMax } from "./topic-limit.ts";

/** What a broker says of a batch, or of a record in it, that is larger than its topic takes. */
const TOO_LARGE = new Set(["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"]);

interface Portion {
  readonly messages: Message[];
  bytes: number;
}

/** Appends messages at the ends of whatever partitions, at least once; those of one partition in their order. */
export class Publisher {
  readonly #kafka: Kafka;
  readonly #sender: Sender;
  readonly #directory: Directory;
  readonly #retrying: Retrying;
  readonly #ensured: EnsuredTopics;

  constructor(kafka: Kafka, sender: Sender, directory: Directory, retrying: Retrying, ensured: EnsuredTopics) {
    this.#kafka = kafka;
    this.#sender = sender;
    this.#directory = directory;
    this.#retrying = retrying;
    this.#ensured = ensured;
  }

  async publish(messages: readonly Message[]): Promise<void> {
    for (const message of messages) assertBatchFits([message]);
    const counts = new Map<string, number>();
    for (const { topic } of messages) {
      if (!counts.has(topic)) counts.set(topic, await this.#partitions(topic));
    }
    const placed = groupByPlace(messages, (message) =>
      choosePartition(message, counts.get(message.topic) ?? 0, Math.random),
    );
    const outcomes = await Promise.allSettled(
      placed.map(({ topic, partition, messages }) => this.#send(topic, partition, messages)),
    );
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }

  async #partitions(topic: string): Promise<number> {
    const count = await this.#retrying.run(`publishing to "${topic}"`, () => this.#directory.partitions(topic));
    if (count === undefined) throw noSuchTopic(topic);
    this.#ensured.assert(topic, count);
    return count;
  }

  async #send(topic: string, partition: number, messages: readonly Message[]): Promise<void> {
    for (const portion of portionsOf(messages)) {
      try {
        await this.#sendPortion(topic, partition, portion);
      } catch (error) {
        if (!TOO_LARGE.has(refusalOf(error) ?? "")) throw error;
        // The topic takes less than ours do. One by one, all but the culprit may fit.
        const [culprit, second] = portion.messages;
        if (culprit !== undefined && second === undefined) throw await this.#tooLarge(topic, portion.bytes);
        for (const message of portion.messages) await this.#send(topic, partition, [message]);
      }
    }
  }

  async #sendPortion(topic: string, partition: number, { messages, bytes }: Portion): Promise<void> {
    const wire = messages.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } }));
    await this.#retrying.run(`publishing to partition ${partition} of "${topic}"`, (retry) =>
      this.#sender.send({ topic, partition, messages: wire, bytes, sole: false, alone: retry > 0 }),
    );
  }

  async #tooLarge(topic: string, bytes: number): Promise<RecordTooLargeError> {
    const limitOf = () => batchBytesMax(this.#kafka, topic);
    return new RecordTooLargeError(bytes, await this.#retrying.run(`asking for the limit of "${topic}"`, limitOf));
  }
}

/** The messages in portions that fit into a batch each. */
function portionsOf(messages: readonly Message[]): readonly Portion[] {
  const portions: Portion[] = [];
  for (const message of messages) {
    const bytes = recordBytes(message);
    const last = portions.at(-1);
    const fits = last && last.bytes + bytes <= BATCH_SHARE.bytes && last.messages.length < BATCH_SHARE.records;
    if (fits) {
      last.messages.push(message);
      last.bytes += bytes;
    } else portions.push({ messages: [message], bytes });
  }
  return portions;
}
