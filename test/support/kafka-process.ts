import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Broker } from "./kafka-broker.ts";
import { kafkaJars } from "./kafka-jars.ts";
import { freePort } from "./kafka-ports.ts";

const READY = "Kafka Server started";
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 20_000;
/** How much of a broker's output is kept, to be shown when it does not start. */
const OUTPUT_MAX = 20_000;

/** A broker, controller in the same process, from Maven's jars: data in a folder that goes with it. */
export async function startProcess(): Promise<Broker> {
  const classpath = join(await kafkaJars(), "*");
  const folder = await mkdtemp(join(tmpdir(), "kafka-"));
  const [port, controllerPort] = [await freePort(), await freePort()];
  const properties = join(folder, "server.properties");
  await writeFile(properties, settings(port, controllerPort, join(folder, "data")));
  const clusterId = randomBytes(16).toString("base64url");
  await runToEnd([
    ...java(classpath),
    "kafka.tools.StorageTool",
    "format",
    // One in 64 ids begins with a hyphen, and would be taken for an option.
    `--cluster-id=${clusterId}`,
    `--config=${properties}`,
    "--standalone",
  ]);

  const start = (): Promise<ChildProcess> => startJava([...java(classpath), "kafka.Kafka", properties]);
  let child = await start();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
    child.kill(signal);
    await once(child, "exit");
    clearTimeout(timer);
  };
  return {
    brokers: [`127.0.0.1:${port}`],
    ours: true,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    restart: async () => {
      await end("SIGTERM");
      child = await start();
    },
    [Symbol.asyncDispose]: async () => {
      await end("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function java(classpath: string): string[] {
  return ["-Xmx512m", "-Xms128m", "-XX:TieredStopAtLevel=1", "-cp", classpath];
}

async function runToEnd(args: readonly string[]): Promise<void> {
  const { child, output } = spawnJava(args);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`java ${args.join(" ")} ended with code ${code}:\n${output()}`);
}

async function startJava(args: readonly string[]): Promise<ChildProcess> {
  const { child, output } = spawnJava(args);
  // A test run that is cut short leaves no broker behind.
  const killed = (): boolean => child.kill("SIGKILL");
  process.on("exit", killed);
  child.on("exit", () => process.off("exit", killed));

  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (): void => reject(new Error(`the broker did not start within ${START_MS_MAX} ms:\n${output()}`));
  const timer = setTimeout(fail, START_MS_MAX);
  const look = (): void => {
    if (output().includes(READY)) resolve();
  };
  child.stdout?.on("data", look);
  child.stderr?.on("data", look);
  child.on("exit", fail);
  try {
    await promise;
    return child;
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(timer);
    child.off("exit", fail);
    child.stdout?.off("data", look);
    child.stderr?.off("data", look);
  }
}

function spawnJava(args: readonly string[]): { child: ChildProcess; output: () => string } {
  const child = spawn("java", args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const keep = (text: string): void => {
    output = (output + text).slice(-OUTPUT_MAX);
  };
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  return { child, output: () => output };
}

function settings(port: number, controllerPort: number, data: string): string {
  return Object.entries({
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.bootstrap.servers": `127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "group.initial.rebalance.delay.ms": 0,
    "group.min.session.timeout.ms": 1_000,
    // After a kill, the broker's old self must be taken for dead before it may come back.
    "broker.session.timeout.ms": 2_000,
    "broker.heartbeat.interval.ms": 500,
    "auto.create.topics.enable": false,
    "log.dirs": data,
  })
    .map(([name, value]) => `${name}=${value}`)
    .join("\n");
}
