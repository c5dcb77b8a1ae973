import { callbackTokens, newId, systemClock } from "@antiphon/host";
import { AsideReader, deploy, ensureEventTopics, followDefinitions } from "@antiphon/host/definitions";
import { memoryLog } from "@antiphon/log";
import { type Clock, type Logger, processPartition } from "@antiphon/processor";
import { topicLayout } from "@antiphon/protocol";
import { type MemoryStore, memoryStore } from "@antiphon/store";
import type { FastifyInstance } from "fastify";
import { buildApp } from "../app.ts";
import { Catalog } from "../catalog.ts";
import type { GatewayConfig } from "../config.ts";
import type { GatewayPorts } from "../ports.ts";
import { Freshness } from "../queries/freshness.ts";
import { Requests } from "../requests.ts";
import { SchemaChecks } from "../schema-checks.ts";
import { testDomain } from "./instance-domain.ts";

const PARTITIONS = 2;
const SECRET = "a secret of tests, which everybody may know";

const HEALTHY = { status: "UP", checks: [{ name: "log", status: "UP" }] } as const;

/** What a machine for tests is made of. */
export interface MachineOptions {
  /** Texts of workflow documents, or files by path with the workflow's first. */
  readonly workflows?: readonly (string | Readonly<Record<string, string>>)[];
  readonly clock?: Clock;
  readonly config?: Partial<Pick<GatewayConfig, "publicUrl" | "replyTimeoutMs">>;
  /** Without it nobody decides on commands. */
  readonly decides?: false;
}

/** A gateway's routes over a log and a store in memory, with an orchestrator behind them. */
export interface Machine extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly ports: GatewayPorts & { readonly store: MemoryStore };
  readonly callbackUrl: (instance: string, wait: string) => string;
  /** What was logged as a warning or an error. */
  readonly complaints: readonly string[];
}

export async function startMachine(options: MachineOptions = {}): Promise<Machine> {
  await using stack = new AsyncDisposableStack();
  const clock = options.clock ?? systemClock;
  const log = stack.use(memoryLog({ now: () => clock.now() }));
  const store = stack.use(memoryStore());
  const complaints: string[] = [];
  const complain = (_details: object, message: string): void => void complaints.push(message);
  const logger: Logger = { info: () => {}, warn: complain, error: complain };
  await log.ensureTopics(topicLayout(PARTITIONS));
  const definitions = stack.use(followDefinitions({ log, clock, logger }, {}));
  await definitions.ready;
  for (const workflow of options.workflows ?? []) {
    const files = typeof workflow === "string" ? { "w.sw.json": workflow } : workflow;
    const deployed = await deploy({ log, definitions }, { path: Object.keys(files)[0] ?? "", files });
    if (deployed.status === "invalid") throw new Error(JSON.stringify(deployed.problems));
  }
  const deployed = definitions.all().map(({ definition }) => definition);
  await ensureEventTopics(log, deployed, PARTITIONS);

  const tokens = callbackTokens([SECRET]);
  const callbackUrl = (instance: string, wait: string) =>
    `/callbacks/${tokens.issue(instance, wait, clock.now() + 3_600_000)}`;
  const stop = new AbortController();
  const ports = {
    ...{ log, store, clock, logger, definitions, partitions: PARTITIONS, callbackTokens: tokens },
    health: { report: async () => HEALTHY, set() {}, forget() {} },
    metrics: { contentType: "text/plain; version=0.0.4", metrics: async () => "a_metric 1\n" },
  };
  if (options.decides !== false) {
    const domain = testDomain(definitions, callbackUrl);
    const running = Array.from({ length: PARTITIONS }, (_, p) => processPartition(domain, ports, p, stop.signal));
    stack.defer(() => Promise.all(running).then(() => {}));
  }
  stack.defer(() => stop.abort());
  const config = { publicUrl: undefined, replyTimeoutMs: 5_000, ...options.config };
  const requests = stack.use(await Requests.open(ports, newId(), config.replyTimeoutMs));
  const catalog = stack.use(new Catalog(definitions));
  const freshness = new Freshness(ports);
  const schemas = new SchemaChecks();
  const { read: readFiles } = stack.use(new AsideReader(60_000));
  const app = buildApp({ ports, config, requests, catalog, schemas, freshness, readFiles, signal: stop.signal });
  stack.defer(() => app.close());
  stack.defer(() => stop.abort());
  const all = stack.move();
  return { app, ports, callbackUrl, complaints, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
