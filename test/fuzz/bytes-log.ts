import { isUtf8 } from "node:buffer";
import type { Batch, Fact, Log, Message } from "@antiphon/log";

/** Values that begin so are bytes, which a log in memory does not hold. */
const MARK = "\u0001bytes:";

/** A record whose value is these bytes, for a log that reads them as `withBytes` does. */
export function bytesMessage(
  topic: string,
  key: string | null,
  bytes: Buffer,
  headers: Message["headers"] = {},
): Message {
  return { topic, key, value: MARK + bytes.toString("base64"), partition: 0, headers };
}

/** A log whose readers see the bytes of such records as those of a broker's log do: what is no UTF-8 is `malformed`. */
export function withBytes(log: Log): Log {
  return {
    ensureTopics: (topics) => log.ensureTopics(topics),
    partitions: (topic) => log.partitions(topic),
    append: (topic, partition, records, options) => log.append(topic, partition, records, options),
    publish: (messages) => log.publish(messages),
    bounds: (topic, partition) => log.bounds(topic, partition),
    truncate: (topic, partition, before) => log.truncate(topic, partition, before),
    committed: (group, topic, partition) => log.committed(group, topic, partition),
    join: (group, topics, run) => log.join(group, topics, run),
    read: async (topic, partition, from, max) => decoded(await log.read(topic, partition, from, max)),
    async *tail(topic, partition, from, options) {
      for await (const batch of log.tail(topic, partition, from, options)) yield decoded(batch);
    },
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  };
}

function decoded(batch: Batch): Batch {
  return { ...batch, records: batch.records.map(factOf) };
}

function factOf(fact: Fact): Fact {
  if (fact.value?.startsWith(MARK) !== true) return fact;
  const bytes = Buffer.from(fact.value.slice(MARK.length), "base64");
  return { ...fact, value: bytes.toString(), ...(!isUtf8(bytes) && { malformed: true }) };
}
