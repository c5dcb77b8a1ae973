import { after, before } from "node:test";
import { logContract } from "@antiphon/log/contract";
import { type Broker, skipWithoutBroker, startBroker } from "./support/kafka-broker.ts";
import { openHarness } from "./support/kafka-harness.ts";

const skip = await skipWithoutBroker();
let broker: Broker;
if (skip === false) {
  before(async () => {
    broker = await startBroker();
  });
  after(() => broker?.[Symbol.asyncDispose]());
}

logContract("Kafka log", () => openHarness(broker.brokers), { skip });
