import { type Log, LogUnavailableError } from "@antiphon/log";
import type { Clock } from "@antiphon/processor";
import { topicLayout, topics } from "@antiphon/protocol";
import { type Store, StoreUnavailableError } from "@antiphon/store";
import type { Logger } from "./create-logger.ts";
import { assertRoom, makeDataFolder } from "./data-folder.ts";
import type { HostConfig } from "./host-settings.ts";
import { keepTrying } from "./keep-trying.ts";
import type { Context } from "./run-service.ts";
import type { SecretMask } from "./secret-mask.ts";
import { systemClock } from "./system-clock.ts";
import { Writes, watchedLog, watchedStore } from "./watched-writes.ts";

/** How many partitions the embedded log's topics have. */
export const EMBEDDED_PARTITIONS = 4;

/** A space that nobody commits to: reading it tells whether the store answers. */
const PROBE_SPACE = "antiphon.health";

/** What every service is started with. Disposal closes the store, then the log. */
export interface OpenPorts extends AsyncDisposable {
  readonly log: Log;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets: SecretMask;
  /** Of every topic that is keyed by an instance or a correlation key. */
  readonly partitions: number;
}

/**
 * Opens the log and the store that the settings name, makes the machine's topics, and waits until both answer, however
 * long that takes; the health checks `log` and `store` tell meanwhile and from then on. Throws `TopicMismatchError` if
 * the topics have other partition counts than the settings, and the reason of `signal` if that aborts first.
 */
export async function openPorts(
  config: Pick<HostConfig, "kafka" | "redisUrl" | "data">,
  { name, logger, secrets, health, signal }: Pick<Context, "name" | "logger" | "secrets" | "health" | "signal">,
): Promise<OpenPorts> {
  const partitions = config.kafka.brokers === undefined ? EMBEDDED_PARTITIONS : config.kafka.partitions;
  const trying = { health, signal, clock: systemClock };
  await using opened = new AsyncDisposableStack();
  const isEmbedded = config.kafka.brokers === undefined || config.redisUrl === undefined;
  if (isEmbedded) makeDataFolder(config.data);

  const logWrites = new Writes(systemClock, isLogOutage);
  const log = watchedLog(opened.use(await openLog(config, name, logger)), logWrites);
  const ensureTopics = () => log.ensureTopics(topicLayout(partitions));
  await keepTrying("log", ensureTopics, isLogOutage, trying);
  health.probe("log", async () => {
    logWrites.assertWritable();
    if (config.kafka.brokers === undefined) await assertRoom(config.data);
    await log.bounds(topics.definitions, 0);
  });

  const storeWrites = new Writes(systemClock, isStoreOutage);
  const store = watchedStore(opened.use(await openStore(config, logger)), storeWrites);
  const look = () => store.load(PROBE_SPACE, []);
  await keepTrying("store", look, isStoreOutage, trying);
  health.probe("store", async () => {
    storeWrites.assertWritable();
    await look();
  });

  const all = opened.move();
  return {
    log,
    store,
    clock: systemClock,
    logger,
    secrets,
    partitions,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function isLogOutage(error: unknown): error is LogUnavailableError {
  return error instanceof LogUnavailableError;
}

function isStoreOutage(error: unknown): error is StoreUnavailableError {
  return error instanceof StoreUnavailableError;
}

/** Adapters are loaded only where they are used: a machine without a broker need not know Kafka's client. */
async function openLog(
  { kafka, data }: Pick<HostConfig, "kafka" | "data">,
  name: string,
  logger: Logger,
): Promise<Log> {
  if (kafka.brokers === undefined) {
    const { embeddedLog } = await import("@antiphon/log");
    return embeddedLog(data);
  }
  const { openKafka } = await import("./open-kafka.ts");
  return openKafka({ ...kafka, brokers: kafka.brokers }, `antiphon-${name}`, logger);
}

async function openStore(
  { kafka, redisUrl, data }: Pick<HostConfig, "kafka" | "redisUrl" | "data">,
  logger: Logger,
): Promise<Store> {
  if (redisUrl === undefined) {
    const { embeddedStore } = await import("@antiphon/store");
    return embeddedStore(data, { logger });
  }
  const { redisStore } = await import("@antiphon/store-redis");
  // Deployments that share a Kafka by their prefixes may share a Redis as well.
  return redisStore({ url: redisUrl, prefix: `${kafka.prefix}antiphon`, logger });
}
