import assert from "node:assert/strict";
import { test } from "node:test";
import { deploy, followDefinitions, retire } from "@antiphon/host/definitions";
import { memoryLog } from "@antiphon/log";
import { FakeClock } from "@antiphon/processor/testing";
import { parseJson, topicLayout } from "@antiphon/protocol";
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

test("a deployment is told of once, if its definition asks for it", async () => {
  await using log = memoryLog({ now: () => 7 });
  await log.ensureTopics([...topicLayout(1), { name: TOPIC, partitions: 1, retention: "forever" }]);
  const clock = new FakeClock(7);
  await using definitions = followDefinitions({ log, clock, logger: silent }, {});
  const ports = { log, clock, logger: silent, definitions };
  await using _ = startAnnouncing(ports);
  await deploy(ports, bundle("quiet", ""));
  const asking = "kogito.events.processdefinitions.enabled=true\nkogito.service.url=http://me";
  const deployed = await deploy(ports, bundle("orders", asking));
  await retire(ports, "quiet");
  await until(async () => (await log.bounds(TOPIC, 0)).end === 1, "an event");
  const { records } = await log.read(TOPIC, 0, 0, 10);
  const hash = deployed.status === "invalid" ? "" : deployed.deployment.hash;
  assert.deepEqual(
    records.map(({ key, value }) => [key, parseJson(value ?? "")]),
    [
      [
        "orders",
        {
          specversion: "1.0",
          id: `orders-${hash}`,
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
