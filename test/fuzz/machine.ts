import { startCorrelator } from "@antiphon/correlator";
import { correlatorSettings } from "@antiphon/correlator/config";
import { startDispatcher } from "@antiphon/dispatcher";
import { dispatcherSettings } from "@antiphon/dispatcher/config";
import { startGateway } from "@antiphon/gateway";
import { gatewaySettings } from "@antiphon/gateway/config";
import { callbackTokens, readConfig, systemClock } from "@antiphon/host";
import { deployFolder, followDefinitions } from "@antiphon/host/definitions";
import type { Log } from "@antiphon/log";
import { startOrchestrator } from "@antiphon/orchestrator";
import { orchestratorSettings } from "@antiphon/orchestrator/config";
import { startProjector } from "@antiphon/projector";
import { memoryStore, type Store } from "@antiphon/store";

export const WORKFLOWS = `${import.meta.dirname}/definitions`;
const SECRET = "a secret that is long enough for tests";
const HEALTH = { set: () => {}, forget: () => {}, report: async () => ({ status: "UP", checks: [] }) as const };
const NO_METRICS = { contentType: "text/plain", metrics: async () => "" };

/** What a machine has that is not as usual: an empty store, one partition, the definitions beside this file. */
export interface MachineOptions {
  readonly store?: Store;
  readonly partitions?: number;
  readonly workflows?: string;
}

/** All services in this process. */
export interface Machine extends AsyncDisposable {
  readonly url: string;
  /** What was logged as an error, with what it was about. */
  readonly errors: readonly string[];
}

export async function startMachine(
  log: Log,
  { store = memoryStore(), partitions = 1, workflows = WORKFLOWS }: MachineOptions = {},
): Promise<Machine> {
  await using stack = new AsyncDisposableStack();
  stack.use(store);
  const errors: string[] = [];
  const logger = {
    trace: () => {},
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (details: object, message: string) => void errors.push(`${message} ${JSON.stringify(details)}`),
    fatal: (_: object, message: string) => void errors.push(message),
  };
  const base = { log, store, clock: systemClock, logger, partitions };
  const definitions = stack.use(followDefinitions(base, {}));
  await definitions.ready;
  const env = { ANTIPHON_PORT: "0", ANTIPHON_WORKFLOWS: workflows, ANTIPHON_REPLY_TIMEOUT_MS: "10000" };
  const ports = { ...base, definitions, callbackTokens: callbackTokens([SECRET]), health: HEALTH };
  await deployFolder(ports, workflows, env);
  const gateway = stack.use(await startGateway({ ...ports, metrics: NO_METRICS }, readConfig(gatewaySettings, env)));
  stack.use(await startOrchestrator(ports, { ...readConfig(orchestratorSettings, env), publicUrl: gateway.url }));
  stack.use(await startDispatcher(ports, readConfig(dispatcherSettings, env)));
  stack.use(await startCorrelator(ports, readConfig(correlatorSettings, env)));
  stack.use(await startProjector(ports, { viewsDelayMs: 20 }));
  const running = stack.move();
  return { url: gateway.url, errors, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
