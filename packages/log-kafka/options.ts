import type { ISocketFactory, KafkaConfig, SASLOptions } from "kafkajs";

/** Where the adapter tells what happens to it; pino's loggers are such. */
export interface KafkaLogger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

export interface KafkaLogOptions {
  /** `host:port` of some brokers; the others are found through them. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** As node:tls has it; `true` trusts the system's authorities. */
  readonly ssl?: KafkaConfig["ssl"];
  /** `plain`, `scram-sha-256` or `scram-sha-512`, with user name and password. */
  readonly sasl?: SASLOptions;
  /** Stands in front of the topics and groups that begin with `antiphon.`. */
  readonly prefix?: string;
  /** How many brokers keep each partition of a topic that is made; absent: three, or as many as there are. */
  readonly replication?: number | undefined;
  /** How many of these must have a record before it counts as appended; 1 without replication, else 2. */
  readonly minInSyncReplicas?: number;
  readonly logger: KafkaLogger;
  /** How long a call goes on trying while brokers cannot be reached, before it throws `LogUnavailableError`. */
  readonly timeoutMs?: number;
  readonly group?: Partial<GroupTimes>;
  /** Makes the connections; for tests that cut them. */
  readonly socketFactory?: ISocketFactory;
}

/** How long things take in a group, in milliseconds. */
export interface GroupTimes {
  /** After so long without a sign of life a member is taken for dead. */
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** How long the group waits for a member to join again when partitions are shared out anew. */
  readonly rebalanceTimeoutMs: number;
  /** How long a partition waits for its `run` to return before it is given away; less than the session timeout. */
  readonly handoverMsMax: number;
  /** How often the group's leader looks whether a topic has other partitions than were shared out. */
  readonly partitionsLookMs: number;
}

export const TIMEOUT_MS = 30_000;

export const GROUP_TIMES: GroupTimes = {
  sessionTimeoutMs: 10_000,
  heartbeatIntervalMs: 1_000,
  rebalanceTimeoutMs: 60_000,
  handoverMsMax: 5_000,
  partitionsLookMs: 10_000,
};
