import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel } from "kafkajs";
import { startBroker } from "../../support/kafka-broker.ts";
const RETRY = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 120 };
await using broker = await startBroker();
const lines: string[][] = [];
const followers: { seen: number; log: string[] }[] = [];
const make = async (n: number) => {
  const f = { seen: 0, log: [] as string[] };
  followers.push(f);
  const kafka = new Kafka({ clientId: `c${n}`, brokers: [...broker.brokers], retry: RETRY, logLevel: logLevel.INFO,
    logCreator: () => ({ namespace, log }) => { f.log.push(`${new Date().toISOString().slice(14, 23)} ${namespace} ${log.message} ${JSON.stringify(log).slice(0, 200)}`); if (f.log.length > 60) f.log.shift(); } });
  const admin = kafka.admin(); await admin.connect();
  if (n === 0) await admin.createTopics({ waitForLeaders: true, topics: [{ topic: "asked", numPartitions: 4 }] });
  await admin.disconnect();
  const consumer = kafka.consumer({ groupId: `g${n}`, allowAutoTopicCreation: false, sessionTimeout: 10_000, retry: RETRY });
  consumer.on(consumer.events.CRASH, ({ payload }) => console.log("CRASH", n, payload.error.name, payload.error.message, "restart", payload.restart));
  await consumer.connect();
  await consumer.subscribe({ topic: "asked", fromBeginning: true });
  await consumer.run({ eachMessage: async () => { f.seen += 1; } });
  return kafka;
};
const kafka = await make(0);
for (let n = 1; n < 12; n += 1) await make(n);
const producer = kafka.producer({ allowAutoTopicCreation: false }); await producer.connect();
let sent = 0;
for (let round = 0; round < 10; round += 1) {
  for (let i = 0; i < 20; i += 1) { await producer.send({ topic: "asked", acks: -1, messages: [{ value: `${sent++}` }] }); await sleep(Math.random() * 60); }
  await (Math.random() < 0.5 ? broker.kill() : broker.stop()); await sleep(Math.random() * 1500); await broker.restart();
  await sleep(Math.random()*3000);
  console.log(new Date().toISOString(), "round", round, "sent", sent, "seen", followers.map((f) => f.seen).join(" "));
}
await sleep(35_000);
console.log("end", sent, followers.map((f) => f.seen).join(" "));
followers.forEach((f, n) => { if (f.seen < sent) console.log("STUCK", n, "\n", f.log.slice(-25).join("\n ")); });
process.exit(0);
