import { collectDefaultMetrics, Registry } from "prom-client";
import type { z } from "zod";
import { createLogger, type Logger } from "./create-logger.ts";
import { InvalidDefinitionsError } from "./definitions/deploy-folder.ts";
import { withFewerRepeats } from "./fewer-repeats.ts";
import { Health } from "./health.ts";
import { startHealthServer } from "./health-server.ts";
import type { HostConfig } from "./host-settings.ts";
import { warnOfUnknown } from "./known-variables.ts";
import { ConfigError, type Environment, readConfig } from "./read-config.ts";
import { SecretMask } from "./secret-mask.ts";

/** How long a process may take to stop before it is ended: less than the 10 s that are promised, in milliseconds. */
export const STOP_TIMEOUT_MS = 9_000;
/**
 * Signals that come this soon after the first are the same order, in milliseconds: one to a process group reaches the
 * process itself, and again by way of each parent that hands it on.
 */
export const SAME_ORDER_MS = 1_000;

/** What a service's `main` is given. */
export interface Context<Config = HostConfig> {
  /** The service's name. */
  readonly name: string;
  readonly config: Config;
  readonly logger: Logger;
  /** What is hidden in the log; empty until definitions are followed. */
  readonly secrets: SecretMask;
  readonly health: Health;
  readonly metrics: Registry;
  /** Aborts when the process is told to stop, also while it still starts. */
  readonly signal: AbortSignal;
}

/** A service that runs. Disposal ends it gracefully; `stopped`, if it has one, rejects when it cannot go on. */
export interface Running extends AsyncDisposable {
  readonly stopped?: Promise<unknown>;
}

/**
 * Runs a service until SIGTERM, SIGINT or an error ends the process: exit code 0 after a graceful stop, 1 otherwise.
 * `settings` holds at least `hostSettings.shape`. Not ready before `main` has returned.
 */
export async function runService<Schema extends z.ZodObject>(
  name: string,
  settings: z.output<Schema> extends HostConfig ? Schema : never,
  main: (context: Context<z.output<Schema>>) => Promise<Running>,
  env: Environment = process.env,
): Promise<void> {
  const config = readSettings<Schema>(settings, env);
  const secrets = new SecretMask();
  const logger = withFewerRepeats(createLogger(config as HostConfig, name, secrets));
  warnOfUnknown(env, logger);
  const stop = stopOnSignals(logger);
  process.on("uncaughtException", (error) => fail(logger, error, "an error was not caught"));
  // Neither a handler of signals nor a promise keeps a process alive, and what `main` waits for may hold nothing open.
  setInterval(() => {}, STOP_TIMEOUT_MS);
  try {
    await run(name, { config, logger, secrets, signal: stop }, main);
  } catch (error) {
    // Told to stop while it still waited for something to start with.
    const interrupted = stop.aborted && error === stop.reason;
    if (!interrupted) fail(logger, error, "the service cannot go on");
  }
  logger.info({}, "stopped");
  process.exit(0);
}

async function run<Config>(
  name: string,
  base: Pick<Context<Config>, "config" | "logger" | "secrets" | "signal">,
  main: (context: Context<Config>) => Promise<Running>,
): Promise<void> {
  const { logger, signal } = base;
  const health = new Health(logger);
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  health.enter(name, "starting");
  const { healthPort } = base.config as HostConfig;
  await using server = healthPort === undefined ? undefined : await startHealthServer({ health, metrics }, healthPort);
  if (server) logger.info({ port: server.port }, `health on port ${server.port}`);
  await using service = await main({ name, ...base, health, metrics });
  health.enter(name, "running");
  await Promise.race([aborted(signal), service.stopped ?? new Promise(() => {})]);
  health.enter(name, "stopping");
}

function readSettings<Schema extends z.ZodObject>(settings: Schema, env: Environment): z.output<Schema> {
  try {
    return readConfig(settings, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // There is no logger yet: its level is one of the settings.
    process.stderr.write(`The settings cannot be used.\n${error.message}\n`);
    process.exit(1);
  }
}

function stopOnSignals(logger: Logger): AbortSignal {
  const stop = new AbortController();
  let firstMs = 0;
  const receive = (name: NodeJS.Signals) => {
    if (stop.signal.aborted) {
      if (performance.now() - firstMs < SAME_ORDER_MS) return;
      logger.warn(
        { signal: name },
        "told to stop a second time: ending at once, what is not finished is taken up at the next start",
      );
      process.exit(1);
    }
    firstMs = performance.now();
    logger.info({ signal: name }, "stopping");
    const late = setTimeout(() => {
      logger.error(
        { timeoutMs: STOP_TIMEOUT_MS },
        "did not stop in time: ending, what is not finished is taken up at the next start",
      );
      process.exit(1);
    }, STOP_TIMEOUT_MS);
    late.unref();
    stop.abort();
  };
  process.on("SIGTERM", receive);
  process.on("SIGINT", receive);
  return stop.signal;
}

function fail(logger: Logger, error: unknown, message: string): never {
  if (error instanceof ConfigError) logger.fatal({ settings: error.settings }, error.message);
  else if (error instanceof InvalidDefinitionsError) logger.fatal({ problems: error.problems }, error.message);
  else logger.fatal({ err: error }, `${message}: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
