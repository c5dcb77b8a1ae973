import { z } from "zod";
import { duration, flag, list, setting, url, wholeNumber } from "./setting.ts";

/** The fewest characters of a secret that signs callback tokens. */
export const CALLBACK_SECRET_LENGTH_MIN = 32;

/** The most partitions and replicas that a deployment may ask for. */
export const PARTITIONS_MAX = 1_024;
export const REPLICATION_MAX = 16;

const BROKER = /^[^\s:,/]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/;

/** How Kafka is reached, and what topics are created with. Without brokers the log is embedded. SASL is all three or none. */
export const kafkaSettings = z
  .object({
    brokers: setting(
      "ANTIPHON_KAFKA_BROKERS",
      "host:port, several with commas between",
      list(z.string().regex(BROKER)).optional(),
    ),
    ssl: setting("ANTIPHON_KAFKA_SSL", "true or false", flag().default(false)),
    saslMechanism: setting(
      "ANTIPHON_KAFKA_SASL_MECHANISM",
      "plain, scram-sha-256 or scram-sha-512 where a user is named",
      z
        .string()
        .toLowerCase()
        .pipe(z.enum(["plain", "scram-sha-256", "scram-sha-512"]))
        .optional(),
    ),
    saslUsername: setting("ANTIPHON_KAFKA_SASL_USERNAME", "a user name where SASL is used", z.string().optional()),
    saslPassword: setting("ANTIPHON_KAFKA_SASL_PASSWORD", "a password where SASL is used", z.string().optional(), {
      secret: true,
    }),
    prefix: setting(
      "ANTIPHON_KAFKA_PREFIX",
      "at most 100 letters, digits, dots, hyphens and underscores",
      z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,100}$/)
        .default(""),
    ),
    partitions: setting(
      "ANTIPHON_KAFKA_PARTITIONS",
      `a whole number from 1 to ${PARTITIONS_MAX}`,
      wholeNumber(1, PARTITIONS_MAX).default(4),
    ),
    replication: setting(
      "ANTIPHON_KAFKA_REPLICATION",
      `a whole number from 1 to ${REPLICATION_MAX}`,
      wholeNumber(1, REPLICATION_MAX).optional(),
    ),
  })
  .superRefine(({ saslMechanism, saslUsername, saslPassword }, problems) => {
    const sasl = { saslMechanism, saslUsername, saslPassword };
    if (Object.values(sasl).every((value) => value === undefined)) return;
    for (const [name, value] of Object.entries(sasl)) {
      if (value === undefined) problems.addIssue({ code: "custom", path: [name] });
    }
  });

const DAY_MS = 86_400_000;
const RETENTION_MS_MIN = 1_000;

/** What every service process reads. A service's own settings are these and more: `z.object({ ...hostSettings.shape, … })`. */
export const hostSettings = z.object({
  kafka: kafkaSettings,
  /** Without it the store is embedded. May hold a password. */
  redisUrl: setting("ANTIPHON_REDIS_URL", "a redis:// or rediss:// URL", url("redis", "rediss").optional(), {
    secret: true,
  }),
  /** Folder of the embedded log and store. */
  data: setting("ANTIPHON_DATA", "a folder", z.string().default(".antiphon")),
  /** What definitions may read of the environment; the readers of definitions look at it themselves. */
  secrets: setting(
    "ANTIPHON_SECRETS",
    "names of variables, beginnings that end in _ or *, or folders of files, commas between; never ANTIPHON_…",
    list(z.string().regex(/^(?!ANTIPHON_)[^\s*]+\*?$/i)).optional(),
  ),
  logLevel: setting(
    "ANTIPHON_LOG_LEVEL",
    "fatal, error, warn, info, debug, trace or silent",
    z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  ),
  /** What is wrong with definitions is passed over as SonataFlow does; read with the properties of definitions. */
  compatibility: setting("ANTIPHON_COMPATIBILITY", "sonataflow, or nothing", z.enum(["sonataflow"]).optional()),
  eventsBroadcast: setting("ANTIPHON_EVENTS_BROADCAST", "true or false", z.enum(["true", "false"]).optional()),
  /** Where probes and metrics are served; absent: nowhere. 0 picks a free port. */
  healthPort: setting("ANTIPHON_HEALTH_PORT", "a port from 0 to 65535", wholeNumber(0, 65_535).optional()),
  /** What is alive is copied forward after this time, and the machine's logs are truncated; milliseconds. */
  logRetention: setting(
    "ANTIPHON_LOG_RETENTION",
    "a duration of at least a second, such as P7D",
    duration(RETENTION_MS_MIN).default(7 * DAY_MS),
  ),
  /** How long instances are kept after their end, and rows of the ledger after the newest fact of their event; milliseconds. */
  retention: setting(
    "ANTIPHON_RETENTION",
    "a duration of at least a second, such as P30D",
    duration(RETENTION_MS_MIN).default(30 * DAY_MS),
  ),
  /** Newest first. Absent: one is made and kept in the data folder. */
  callbackSecrets: setting(
    "ANTIPHON_CALLBACK_SECRET",
    `secrets of at least ${CALLBACK_SECRET_LENGTH_MIN} characters, newest first, commas between`,
    list(z.string().min(CALLBACK_SECRET_LENGTH_MIN)).optional(),
    { secret: true },
  ),
});

/** What `readConfig(hostSettings, env)` returns. */
export type HostConfig = z.output<typeof hostSettings>;
export type KafkaConfig = z.output<typeof kafkaSettings>;
