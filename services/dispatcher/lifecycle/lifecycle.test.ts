import assert from "node:assert/strict";
import { test } from "node:test";
import { type CloudEvent, type InstanceEvent, type Json, topics } from "@antiphon/protocol";
import { startService } from "../testing/service.ts";
import { definitionOf, HASH, NOW_MS, until, World } from "../testing/world.ts";
import { DECISIONS_MAX } from "./subjects.ts";

const TOPIC = "kogito-processinstances-events";
const ON = { "kogito.events.processinstances.enabled": "true", "kogito.service.url": "http://me" };

const started: InstanceEvent = {
  type: "InstanceStarted",
  instance: "i-1",
  workflow: "orders",
  version: "1.2",
  definition: HASH,
  data: { n: 1 },
  headers: {},
  correlation: {},
  businessKey: "b-1",
};

async function opened(properties: Readonly<Record<string, string>>): Promise<World> {
  const world = await new World(definitionOf({}, properties)).open();
  await world.log.ensureTopics([{ name: TOPIC, partitions: 1, retention: "forever" }]);
  return world;
}

async function told(world: World, count: number): Promise<readonly CloudEvent[]> {
  await until(async () => (await world.on(TOPIC)).length >= count, `${count} events`);
  return (await world.on(TOPIC)) as readonly CloudEvent[];
}

const eventDate = new Date(NOW_MS).toISOString();
const who = { processId: "orders", processVersion: "1.2", processInstanceId: "i-1", eventDate };
const family = { processName: "Orders", processType: "SW", businessKey: "b-1" };

test("a start is told of as a state and a variable, with ids that follow from the fact", async () => {
  const world = await opened(ON);
  await using _ = await world.start();
  await world.happen("i-1", started);
  const attributes = {
    specversion: "1.0",
    source: "http://me/orders",
    time: eventDate,
    datacontenttype: "application/json",
    kogitoprocinstanceid: "i-1",
    kogitoprocid: "orders",
    kogitoprocversion: "1.2",
    kogitoproctype: "SW",
    kogitoprocist: "Active",
    kogitobusinesskey: "b-1",
  };
  assert.deepEqual(await told(world, 2), [
    {
      ...attributes,
      id: "i-1-0-0",
      type: "ProcessInstanceStateDataEvent",
      data: { ...who, ...family, eventType: 1, state: 1 },
    },
    {
      ...attributes,
      id: "i-1-0-1",
      type: "ProcessInstanceVariableDataEvent",
      data: { ...who, variableId: "workflowdata", variableName: "workflowdata", variableValue: { n: 1 } },
    },
  ]);
});

test("what follows is told of by what the start said, also by an owner that has not read the start", async () => {
  const world = await opened(ON);
  const first = await world.start();
  await world.happen("i-1", started);
  await told(world, 2);
  await first[Symbol.asyncDispose]();
  const events: readonly InstanceEvent[] = [
    { type: "StateEntered", state: "ask", visit: 1 },
    { type: "ActionFailed", action: "1.call", error: { code: "500", message: "no", classes: [] } },
    { type: "InstanceFaulted", error: { code: "500", message: "no", classes: [], where: 'state "ask"' } },
  ];
  await world.append({
    key: "i-1",
    decision: { atMs: NOW_MS, events: [{ type: "MessageLogged", level: "info", message: "" }], previous: 0 },
  });
  await world.append({ key: "i-1", decision: { atMs: NOW_MS, events, previous: 1 } });
  await using _ = await world.start();
  const found = (await told(world, 6)).slice(2);
  assert.deepEqual(
    found.map(({ id, type, kogitoprocist }) => [id, type, kogitoprocist]),
    [
      ["i-1-2-0", "ProcessInstanceNodeDataEvent", "Active"],
      ["i-1-2-1", "ProcessInstanceNodeDataEvent", "Active"],
      ["i-1-2-2", "ProcessInstanceStateDataEvent", "Error"],
      ["i-1-2-3", "ProcessInstanceErrorDataEvent", "Error"],
    ],
  );
  const state = { nodeDefinitionId: "ask", nodeName: "ask", nodeType: "CompositeContextNode" };
  const call = { nodeDefinitionId: "call", nodeName: "call", nodeType: "WorkItemNode", workItemId: "1.call" };
  assert.deepEqual(
    found.map(({ data }) => data),
    [
      { ...who, eventType: 1, ...state, nodeInstanceId: "i-1-1" },
      { ...who, eventType: 6, ...call, nodeInstanceId: "i-1-1.call" },
      { ...who, ...family, eventType: 5, state: 5 },
      { ...who, nodeDefinitionId: 'state "ask"', errorMessage: "no" },
    ],
  );
});

test("an instance is known by where it began, however many decisions there have been since", async () => {
  const world = await opened(ON);
  const first = await world.start();
  await world.happen("i-1", started);
  await told(world, 2);
  await first[Symbol.asyncDispose]();
  const logged: readonly InstanceEvent[] = [{ type: "MessageLogged", level: "info", message: "" }];
  const between = Array.from({ length: DECISIONS_MAX + 1 }, (_, i) => ({
    key: "i-1",
    decision: { atMs: NOW_MS, events: logged, previous: i, ...(i > 0 && { beginning: 0 }) },
  }));
  for (let i = 0; i < between.length; i += 500) await world.append(...between.slice(i, i + 500));
  const entered: readonly InstanceEvent[] = [{ type: "StateEntered", state: "ask", visit: 9 }];
  const decision = { atMs: NOW_MS, events: entered, previous: between.length, beginning: 0 };
  await world.append({ key: "i-1", decision });
  await using _ = await world.start();
  const [, , change] = await told(world, 3);
  assert.deepEqual([change?.id, change?.kogitobusinesskey], [`i-1-${between.length + 1}-0`, "b-1"]);
});

test("a change of data is told of by what has changed, also by an owner that has not seen the data before", async () => {
  for (const filler of ["", "ä".repeat(5_000)]) {
    const world = await opened(ON);
    const first = await world.start();
    const before = { n: 1, filler, order: { state: "new" } };
    await world.append({ key: "i-1", decision: { atMs: NOW_MS, events: [{ ...started, data: before }] } });
    await told(world, 2);
    const change = async (previous: number, ...data: readonly Json[]) => {
      const events = data.map((one) => ({ type: "DataChanged", data: one }) as const);
      await world.append({ key: "i-1", decision: { atMs: NOW_MS, events, previous } });
    };
    const paid = { ...before, order: { state: "paid" } };
    await change(0, paid, { ...paid, additionalData: 2 });
    await told(world, 4);
    await first[Symbol.asyncDispose]();
    await change(1, { ...paid, additionalData: 3 });
    await using _ = await world.start();
    const variables = (await told(world, 5)).slice(1).map(({ data }) => data as { readonly [name: string]: Json });
    assert.deepEqual(
      variables.map(({ variableName, variableValue }) => [variableName, variableValue]),
      [
        ["workflowdata", before],
        ["workflowdata.order.state", "paid"],
        ["workflowdata.additionalData", 2],
        ["workflowdata.additionalData", 3],
      ],
    );
  }
});

test("nothing is told unless it is asked for", async () => {
  for (const properties of [{}, { ...ON, "kogito.events.processinstances.enabled": "false" }]) {
    const world = await opened(properties);
    await using _ = await world.start();
    await world.happen("i-1", started, { type: "MessageLogged", level: "info", message: "" });
    await world.happen("i-1", { type: "EventAwaited", wait: "1.e", events: [{ name: "a", eventType: "a", key: "k" }] });
    await until(async () => (await world.on(topics.correlation)).length === 1, "the last fact's message");
    assert.deepEqual(await world.on(TOPIC), []);
  }
});

test("a channel of the topic's name switches them on, and a URL takes them there", async () => {
  await using service = await startService(() => ({ status: 200 }));
  const channel = `mp.messaging.outgoing.${TOPIC}`;
  const world = await opened({ [`${channel}.connector`]: "quarkus-http", [`${channel}.url`]: service.url });
  await using _ = await world.start();
  await world.happen("i-1", started);
  await until(() => service.received.length === 2, "two posts");
  const types = service.received.map(({ body }) => (JSON.parse(body) as { readonly [name: string]: Json }).type);
  assert.deepEqual(types, ["ProcessInstanceStateDataEvent", "ProcessInstanceVariableDataEvent"]);
});

test("a channel that leads to one of the machine's own topics is told nothing", async () => {
  const world = await opened({ ...ON, [`mp.messaging.outgoing.${TOPIC}.topic`]: topics.deadLetters });
  await using _ = await world.start();
  await world.happen("i-1", started);
  await world.happen("i-1", { type: "EventAwaited", wait: "1.e", events: [{ name: "a", eventType: "a", key: "k" }] });
  await until(async () => (await world.on(topics.correlation)).length === 1, "the last fact's message");
  assert.deepEqual([await world.on(topics.deadLetters), await world.on(TOPIC)], [[], []]);
});

test("an instance whose start is gone is passed over", async () => {
  const world = await opened(ON);
  await using _ = await world.start();
  await world.happen("i-0", { type: "InstanceCompleted" });
  await world.happen("i-1", started);
  assert.deepEqual(
    (await told(world, 2)).map(({ id }) => id),
    ["i-1-1-0", "i-1-1-1"],
  );
});
