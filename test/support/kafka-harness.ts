import { randomUUID } from "node:crypto";
import type { Log } from "@antiphon/log";
import type { Harness } from "@antiphon/log/contract";
import { type KafkaLogger, type KafkaLogOptions, kafkaLog } from "@antiphon/log-kafka";
import { FaultySockets } from "./kafka-faulty-sockets.ts";

/** Nobody reads it. */
export const silent: KafkaLogger = { debug() {}, info() {}, warn() {} };

/** A client for tests: it notices soon that the members of a group have changed. */
export function testClient(brokers: readonly string[], options: Partial<KafkaLogOptions> = {}): Log {
  return kafkaLog({
    brokers,
    clientId: `test-${randomUUID()}`,
    replication: 1,
    logger: silent,
    group: { heartbeatIntervalMs: 50, sessionTimeoutMs: 6_000 },
    ...options,
  });
}

/** Several clients of one broker for one test. */
export async function openHarness(brokers: readonly string[]): Promise<Harness> {
  const clients = new Set<Log>();
  const connect = (options?: Partial<KafkaLogOptions>): Log => {
    const log = testClient(brokers, options);
    clients.add(log);
    return log;
  };
  const end = async (): Promise<void> => {
    await Promise.all([...clients].map((log) => log[Symbol.asyncDispose]()));
    clients.clear();
  };
  return {
    connect: async () => connect(),
    connectFaulty: async () => {
      const sockets = new FaultySockets();
      const log = connect({ socketFactory: sockets.factory });
      return { log, arm: (fault) => sockets.arm(fault), harmed: () => sockets.harmed() };
    },
    restart: end,
    [Symbol.asyncDispose]: end,
  };
}
