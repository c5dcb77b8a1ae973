import { nearestName } from "@antiphon/definition";
import type { Logger } from "./create-logger.ts";
import type { Environment } from "./read-config.ts";

/** Every variable that some process of Antiphon reads. Each knows them all, so that one file of settings serves all. */
export const KNOWN_VARIABLES: readonly string[] = [
  "ANTIPHON_ACTION_TIMEOUT",
  "ANTIPHON_CALLBACK_SECRET",
  "ANTIPHON_COMPATIBILITY",
  "ANTIPHON_DATA",
  "ANTIPHON_DISPATCHER_CONCURRENCY",
  "ANTIPHON_EVENTS_BROADCAST",
  "ANTIPHON_HEALTH_PORT",
  "ANTIPHON_HOST",
  "ANTIPHON_KAFKA_BROKERS",
  "ANTIPHON_KAFKA_PARTITIONS",
  "ANTIPHON_KAFKA_PREFIX",
  "ANTIPHON_KAFKA_REPLICATION",
  "ANTIPHON_KAFKA_SASL_MECHANISM",
  "ANTIPHON_KAFKA_SASL_PASSWORD",
  "ANTIPHON_KAFKA_SASL_USERNAME",
  "ANTIPHON_KAFKA_SSL",
  "ANTIPHON_LOG_LEVEL",
  "ANTIPHON_LOG_RETENTION",
  "ANTIPHON_PORT",
  "ANTIPHON_PROFILE",
  "ANTIPHON_PUBLIC_URL",
  "ANTIPHON_REDIS_URL",
  "ANTIPHON_REPLY_TIMEOUT_MS",
  "ANTIPHON_RETENTION",
  "ANTIPHON_SECRETS",
  "ANTIPHON_SINK",
  "ANTIPHON_VIEWS_DELAY_MS",
  "ANTIPHON_WORKFLOWS",
];

/** Warns of each variable whose name begins like one of Antiphon's and that nothing reads. */
export function warnOfUnknown(env: Environment, logger: Pick<Logger, "warn">): void {
  for (const variable of Object.keys(env)) {
    if (!variable.startsWith("ANTIPHON_") || KNOWN_VARIABLES.includes(variable)) continue;
    const suggestion = nearestName(variable, KNOWN_VARIABLES);
    const hint = suggestion === undefined ? "" : `; did you mean ${suggestion}?`;
    logger.warn({ variable, ...(suggestion && { suggestion }) }, `${variable} is no setting: nothing reads it${hint}`);
  }
}
