import { startCorrelator } from "@antiphon/correlator";
import { startDispatcher } from "@antiphon/dispatcher";
import type { CallbackTokens, Running } from "@antiphon/host";
import { followDefinitions } from "@antiphon/host/definitions";
import type { Log } from "@antiphon/log";
import type { FetchedPartition } from "@antiphon/log-kafka/wire";
import { startOrchestrator } from "@antiphon/orchestrator";
import { Gate } from "@antiphon/processor/testing";
import { startProjector } from "@antiphon/projector";
import type { Store } from "@antiphon/store";
import type { Broker } from "./broker.ts";
import { knownDefinitions, SLICE_STEPS } from "./deployments.ts";
import type { Faults } from "./faults.ts";
import { type Groups, SESSION_MS } from "./groups.ts";
import { KafkaClient } from "./kafka-client.ts";
import type { Mutant } from "./mutants/index.ts";
import { SimulatedNetwork } from "./network.ts";
import type { Services } from "./services.ts";
import { type SimulatedStore, storeClient } from "./simulated-store.ts";
import { PUBLIC_URL } from "./tokens.ts";
import type { World } from "./world.ts";

/** How long it takes a process at most to hear that it is taken for dead. */
const HEARTBEAT_MS = 4_000;

/** What a process is started with and that a mutant may replace. */
export interface Ports {
  readonly log: Log;
  readonly store: Store;
}

/** Everything around the processes. */
export interface Surroundings {
  readonly world: World;
  readonly broker: Broker;
  readonly groups: Groups;
  readonly redis: SimulatedStore;
  readonly services: Services;
  readonly tokens: CallbackTokens;
  readonly faults: Faults;
  readonly partitions: number;
  /** Processes read the definitions from their topic, in their time; else they know them from the beginning. */
  readonly readsDefinitions: boolean;
  /** How long logs are kept, and ended instances, in milliseconds. */
  readonly retention: { readonly logRetention: number; readonly retention: number };
  /** Something is wrong between processes and their ports. */
  readonly mutant: Mutant | undefined;
  /** Somebody could not go on: told why. */
  readonly failed: (reason: string) => void;
}

/** One process with all services, as they are deployed: it can be stopped, killed, and held up as if it slept. */
export class Process {
  readonly name: string;
  readonly #around: Surroundings;
  readonly #gate: Gate;
  /** What its clock shows more than the time that it is. */
  offsetMs = 0;
  #running: Promise<AsyncDisposable>;
  isHeld = false;
  #isKilled = false;
  #isStopping = false;

  constructor(around: Surroundings, name: string) {
    this.name = name;
    this.#around = around;
    this.#gate = new Gate(around.world.schedule);
    this.#running = this.#start();
    this.#running.catch((error: unknown) => this.#fail(error));
  }

  /** Ends as it is told to, and has given up all that it had when this resolves. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await (await this.#running)[Symbol.asyncDispose]();
    this.#gate.shut();
  }

  /** Ends at once: nothing that it had begun is heard of again. Others notice when it has been silent for too long. */
  kill(): void {
    this.#isKilled = true;
    this.#gate.shut();
    void this.#around.world.sleep(SESSION_MS).then(() => this.#around.groups.expel(this.name));
  }

  /** Stands still for a while, then goes on as if nothing had been: others may have taken over what it had. */
  async hold(ms: number): Promise<void> {
    const { world, groups } = this.#around;
    this.isHeld = true;
    this.#gate.close();
    await world.sleep(Math.min(ms, SESSION_MS));
    if (ms > SESSION_MS && !this.#isKilled) {
      const rejoin = groups.expel(this.name);
      await world.sleep(ms - SESSION_MS);
      if (!this.#isStopping) void world.sleep(world.schedule.below(HEARTBEAT_MS), this.#gate).then(rejoin);
    }
    this.isHeld = false;
    if (!this.#isKilled) this.#gate.open();
  }

  async #start(): Promise<AsyncDisposable> {
    const { world, broker, groups, redis, services, tokens, faults, partitions, readsDefinitions, retention, mutant } =
      this.#around;
    const gate = this.#gate;
    const clock = {
      now: () => world.nowMs + this.offsetMs,
      steady: () => world.nowMs,
      sleep: (ms: number, signal: AbortSignal) => world.sleep(ms, gate, signal),
    };
    const told = (details: object, message: string): void =>
      world.tell(() => `${this.name}: ${message} ${describe(details)}`);
    const logger = { trace() {}, debug() {}, info: told, warn: told, error: told };
    const fetched = mutant?.fetched ?? ((found: FetchedPartition) => found);
    const client = new KafkaClient({ world, broker, groups, faults, gate, process: this.name, fetched });
    const right: Ports = { log: client, store: storeClient(redis, { world, faults, gate }) };
    const { log, store } = mutant?.ports?.(right) ?? right;
    await using stack = new AsyncDisposableStack();
    const definitions = stack.use(
      readsDefinitions ? followDefinitions({ log, clock, logger }, {}) : knownDefinitions(),
    );
    await definitions.ready;
    const ports = { log, store, clock, logger, partitions, definitions, callbackTokens: tokens, cachedMax: 3 };
    const agent = new SimulatedNetwork(world, faults, gate, services);
    const health = { set() {} };
    const starting: readonly Promise<Running>[] = [
      startOrchestrator({ ...ports, sliceSteps: SLICE_STEPS }, { publicUrl: PUBLIC_URL, ...retention }),
      startDispatcher({ ...ports, agent }, { concurrency: 4, actionTimeoutMs: 60_000 }),
      startCorrelator(ports, retention),
      startProjector({ ...ports, health }, { viewsDelayMs: 20 }),
    ];
    for (const service of await Promise.all(starting)) {
      service.stopped?.catch((error: unknown) => this.#fail(error));
      stack.use(service);
    }
    return stack.move();
  }

  #fail(error: unknown): void {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#around.failed(`${this.name} cannot go on: ${reason}`);
  }
}

function describe(details: object): string {
  const { err, ...rest } = details as { readonly err?: unknown };
  return [err instanceof Error ? err.message : "", JSON.stringify(rest)].join(" ").trim();
}
