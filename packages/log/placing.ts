import { assertBatchFits } from "./batch-size.ts";
import { partitionOf } from "./partition-of.ts";
import { BATCH_RECORDS_MAX, type LogRecord, type Message } from "./port.ts";
import { noSuchPartition } from "./topic-checks.ts";

/** Messages of one publish that go to one partition, in their order. */
export interface Placed {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly Message[];
}

/** The partition of a message in a topic that has `count` of them: its own, its key's, or by chance. */
export function choosePartition(message: Message, count: number, random: () => number): number {
  if (message.partition !== undefined) {
    if (message.partition >= 0 && message.partition < count) return message.partition;
    throw noSuchPartition(message.topic, message.partition, count);
  }
  return message.key === null ? Math.floor(random() * count) : partitionOf(message.key, count);
}

/** Puts messages together by their partition; each partition keeps their order. */
export function groupByPlace(messages: readonly Message[], partitionFor: (message: Message) => number): Placed[] {
  const places = new Map<string, { topic: string; partition: number; messages: Message[] }>();
  for (const message of messages) {
    const { topic } = message;
    const partition = partitionFor(message);
    const key = `${partition}/${topic}`;
    const place = places.get(key);
    if (place === undefined) places.set(key, { topic, partition, messages: [message] });
    else place.messages.push(message);
  }
  return [...places.values()];
}

/** Throws unless the records can be appended as one batch. */
export function assertAppend(records: readonly LogRecord[]): void {
  if (records.length === 0 || records.length > BATCH_RECORDS_MAX) {
    throw new RangeError(`expected 1 to ${BATCH_RECORDS_MAX} records to append, found ${records.length}`);
  }
  assertBatchFits(records);
}
