import { Kafka, logLevel } from "kafkajs";
import { Pool } from "undici";
import { type Asked, answerTo } from "./answer-to.ts";
import { startBy } from "./http-loop.ts";
import type { Loop } from "./run-load.ts";

const CONNECTIONS_MAX = 64;

/** Starts by HTTP, answers from topic to topic, and learns of the end from the history. */
export async function kafkaLoop(url: string, brokers: readonly string[]): Promise<Loop & AsyncDisposable> {
  const pool = new Pool(url, { connections: CONNECTIONS_MAX, pipelining: 1 });
  const kafka = new Kafka({ brokers: [...brokers], clientId: "bench", logLevel: logLevel.ERROR });
  const producer = kafka.producer();
  const [responder, witness] = [kafka.consumer({ groupId: "bench" }), kafka.consumer({ groupId: "bench-history" })];
  await Promise.all([producer.connect(), responder.connect(), witness.connect()]);
  let ended: (instance: string) => void = () => {};
  const joined = Promise.all(
    [responder, witness].map((consumer) => new Promise((r) => consumer.on("consumer.group_join", r))),
  );

  await responder.subscribe({ topic: "bench.asked" });
  await responder.run({
    eachBatch: async ({ batch }) => {
      const messages = batch.messages.map(({ value }) => {
        const asked = JSON.parse(String(value)) as Asked;
        return { key: asked.kogitoprocinstanceid, value: JSON.stringify(answerTo(asked)) };
      });
      await producer.send({ topic: "bench.answered", messages });
    },
  });
  await witness.subscribe({ topic: "antiphon.history" });
  await witness.run({
    eachBatch: async ({ batch }) => {
      for (const { key, value } of batch.messages) if (value?.includes('"InstanceCompleted"')) ended(String(key));
    },
  });
  await joined;
  return {
    start: startBy(pool),
    onEnd(listener) {
      ended = listener;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([responder.disconnect(), witness.disconnect(), producer.disconnect(), pool.close()]);
    },
  };
}
