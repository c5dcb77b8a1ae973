import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Deployment, DeploymentSettings } from "./deployment.ts";
import { CALLBACK_SECRET, metricsAt, probedAt, ready, tail } from "./deployment-process.ts";
import { startBroker } from "./kafka-broker.ts";
import { startRedis } from "./redis-server.ts";
import { ServiceProcess } from "./service-process.ts";

/** The gateway comes first: it says where services call back to. */
const GATEWAY = "gateway";
const OTHERS = ["orchestrator", "dispatcher", "correlator", "projector"];

/** Starts each service in a process of its own, on a Kafka and a Redis for this deployment alone. */
export async function startOnKafka({ workflows, env }: DeploymentSettings): Promise<Deployment> {
  await using stack = new AsyncDisposableStack();
  const data = await mkdtemp(join(tmpdir(), "antiphon-system-"));
  stack.defer(() => rm(data, { recursive: true, force: true }));
  const [broker, redis] = await Promise.all([startBroker(), startRedis()]);
  stack.use(broker);
  stack.use(redis);
  const kafkaBrokers = broker.brokers.join(",");
  const common = {
    ANTIPHON_DATA: data,
    ANTIPHON_KAFKA_BROKERS: kafkaBrokers,
    ANTIPHON_KAFKA_PARTITIONS: "4",
    ANTIPHON_KAFKA_PREFIX: `t${randomUUID()}.`,
    ANTIPHON_REDIS_URL: redis.url,
    ANTIPHON_CALLBACK_SECRET: CALLBACK_SECRET,
    ...env,
  };
  const running = new Map<string, ServiceProcess>();
  const ended: ServiceProcess[] = [];
  /** By process: where it is probed. */
  const observed = new Map<string, string>();
  stack.defer(async () => void (await Promise.all([...running.values()].map((service) => service.end("SIGTERM")))));

  const startGateway = async (port: string, name = GATEWAY): Promise<string> => {
    const service = new ServiceProcess(GATEWAY, { ...common, ANTIPHON_WORKFLOWS: workflows, ANTIPHON_PORT: port });
    running.set(name, service);
    const { url } = await service.logged("listening on");
    await ready(service, `${url}`);
    observed.set(name, `${url}`);
    return `${url}`;
  };
  const startOther = async (name: string, publicUrl: string): Promise<void> => {
    const service = new ServiceProcess(name, { ...common, ANTIPHON_PUBLIC_URL: publicUrl, ANTIPHON_HEALTH_PORT: "0" });
    running.set(name, service);
    const { port } = await service.logged("health on port");
    await ready(service, `http://127.0.0.1:${port}`);
    observed.set(name, `http://127.0.0.1:${port}`);
  };

  const url = await startGateway("0");
  await Promise.all(OTHERS.map((name) => startOther(name, url)));
  const all = stack.move();
  return {
    kind: "kafka",
    url,
    services: [GATEWAY, ...OTHERS],
    kafkaBrokers,
    broker,
    redis,
    async kill(name) {
      const service = running.get(name);
      if (service === undefined) throw new Error(`expected one of ${[...running.keys()].join(", ")}, found ${name}`);
      await service.end("SIGKILL");
      ended.push(service);
    },
    async restart(name) {
      if (name === GATEWAY) await startGateway(new URL(url).port);
      else await startOther(name, url);
    },
    loseStore: () => redis.flush(),
    addGateway: () => startGateway("0", `${GATEWAY} ${running.size}`),
    probe: () => Promise.all([...observed.values()].map(probedAt)),
    metrics: async () => (await Promise.all([...observed.values()].map(metricsAt))).join("\n"),
    logs: () => [...ended, ...running.values()].map(tail).join("\n"),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
