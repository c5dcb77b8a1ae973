import { TopicMismatchError } from "./errors.ts";
import type { Message, TopicSpec } from "./port.ts";

/** Throws `TopicMismatchError` if a topic has another number of partitions than is expected of it. */
export function assertPartitions(topic: string, expected: number, found: number): void {
  if (expected === found) return;
  throw new TopicMismatchError(`topic "${topic}" has ${found} partitions, expected ${expected}`);
}

/** The error for a topic that nobody made. */
export function noSuchTopic(topic: string): Error {
  return new Error(`topic "${topic}" does not exist; ensureTopics makes it`);
}

/** The error for a partition that its topic does not have. */
export function noSuchPartition(topic: string, partition: number, count: number): Error {
  return new Error(`partition ${partition} of topic "${topic}" does not exist: it has ${count} partitions`);
}

/** The topics that hold facts, of one log: as far as they were ensured by it. */
export class FactualTopics {
  readonly #names = new Set<string>();

  add(specs: readonly TopicSpec[]): void {
    for (const { name, factual } of specs) if (factual) this.#names.add(name);
  }

  /** Throws if one of the messages would become a fact that nobody decided. */
  assertNone(messages: readonly Pick<Message, "topic">[]): void {
    const found = messages.find(({ topic }) => this.#names.has(topic));
    if (found === undefined) return;
    throw new Error(`topic "${found.topic}" holds facts: expected append, found publish`);
  }
}

/** Throws if a topic's description makes no sense. */
export function assertSpec({ name, partitions }: TopicSpec): void {
  if (Number.isInteger(partitions) && partitions > 0) return;
  throw new RangeError(`topic "${name}": expected a whole number of partitions above 0, found ${partitions}`);
}
