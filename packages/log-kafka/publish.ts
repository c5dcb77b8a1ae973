import { assertBatchFits, choosePartition, groupByPlace, type Message, noSuchTopic, recordBytes } from "@antiphon/log";
import type { Directory } from "./directory.ts";
import { BATCH_SHARE } from "./lane.ts";
import type { Retrying } from "./retrying.ts";
import type { Sender } from "./sender.ts";

interface Portion {
  readonly messages: Message[];
  bytes: number;
}

/** Appends messages at the ends of whatever partitions, at least once; those of one partition in their order. */
export class Publisher {
  readonly #sender: Sender;
  readonly #directory: Directory;
  readonly #retrying: Retrying;

  constructor(sender: Sender, directory: Directory, retrying: Retrying) {
    this.#sender = sender;
    this.#directory = directory;
    this.#retrying = retrying;
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
    return count;
  }

  async #send(topic: string, partition: number, messages: readonly Message[]): Promise<void> {
    for (const { messages: portion, bytes } of portionsOf(messages)) {
      const wire = portion.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } }));
      await this.#retrying.run(`publishing to partition ${partition} of "${topic}"`, (retry) =>
        this.#sender.send({ topic, partition, messages: wire, bytes, sole: false, alone: retry > 0 }),
      );
    }
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
