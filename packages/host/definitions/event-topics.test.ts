import assert from "node:assert/strict";
import { test } from "node:test";
import { type Definition, readDefinition } from "@antiphon/definition";
import { type Log, memoryLog } from "@antiphon/log";
import { ensureEventTopics, eventTopics } from "./event-topics.ts";

function definitionOf(workflow: object, properties = ""): Definition {
  const files = { "w.sw.json": JSON.stringify(workflow), "application.properties": properties };
  const { definition, problems } = readDefinition({ path: "w.sw.json", files }, {});
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  return definition;
}

const ORDERS = {
  id: "orders",
  start: "begin",
  events: [
    { name: "placed", type: "order.placed", source: "" },
    { name: "asked", type: "order.asked", source: "", kind: "produced" },
    { name: "answered", type: "order.answered", source: "" },
    { name: "done", type: "order.done", source: "", kind: "produced" },
    { name: "unused", type: "order.unused", source: "" },
  ],
  states: [
    { name: "begin", type: "event", onEvents: [{ eventRefs: ["placed"], actions: [] }], transition: "ask" },
    {
      name: "ask",
      type: "callback",
      action: { eventRef: { triggerEventRef: "asked" } },
      eventRef: "answered",
      end: { produceEvents: [{ eventRef: "done" }] },
    },
  ],
};

test("the topics of a definition are those of the events that its states use, by their channels", () => {
  const properties = [
    "mp.messaging.incoming.order.answered.topic=answers",
    "mp.messaging.outgoing.order.done.topic=antiphon.commands",
  ].join("\n");
  assert.deepEqual(eventTopics(definitionOf(ORDERS)), ["order.answered", "order.asked", "order.done", "order.placed"]);
  assert.deepEqual(eventTopics(definitionOf(ORDERS, properties)), ["answers", "order.asked", "order.placed"]);
});

test("what goes to a URL needs no topic, and lifecycle events need theirs if they are asked for", () => {
  const properties = [
    "mp.messaging.outgoing.order.done.url=http://sink",
    "mp.messaging.incoming.order.answered.topics=a,b",
    "kogito.events.processinstances.enabled=true",
    "mp.messaging.outgoing.kogito-processdefinitions-events.topic=definitions",
  ].join("\n");
  const expected = ["a", "b", "definitions", "kogito-processinstances-events", "order.asked", "order.placed"];
  assert.deepEqual(eventTopics(definitionOf(ORDERS, properties)), expected);
});

test("topics that do not exist are made, and those that do are left as they are", async () => {
  await using log = memoryLog();
  await log.ensureTopics([{ name: "order.placed", partitions: 7, retention: "forever" }]);
  await ensureEventTopics(log, [definitionOf(ORDERS)], 2);
  const names = ["order.answered", "order.asked", "order.done", "order.placed", "order.unused"];
  const partitions = await Promise.all(names.map((name) => log.partitions(name)));
  assert.deepEqual(partitions, [2, 2, 2, 7, undefined]);
});

test("a topic that cannot be made does not keep others from it", async () => {
  await using memory = memoryLog();
  const log: Pick<Log, "partitions" | "ensureTopics"> = {
    partitions: (topic) => memory.partitions(topic),
    ensureTopics: async (topics) => {
      if (topics.some(({ name }) => name === "order.answered")) throw new Error("no");
      await memory.ensureTopics(topics);
    },
  };
  await assert.rejects(ensureEventTopics(log, [definitionOf(ORDERS)], 2), {
    message: "topics of definitions could not be made: order.answered (no)",
  });
  assert.deepEqual(
    [await memory.partitions("order.answered"), await memory.partitions("order.placed")],
    [undefined, 2],
  );
});
