import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startContainer } from "./kafka-container.ts";
import { kafkaJarsAreHere } from "./kafka-jars.ts";
import { startProcess } from "./kafka-process.ts";

/** A Kafka broker for tests. */
export interface Broker extends AsyncDisposable {
  /** `host:port`, as clients want it. */
  readonly brokers: readonly string[];
  /** Whether it is ours to stop, kill and restart; one that was given by `KAFKA_BROKERS` is not. */
  readonly ours: boolean;
  /** Stops it gracefully. */
  stop(): Promise<void>;
  /** Ends it at once, as a power failure would. */
  kill(): Promise<void>;
  /** Starts it again with the same data on the same port, after stopping it if it still runs. */
  restart(): Promise<void>;
}

/** The command that provides all that a broker needs on a machine without one. */
const PROVIDE = "apt-get install -y --no-install-recommends default-jdk-headless maven";

/**
 * For a test file's `skip`: false where there is a broker, else the reason. With CI=true it throws instead, because there
 * a test that does not run is a failure.
 */
export async function skipWithoutBroker(): Promise<string | false> {
  const available = await brokerAvailable();
  if (available === true) return false;
  if (process.env["CI"] === "true") throw new Error(`CI=true, so Kafka is expected: ${available}`);
  console.error(`SKIPPED, tests that need Kafka: ${available}`);
  return available;
}

type Source = "given" | "container" | "process";

/** A broker: the one named by `KAFKA_BROKERS`, else one in a container, else one from Maven's jars on Java. */
export async function startBroker(): Promise<Broker> {
  const source = await findSource();
  switch (source) {
    case "given":
      return givenBroker();
    case "container":
      return startContainer();
    case "process":
      return startProcess();
    case undefined:
      throw new Error(absence());
  }
}

/** True if `startBroker` can work here; else the reason why not, with what would help. */
export async function brokerAvailable(): Promise<true | string> {
  return (await findSource()) === undefined ? absence() : true;
}

async function findSource(): Promise<Source | undefined> {
  if (process.env["KAFKA_BROKERS"]) return "given";
  if (await answers("docker", ["info"])) return "container";
  const java = await answers("java", ["-version"]);
  if (java && (kafkaJarsAreHere() || (await answers("mvn", ["-version"])))) return "process";
  return undefined;
}

function absence(): string {
  return `no Kafka broker: KAFKA_BROKERS is not set, no container engine answers, Java or Maven is missing. Try: ${PROVIDE}`;
}

async function answers(command: string, args: readonly string[]): Promise<boolean> {
  return promisify(execFile)(command, args, { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}

function givenBroker(): Broker {
  const brokers = (process.env["KAFKA_BROKERS"] ?? "").split(",");
  const refuse = async (): Promise<never> => {
    throw new Error(`the broker ${brokers} was given by KAFKA_BROKERS; it is not ours to stop`);
  };
  return { brokers, ours: false, stop: refuse, kill: refuse, restart: refuse, [Symbol.asyncDispose]: async () => {} };
}
