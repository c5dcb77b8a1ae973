import { join } from "node:path";
import { startEmbedded } from "./embedded-deployment.ts";
import type { Broker } from "./kafka-broker.ts";
import { startOnKafka } from "./kafka-deployment.ts";
import type { TestRedis } from "./redis-server.ts";

/** Everything in one process on the embedded log and store, or each service in its own on Kafka and Redis. */
export type DeploymentKind = "embedded" | "kafka";

/** What a deployment is started with. */
export interface DeploymentSettings {
  /** The folder of definitions. */
  readonly workflows: string;
  /** Further settings, of every process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running Antiphon. */
export interface Deployment extends AsyncDisposable {
  readonly kind: DeploymentKind;
  /** Where its gateway is; the same after a restart. */
  readonly url: string;
  /** Its processes by name. */
  readonly services: readonly string[];
  /** `host:port`, as clients of the topics want it; undefined: there is no broker. */
  readonly kafkaBrokers: string | undefined;
  /** What it runs on, where that is not embedded. */
  readonly broker: Broker | undefined;
  readonly redis: TestRedis | undefined;
  /** Ends one process at once, as a power failure would. */
  kill(service: string): Promise<void>;
  /** Starts it again, and waits until it is ready. */
  restart(service: string): Promise<void>;
  /** Takes the store's whole content away while work is in flight: FLUSHALL, or the file of a process that was killed. */
  loseStore(): Promise<void>;
  /** The URL of another gateway of the same deployment; of its only one where all is in one process. */
  addGateway(): Promise<string>;
  /** What all its processes together tell Prometheus. */
  metrics(): Promise<string>;
  /** What each of its processes answers when it is asked whether it is ready: the statuses. */
  probe(): Promise<readonly number[]>;
  /** What its processes have printed of late, warnings and worse in full. */
  logs(): string;
}

/** The definitions that are made for tests of Antiphon's ways. */
export const TEST_DEFINITIONS = join(import.meta.dirname, "definitions");
/** The definitions that together use the whole language, each with what is to become of it. */
export const DEFINITIONS = join(import.meta.dirname, "..", "definitions");
/** The definitions of the examples. */
export const EXAMPLES = join(import.meta.dirname, "..", "..", "examples");

/** Starts a deployment, and waits until it is ready. */
export async function startDeployment(kind: DeploymentKind, settings: DeploymentSettings): Promise<Deployment> {
  return kind === "embedded" ? startEmbedded(settings) : startOnKafka(settings);
}
