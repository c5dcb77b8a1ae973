import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startBroker } from "@antiphon/test/support/kafka-broker.ts";
import { startRedis } from "@antiphon/test/support/redis-server.ts";
import { listenerPid } from "./cpu.ts";

/** Antiphon as it is measured: where it listens, and the processes whose CPU counts. */
export interface Deployment extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly brokers?: readonly string[];
  readonly processes: readonly { readonly name: string; readonly pid: number }[];
}

const ROOT = join(import.meta.dirname, "..");
const DEFINITIONS = join(import.meta.dirname, "definitions");
const FLAGS = ["--disable-warning=TimeoutNegativeWarning", "--disable-warning=ExperimentalWarning"];
/** How long a process may take until it says that it is there. */
const START_MS = 60_000;

/** Everything in one process, on the embedded log and store. */
export async function startEmbedded(): Promise<Deployment> {
  const folder = mkdtempSync(join(tmpdir(), "antiphon-bench-"));
  const service = await start("standalone", { ANTIPHON_DATA: folder, ANTIPHON_PORT: "0" }, /listening on (http\S+?)"/);
  return {
    name: "embedded log and store",
    url: service.said,
    processes: [{ name: "antiphon", pid: service.pid }],
    async [Symbol.asyncDispose]() {
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every service a process of its own, on a real broker and a real Redis. */
export async function startDistributed(): Promise<Deployment> {
  await using stack = new AsyncDisposableStack();
  const broker = stack.use(await startBroker());
  const redis = stack.use(await startRedis());
  const env = {
    ANTIPHON_KAFKA_BROKERS: broker.brokers.join(),
    ANTIPHON_REDIS_URL: redis.url,
    ANTIPHON_CALLBACK_SECRET: "a secret of the bench that nobody needs to keep",
    ANTIPHON_PORT: "0",
  };
  const processes: { name: string; pid: number }[] = [
    { name: "kafka", pid: listenerPid(Number(broker.brokers[0]?.split(":")[1])) },
    { name: "redis", pid: listenerPid(Number(new URL(redis.url).port)) },
  ];
  let url = "";
  for (const name of ["gateway", "orchestrator", "dispatcher", "correlator", "projector"]) {
    const ready = name === "gateway" ? /listening on (http\S+?)"/ : /health on port (\d+)/;
    const service = await start(name, { ...env, ANTIPHON_HEALTH_PORT: "0" }, ready);
    stack.defer(() => service.stop());
    processes.push({ name, pid: service.pid });
    if (name === "gateway") url = service.said;
    else await healthy(`http://127.0.0.1:${service.said}/q/health/ready`);
  }
  await healthy(`${url}/q/health/ready`);
  const all = stack.move();
  return {
    name: "Kafka and Redis",
    url,
    brokers: broker.brokers,
    processes,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

interface Service {
  readonly pid: number;
  /** What the first line that matched said. */
  readonly said: string;
  stop(): Promise<void>;
}

async function start(name: string, env: Readonly<Record<string, string>>, ready: RegExp): Promise<Service> {
  const child: ChildProcess = spawn(process.execPath, [...FLAGS, `services/${name}/main.ts`], {
    cwd: ROOT,
    env: { ...process.env, ANTIPHON_WORKFLOWS: DEFINITIONS, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${name} did not say ${ready}`)), START_MS);
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      const match = ready.exec(line);
      if (match?.[1] !== undefined) {
        clearTimeout(late);
        resolve(match[1]);
      } else if (/"level":(50|60)/.test(line)) process.stderr.write(`${name}: ${line}\n`);
    });
  });
  return {
    pid: child.pid ?? 0,
    said,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

async function healthy(url: string): Promise<void> {
  for (const endMs = Date.now() + START_MS; Date.now() < endMs; ) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} is not ready: ${await (await fetch(url)).text()}`);
}
