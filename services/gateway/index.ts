import { newId, type Running } from "@antiphon/host";
import { AsideReader, ensureEventTopics } from "@antiphon/host/definitions";
import { buildApp } from "./app.ts";
import { Catalog } from "./catalog.ts";
import { closeApp } from "./close.ts";
import type { GatewayConfig } from "./config.ts";
import { followSchedules } from "./follow-schedules.ts";
import { listen } from "./listen.ts";
import type { GatewayPorts } from "./ports.ts";
import { Freshness } from "./queries/freshness.ts";
import { Requests } from "./requests.ts";
import { SchemaChecks } from "./schema-checks.ts";

export type { GatewayConfig } from "./config.ts";
export type { GatewayPorts } from "./ports.ts";

/**
 * Serves HTTP until disposal; `url` is where. Throws if the port cannot be had. Makes the topics of definitions, now and
 * whenever they change.
 */
export async function startGateway(
  ports: GatewayPorts,
  config: GatewayConfig,
): Promise<Running & { readonly url: string; readonly stopped: Promise<unknown> }> {
  const { log, clock, logger, definitions, partitions } = ports;
  await using stack = new AsyncDisposableStack();
  const stop = new AbortController();
  const requests = stack.use(await Requests.open(ports, newId(), config.replyTimeoutMs));
  const catalog = stack.use(new Catalog(definitions));
  const freshness = new Freshness(ports);
  const schemas = new SchemaChecks();
  const { read: readFiles } = stack.use(new AsideReader());
  const app = buildApp({ ports, config, requests, catalog, schemas, freshness, readFiles, signal: stop.signal });

  const makeTopics = (): Promise<void> =>
    ensureEventTopics(
      log,
      definitions.all().map(({ definition }) => definition),
      partitions,
    ).catch((error: unknown) => logger.error({ err: error }, "topics of definitions could not be made"));
  await makeTopics();
  stack.defer(definitions.onChange(() => void makeTopics()));

  const onError = (error: unknown): void => logger.error({ err: error }, "schedules could not be told of a definition");
  const schedules = stack.use(followSchedules(log, definitions, onError));
  await schedules.told;
  const url = await listen(app, config);
  stack.defer(() => closeApp(app, requests, clock));
  stack.defer(() => stop.abort());
  logger.info({ url }, `listening on ${url}`);
  const all = stack.move();
  return { url, stopped: requests.stopped, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
