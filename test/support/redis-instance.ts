import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** One run of a Redis server, from its start to its end. */
export interface RedisInstance {
  /** SIGTERM or SIGKILL end it, and this waits until it has ended; SIGSTOP and SIGCONT hold it still and let it go on. */
  signal(name: "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void>;
}

/** Where a Redis server can come from, in the order of preference; undefined if from nowhere. */
export function redisSource(): ((port: number) => Promise<RedisInstance>) | undefined {
  const engine = ["docker", "podman"].find((name) => answers(name, "version"));
  if (engine) return (port) => startContainer(engine, port);
  return answers("redis-server", "--version") ? async (port) => new ProcessInstance(port) : undefined;
}

const WITHOUT_A_DISK = ["--save", "", "--appendonly", "no"];
const CONTAINER_IMAGE = "redis:7";

class ProcessInstance implements RedisInstance {
  readonly #folder = mkdtempSync(join(tmpdir(), "antiphon-redis-"));
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(port: number) {
    const where = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", this.#folder];
    this.#process = spawn("redis-server", [...where, ...WITHOUT_A_DISK], { stdio: "ignore" });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ended = promise;
    // A test run that ends early must not leave a server behind.
    const killed = (): boolean => this.#process.kill("SIGKILL");
    process.once("exit", killed);
    this.#process.on("exit", () => {
      process.off("exit", killed);
      rmSync(this.#folder, { recursive: true, force: true });
      resolve();
    });
  }

  async signal(name: NodeJS.Signals): Promise<void> {
    this.#process.kill(name);
    if (name === "SIGTERM" || name === "SIGKILL") await this.#ended;
  }
}

async function startContainer(engine: string, port: number): Promise<RedisInstance> {
  const run = ["run", "--detach", "--rm", "--publish", `127.0.0.1:${port}:6379`];
  const { stdout } = await ask(engine, [...run, CONTAINER_IMAGE, "redis-server", ...WITHOUT_A_DISK]);
  const id = stdout.trim();
  return {
    async signal(name) {
      if (name === "SIGSTOP") await ask(engine, ["pause", id]);
      else if (name === "SIGCONT") await ask(engine, ["unpause", id]);
      else {
        // Asked for before it ends, because afterwards there is nothing to wait for.
        const ended = ask(engine, ["wait", id]);
        await ask(engine, ["kill", "--signal", name, id]);
        await ended;
      }
    },
  };
}

/** Not the blocking kind: clients in this process shall notice what happens to their server. */
const ask = promisify(execFile);

function answers(command: string, ...words: readonly string[]): boolean {
  return spawnSync(command, words, { stdio: "ignore", timeout: 5_000 }).status === 0;
}
