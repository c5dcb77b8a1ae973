import type { Log } from "@antiphon/log";
import { kafkaLog } from "@antiphon/log-kafka";
import type { Logger } from "./create-logger.ts";
import type { KafkaConfig } from "./host-settings.ts";

/** The log on the Kafka that the settings name. Nothing is connected yet. */
export function openKafka(
  {
    brokers,
    ssl,
    saslMechanism,
    saslUsername,
    saslPassword,
    prefix,
    replication,
  }: KafkaConfig & {
    readonly brokers: readonly string[];
  },
  clientId: string,
  logger: Logger,
): Log {
  const sasl =
    saslMechanism !== undefined && saslUsername !== undefined && saslPassword !== undefined
      ? { mechanism: saslMechanism, username: saslUsername, password: saslPassword }
      : undefined;
  return kafkaLog({ brokers, clientId, ssl, prefix, replication, logger, ...(sasl && { sasl }) });
}
