import { execFile } from "node:child_process";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Broker } from "./kafka-broker.ts";
import { freePort } from "./kafka-ports.ts";

const IMAGE = "apache/kafka:4.1.1";
const START_MS_MAX = 120_000;
const READY = "Kafka Server started";

/** A broker in a container of its own, removed in the end. */
export async function startContainer(): Promise<Broker> {
  const port = await freePort();
  const environment = Object.entries(settings(port)).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const id = await docker("run", "-d", "-p", `127.0.0.1:${port}:${port}`, ...environment, IMAGE);
  const remove = async (): Promise<void> => void (await docker("rm", "-f", "-v", id));
  try {
    await ready(id, port);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    brokers: [`127.0.0.1:${port}`],
    ours: true,
    stop: async () => void (await docker("stop", id)),
    kill: async () => void (await docker("kill", id)),
    restart: async () => {
      await docker("restart", id);
      await ready(id, port);
    },
    [Symbol.asyncDispose]: remove,
  };
}

async function docker(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("docker", args, { timeout: START_MS_MAX, maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

async function ready(id: string, port: number): Promise<void> {
  const startedAt = await docker("inspect", "-f", "{{.State.StartedAt}}", id);
  const deadline = Date.now() + START_MS_MAX;
  while (Date.now() < deadline) {
    const log = await docker("logs", "--since", startedAt, id);
    if (log.includes(READY) && (await accepts(port))) return;
    await sleep(500);
  }
  throw new Error(`the broker in container ${id} did not start within ${START_MS_MAX} ms`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (accepted: boolean) => (): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.on("connect", answer(true)).on("error", answer(false));
  });
}

function settings(port: number): Record<string, string | number> {
  return {
    KAFKA_NODE_ID: 1,
    KAFKA_PROCESS_ROLES: "broker,controller",
    KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:9093",
    KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
    KAFKA_LISTENERS: `PLAINTEXT://:${port},CONTROLLER://:9093`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1,
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1,
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1,
    KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: 1,
    KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: 1,
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: 0,
    KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: 1_000,
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
  };
}
