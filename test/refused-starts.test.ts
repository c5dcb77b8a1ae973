import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { TEST_DEFINITIONS } from "./support/deployment.ts";
import { CALLBACK_SECRET } from "./support/deployment-process.ts";
import { type Broker, skipWithoutBroker, startBroker } from "./support/kafka-broker.ts";
import { skipWithoutRedis, startRedis } from "./support/redis-server.ts";
import { type Ending, ServiceProcess } from "./support/service-process.ts";
import { waitUntil } from "./support/wait-until.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "antiphon-starts-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const settings = () => ({
  ANTIPHON_DATA: join(folder, "data"),
  ANTIPHON_WORKFLOWS: TEST_DEFINITIONS,
  ANTIPHON_CALLBACK_SECRET: CALLBACK_SECRET,
  ANTIPHON_PORT: "0",
});

describe("a start that is refused", () => {
  test("definitions that cannot be used are told all at once, with their places, and nothing starts", async () => {
    const definitions = await mkdtemp(join(folder, "definitions-"));
    await writeFile(
      join(definitions, "a.sw.json"),
      '{ "id": "a", "start": "One",\n  "states": [\n    { "name": "One", "type": "inject", "data": {}, "transition": "Tow" },\n    { "name": "Two", "type": "slep", "duration": "PT1S", "end": true }\n  ] }',
    );
    await writeFile(
      join(definitions, "b.sw.yaml"),
      "id: b\nstart: One\nstates:\n  - name: One\n    type: sleep\n    duration: soon\n    end: true\n",
    );
    await writeFile(join(definitions, "c.sw.json"), "{ no JSON");
    const { ending, service } = await refused({ ...settings(), ANTIPHON_WORKFLOWS: definitions });
    assert.deepEqual(ending, { code: 1, signal: null });
    const [first, ...problems] = fatal(service).split("\n");
    assert.equal(first, `The definitions in ${definitions} cannot be used.`);
    assert.deepEqual(problems, [
      'a.sw.json:3:66 /states/0/transition: expected the name of a state, found "Tow"; did you mean "Two"?',
      'a.sw.json:4:30 /states/1/type: expected "inject", "operation", "callback", "event", "switch", "parallel", "foreach" or "sleep", found "slep"; did you mean "sleep"?',
      'b.sw.yaml:6:15 /states/0/duration: expected an ISO 8601 duration such as "PT1H30M", or an expression, found "soon"',
      `c.sw.json:1:3: expected property name or '}', found "n"`,
    ]);
  });

  test("wrong settings are named all at once, with what was expected and found, and secrets are not shown", async () => {
    const wrong = { ANTIPHON_PORT: "eighty", ANTIPHON_LOG_LEVEL: "loud", ANTIPHON_CALLBACK_SECRET: "too short" };
    const { ending, service } = await refused({ ...settings(), ...wrong });
    assert.deepEqual(ending, { code: 1, signal: null });
    assert.deepEqual(service.output.trim().split("\n").sort(), [
      "ANTIPHON_CALLBACK_SECRET: expected secrets of at least 32 characters, newest first, commas between, found a value that is not shown",
      'ANTIPHON_LOG_LEVEL: expected fatal, error, warn, info, debug, trace or silent, found "loud"',
      'ANTIPHON_PORT: expected a port from 0 to 65535, found "eighty"',
      "The settings cannot be used.",
    ]);
  });

  test("a folder of definitions that is not there is named", async () => {
    const missing = join(folder, "nowhere");
    const { ending, service } = await refused({ ...settings(), ANTIPHON_WORKFLOWS: missing });
    assert.deepEqual(ending, { code: 1, signal: null });
    assert.match(
      service.output,
      /ANTIPHON_WORKFLOWS: expected a readable folder of definitions, found \\?".*nowhere\\?": nothing there/,
    );
  });

  test("a port in use is named", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" ? `${address?.port}` : "";
    const { ending, service } = await refused({ ...settings(), ANTIPHON_PORT: port });
    taken.close();
    assert.deepEqual(ending, { code: 1, signal: null });
    assert.match(
      service.output,
      new RegExp(`ANTIPHON_PORT: expected a free port, found 127\\.0\\.0\\.1:${port} in use`),
    );
  });

  test("a data folder that another process uses is refused", async () => {
    const first = new ServiceProcess("standalone", settings());
    try {
      await first.logged("listening on");
      const { ending, service } = await refused(settings());
      assert.deepEqual(ending, { code: 1, signal: null });
      assert.match(service.output, /in use/);
    } finally {
      assert.deepEqual(await first.end("SIGTERM"), { code: 0, signal: null });
    }
  });
});

const skip = (await skipWithoutBroker()) || ((await skipWithoutRedis()) ?? false);
describe("a start without Kafka or Redis", { skip }, () => {
  let broker: Broker;
  before(async () => {
    if (skip === false) broker = await startBroker();
  });
  after(() => broker?.[Symbol.asyncDispose]());

  test("a broker that is away is waited for: not ready, told once, ready when it comes", async (context) => {
    if (!broker.ours) return context.skip("the broker of KAFKA_BROKERS is not ours to stop");
    await broker.stop();
    await using redis = await startRedis();
    await waitsFor("log", redis.url, () => broker.restart());
  });

  test("a Redis that is away is waited for: not ready, told once, ready when it comes", async (context) => {
    await using redis = await startRedis();
    const { control } = redis;
    if (control === undefined) return context.skip("the Redis of REDIS_URL is not ours to stop");
    await control.stop();
    await waitsFor("store", redis.url, () => control.start());
  });

  async function waitsFor(check: "log" | "store", redisUrl: string, provide: () => Promise<void>): Promise<void> {
    const service = new ServiceProcess("orchestrator", {
      ...settings(),
      ANTIPHON_KAFKA_BROKERS: broker.brokers.join(","),
      ANTIPHON_KAFKA_PREFIX: `${check}.`,
      ANTIPHON_KAFKA_PARTITIONS: "1",
      ANTIPHON_REDIS_URL: redisUrl,
      ANTIPHON_HEALTH_PORT: "0",
    });
    try {
      const { port } = await service.logged("health on port");
      const health = async (): Promise<{ status: number; checks: Record<string, string> }> => {
        const response = await fetch(`http://127.0.0.1:${port}/q/health/ready`);
        const { checks } = (await response.json()) as { checks: readonly { name: string; status: string }[] };
        return {
          status: response.status,
          checks: Object.fromEntries(checks.map(({ name, status }) => [name, status])),
        };
      };
      await service.logged(`${check} is not ready`);
      const before = await health();
      assert.deepEqual([before.status, before.checks[check]], [503, "DOWN"]);
      assert.equal((await fetch(`http://127.0.0.1:${port}/q/health/live`)).status, 200);
      await provide();
      await waitUntil("the orchestrator to be ready", async () => (await health()).status === 200 || undefined);
      assert.equal(service.lines().filter(({ msg }) => msg === `${check} is not ready`).length, 1);
    } finally {
      assert.deepEqual(await service.end("SIGTERM"), { code: 0, signal: null });
    }
  }
});

/** A standalone service that shall not start, once it has ended. */
async function refused(env: Readonly<Record<string, string>>): Promise<{ ending: Ending; service: ServiceProcess }> {
  const service = new ServiceProcess("standalone", env);
  const ending = await waitUntil("the start to be refused", () => Promise.race([service.ended, undefined]));
  return { ending, service };
}

/** The message of the line that says why it ended. */
function fatal(service: ServiceProcess): string {
  return service.lines().find(({ level }) => level === FATAL)?.msg ?? "";
}

const FATAL = 60;
