import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type RedisInstance, redisSource } from "./redis-instance.ts";
import { askRedis } from "./redis-wire.ts";

/** A Redis for tests. `control` is there when the server is ours to kill, and undefined for that of `REDIS_URL`. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  readonly control: RedisControl | undefined;
  /** Forgets everything: FLUSHALL. */
  flush(): Promise<void>;
  /** Sends any command and gives the first line of the answer. */
  ask(...command: readonly string[]): Promise<string>;
}

/** What can be done to a server of our own. It comes back empty, on the same port. */
export interface RedisControl {
  /** SIGTERM, until it has ended. */
  stop(): Promise<void>;
  /** SIGKILL, until it has ended. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing is answered. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

/** Whether tests can have a Redis; if not, what to do about it. */
export async function redisAvailable(): Promise<true | string> {
  if (process.env["REDIS_URL"] || redisSource()) return true;
  return "no REDIS_URL, no container engine and no redis-server were found; provide one: apt-get install redis-server";
}

/**
 * For a test file's `skip`: undefined when there is a Redis, else the reason. With CI=true it throws instead, because
 * there a test that does not run is a failure.
 */
export async function skipWithoutRedis(): Promise<string | undefined> {
  const available = await redisAvailable();
  if (available === true) return undefined;
  if (process.env["CI"] === "true") throw new Error(`CI=true, so Redis is expected: ${available}`);
  console.error(`SKIPPED, tests that need Redis: ${available}`);
  return available;
}

/** Takes the Redis of `REDIS_URL` (which tests will flush), or starts one: in a container, or from the PATH. */
export async function startRedis(): Promise<TestRedis> {
  const given = process.env["REDIS_URL"];
  if (given) return testRedis(new URL(given), undefined);
  const source = redisSource();
  if (!source) throw new Error(`${await redisAvailable()}`);
  const port = await freePort();
  const control = new OwnServer(() => source(port), new URL(`redis://127.0.0.1:${port}`));
  await control.start();
  return testRedis(control.url, control);
}

function testRedis(url: URL, control: OwnServer | undefined): TestRedis {
  const ask = (...command: readonly string[]): Promise<string> => askRedis(url, ...command);
  return {
    url: url.href,
    control,
    ask,
    async flush() {
      const answer = await ask("FLUSHALL");
      if (answer !== "+OK") throw new Error(`FLUSHALL: expected +OK, found ${answer}`);
    },
    [Symbol.asyncDispose]: async () => control?.kill(),
  };
}

const START_ATTEMPTS = 200;
const START_PAUSE_MS = 25;

class OwnServer implements RedisControl {
  readonly url: URL;
  readonly #launch: () => Promise<RedisInstance>;
  #running: RedisInstance | undefined;

  constructor(launch: () => Promise<RedisInstance>, url: URL) {
    this.#launch = launch;
    this.url = url;
  }

  async start(): Promise<void> {
    if (this.#running) throw new Error(`${this.url.href}: expected a stopped server, found a running one`);
    this.#running = await this.#launch();
    let answer = "";
    for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
      answer = await askRedis(this.url, "PING").catch(String);
      if (answer === "+PONG") return;
      await sleep(START_PAUSE_MS);
    }
    // It may have ended by itself, and then cannot be killed.
    await this.kill().catch(() => {});
    throw new Error(`${this.url.href}: expected +PONG, found ${answer} after ${START_ATTEMPTS} attempts`);
  }

  stop = (): Promise<void> => this.#end("SIGTERM");
  kill = (): Promise<void> => this.#end("SIGKILL");
  pause = async (): Promise<void> => this.#running?.signal("SIGSTOP");
  resume = async (): Promise<void> => this.#running?.signal("SIGCONT");

  async #end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.signal(signal);
  }
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer().on("error", reject);
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    server.close(() => resolve(port));
  });
  return promise;
}
