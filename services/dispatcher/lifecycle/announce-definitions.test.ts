import assert from "node:assert/strict";
import { test } from "node:test";
import { deploy, followDefinitions, retire } from "@antiphon/host/definitions";
import { memoryLog } from "@antiphon/log";
import { FakeClock } from "@antiphon/processor/testing";
import { type DeadLetter, parseJson, topicLayout, topics } from "@antiphon/protocol";
import { Agent } from "undici";
import { requestMetrics } from "../metrics.ts";
import { Turns } from "../perform/turns.ts";
import { PAUSE_MS } from "../sink/sinks.ts";
import { type Service, startService } from "../testing/service.ts";
import { silent, until } from "../testing/world.ts";
import { startAnnouncing } from "./announce-definitions.ts";

const TOPIC = "kogito-processdefinitions-events";

function bundle(id: string, properties: string) {
  const workflow = {
    id,
    name: "Orders",
    description: "of goods",
    version: "2.0",
    annotations: ["shop"],
    start: "Begin",
    states: [{ name: "Begin", type: "inject", data: {}, end: true }],
  };
  return { path: "w.sw.json", files: { "w.sw.json": JSON.stringify(workflow), "application.properties": properties } };
}

/** A log with one partition of everything, the definitions in it, and what announcing them needs. */
async function opened() {
  const log = memoryLog({ now: () => 7 });
  await log.ensureTopics([...topicLayout(1), { name: TOPIC, partitions: 1, retention: "forever" }]);
  const clock = new FakeClock(7);
  const definitions = followDefinitions({ log, clock, logger: silent }, {});
  const agent = new Agent();
  const turns = new Turns(1);
  return {
    ports: {
      log,
      clock,
      logger: silent,
      definitions,
      agent,
      turns,
      timeoutMs: 60_000,
      metrics: requestMetrics(undefined),
    },
    async [Symbol.asyncDispose]() {
      await agent.destroy();
      await definitions[Symbol.asyncDispose]();
      await log[Symbol.asyncDispose]();
    },
  };
}

function toUrl(url: string, more = ""): string {
  const channel = `mp.messaging.outgoing.${TOPIC}`;
  return `${channel}.connector=quarkus-http\n${channel}.url=${url}\n${more}`;
}

function idsOf(service: Service): readonly string[] {
  return service.received.map(({ body }) => (JSON.parse(body) as { id: string }).id);
}

async function hashOf(deployed: ReturnType<typeof deploy>): Promise<string> {
  const made = await deployed;
  return made.status === "invalid" ? "" : made.deployment.hash;
}

test("a deployment is told of once, if its definition asks for it", async () => {
  await using world = await opened();
  const { ports } = world;
  const { log } = ports;
  await using _ = startAnnouncing(ports);
  await deploy(ports, bundle("quiet", ""));
  const asking = "kogito.events.processdefinitions.enabled=true\nkogito.service.url=http://me";
  const hash = await hashOf(deploy(ports, bundle("orders", asking)));
  await retire(ports, "quiet");
  await until(async () => (await log.bounds(TOPIC, 0)).end === 1, "an event");
  const { records } = await log.read(TOPIC, 0, 0, 10);
  assert.deepEqual(
    records.map(({ key, value }) => [key, parseJson(value ?? "")]),
    [
      [
        "orders",
        {
          specversion: "1.0",
          id: `orders-${hash}-1`,
          source: "http://me/orders",
          type: "ProcessDefinitionEvent",
          time: "1970-01-01T00:00:00.007Z",
          datacontenttype: "application/json",
          kogitoprocid: "orders",
          kogitoprocversion: "2.0",
          kogitoproctype: "SW",
          data: {
            id: "orders",
            name: "Orders",
            version: "2.0",
            type: "SW",
            description: "of goods",
            roles: [],
            addons: [],
            annotations: ["shop"],
            endpoint: "http://me/orders",
            metadata: {},
            nodes: [{ id: "Begin", name: "Begin", type: "inject", uniqueId: "Begin" }],
          },
        },
      ],
    ],
  );
});

test("a channel with a URL is posted to, structured, after what its service could not take", async () => {
  let refusals = 1;
  await using service = await startService(() => ({ status: refusals-- > 0 ? 503 : 202 }));
  await using world = await opened();
  const { ports } = world;
  let failures = 0;
  const logger = { ...silent, warn: (_: object, message: string) => void (message.startsWith("a sink") && failures++) };
  await using _ = startAnnouncing({ ...ports, logger });
  const hash = await hashOf(deploy(ports, bundle("orders", toUrl(`${service.url}/definitions`))));
  await until(() => failures === 1, "a failure");
  ports.clock.turn(PAUSE_MS);
  await until(() => service.received.length === 2, "a second attempt");
  const posted = service.received.map(({ method, url, headers }) => [method, url, headers["content-type"]]);
  const expected = ["POST", "/definitions", "application/cloudevents+json; charset=UTF-8"];
  assert.deepEqual(posted, [expected, expected]);
  assert.deepEqual(idsOf(service), [`orders-${hash}-0`, `orders-${hash}-0`]);
  assert.equal((await ports.log.bounds(TOPIC, 0)).end, 0);
});

test("another configuration is announced as another event, with what it says", async () => {
  await using service = await startService(() => ({ status: 202 }));
  await using world = await opened();
  const { ports } = world;
  await using _ = startAnnouncing(ports);
  const hash = await hashOf(deploy(ports, bundle("orders", toUrl(service.url, "kogito.service.url=http://one"))));
  await until(() => service.received.length === 1, "an event");
  await deploy(ports, bundle("orders", toUrl(service.url, "kogito.service.url=http://two")));
  await until(() => service.received.length === 2, "another event");
  assert.deepEqual(idsOf(service), [`orders-${hash}-0`, `orders-${hash}-1`]);
  const sources = service.received.map(({ body }) => (JSON.parse(body) as { source: string }).source);
  assert.deepEqual(sources, ["http://one/orders", "http://two/orders"]);
});

test("the next owner posts again what no service has taken, and not what one has", async () => {
  let isDown = false;
  await using service = await startService(() => ({ status: isDown ? 503 : 202 }));
  await using world = await opened();
  const { ports } = world;
  const first = startAnnouncing(ports);
  await deploy(ports, bundle("taken", toUrl(service.url)));
  await until(() => service.received.length === 1, "the first event");
  isDown = true;
  await deploy(ports, bundle("missed", toUrl(service.url)));
  await until(() => service.received.length === 2, "the second event");
  await first[Symbol.asyncDispose]();
  isDown = false;
  await using _ = startAnnouncing(ports);
  await until(() => service.received.length === 3, "the second event again");
  assert.deepEqual(
    idsOf(service).map((id) => id.split("-")[0]),
    ["taken", "missed", "missed"],
  );
});

test("what its service refuses is a dead letter of no instance, from the log of definitions", async () => {
  await using service = await startService(() => ({ status: 404 }));
  await using world = await opened();
  const { ports } = world;
  await using _ = startAnnouncing(ports);
  await deploy(ports, bundle("orders", toUrl(`${service.url}/in`)));
  await until(async () => (await ports.log.bounds(topics.deadLetters, 0)).end === 1, "a dead letter");
  const { records } = await ports.log.read(topics.deadLetters, 0, 0, 10);
  const { instance, to, from, reason } = JSON.parse(records[0]?.value ?? "") as DeadLetter;
  assert.deepEqual(
    [instance, to, from, reason],
    [
      undefined,
      { url: `${service.url}/in`, mode: "structured" },
      { topic: topics.definitions, partition: 0, offset: 0, index: 0 },
      `POST ${service.url}/in: expected an answer of 2xx, found 404`,
    ],
  );
});
