import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Deployment, DeploymentSettings } from "./deployment.ts";
import { CALLBACK_SECRET, metricsAt, probedAt, ready, tail } from "./deployment-process.ts";
import { ServiceProcess } from "./service-process.ts";

const SERVICE = "standalone";
/** The files of the embedded store. */
const STORE_FILES = ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm"];

/** Starts all services in one process, on a data folder and a port of its own. */
export async function startEmbedded({ workflows, env }: DeploymentSettings): Promise<Deployment> {
  const data = await mkdtemp(join(tmpdir(), "antiphon-system-"));
  const settings = {
    ANTIPHON_DATA: data,
    ANTIPHON_WORKFLOWS: workflows,
    ANTIPHON_CALLBACK_SECRET: CALLBACK_SECRET,
    ...env,
  };
  const processes: ServiceProcess[] = [];
  const start = async (port: string): Promise<string> => {
    const service = new ServiceProcess(SERVICE, { ...settings, ANTIPHON_PORT: port });
    processes.push(service);
    const { url } = await service.logged("listening on");
    await ready(service, `${url}`);
    return `${url}`;
  };
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => void (await processes.at(-1)?.end(signal));
  const remove = async (): Promise<void> => {
    await end("SIGTERM");
    await rm(data, { recursive: true, force: true });
  };

  let url: string;
  try {
    url = await start("0");
  } catch (error) {
    await remove();
    throw error;
  }
  const restart = async (): Promise<void> => void (await start(new URL(url).port));
  return {
    kind: "embedded",
    url,
    services: [SERVICE],
    kafkaBrokers: undefined,
    broker: undefined,
    redis: undefined,
    kill: () => end("SIGKILL"),
    restart,
    async loseStore() {
      await end("SIGKILL");
      for (const file of STORE_FILES) await rm(join(data, file), { force: true });
      await restart();
    },
    addGateway: async () => url,
    metrics: () => metricsAt(url),
    probe: async () => [await probedAt(url)],
    logs: () => processes.map(tail).join("\n"),
    [Symbol.asyncDispose]: remove,
  };
}
