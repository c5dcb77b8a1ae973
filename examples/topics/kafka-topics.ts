import { type Consumer, Kafka, logLevel } from "kafkajs";
import type { CloudEvent, Topics } from "./topics.ts";

/** A broker that is away for a few minutes is waited for. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 120 };
const ALL_REPLICAS = -1;
/** What a reader that went without a word had is handed to others, or to its next life, after so long. */
const SESSION_MS = 10_000;
/** A reader that kafkajs has given up begins anew after so long. */
const ANEW_MS = 1_000;

/** Topics on Kafka. Those of one name share a topic's events; their position in it outlives them. */
export async function kafkaTopics(name: string, brokers: readonly string[]): Promise<Topics> {
  const kafka = new Kafka({ clientId: name, brokers: [...brokers], retry: RETRY, logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const consumers = new Set<Consumer>();
  let isOver = false;
  return {
    async follow(topic, take) {
      // A group for each topic: kafkajs shares all topics of a group among all its members, whatever they subscribed to.
      const groupId = `${name}.${topic}`;
      const listening = Promise.withResolvers<void>();
      const read = async (): Promise<void> => {
        const consumer = kafka.consumer({
          groupId,
          allowAutoTopicCreation: false,
          sessionTimeout: SESSION_MS,
          retry: RETRY,
        });
        consumers.add(consumer);
        consumer.on(consumer.events.GROUP_JOIN, () => listening.resolve());
        // It restarts after most failures by itself, but not when a broker cannot name the group's coordinator yet.
        consumer.on(consumer.events.CRASH, ({ payload }) => {
          if (!payload.restart) readAnew(consumer);
        });
        await consumer.connect();
        await consumer.subscribe({ topic, fromBeginning: true });
        await consumer.run({
          // The position is committed behind what was taken: what was not, comes again.
          eachMessage: async ({ message }) => {
            if (message.value !== null) await take(JSON.parse(message.value.toString()) as CloudEvent);
          },
        });
      };
      const readAnew = (crashed?: Consumer): void => {
        if (crashed !== undefined) consumers.delete(crashed);
        setTimeout(() => {
          if (!isOver) read().catch(() => readAnew());
        }, ANEW_MS);
      };
      await read();
      await listening.promise;
    },
    async publish(topic, event) {
      const headers = { "content-type": "application/cloudevents+json; charset=UTF-8" };
      const message = { key: event.source, value: JSON.stringify(event), headers };
      await producer.send({ topic, acks: ALL_REPLICAS, messages: [message] });
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      for (const consumer of consumers) await consumer.disconnect();
      await producer.disconnect();
    },
  };
}
