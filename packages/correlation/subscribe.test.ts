import assert from "node:assert/strict";
import { test } from "node:test";
import { type Definition, formatProblems, readDefinition } from "@antiphon/definition";
import { type Intake, subscribe } from "./index.ts";

/** A workflow that an event of type `placed` starts, and that then waits for one of type `paid`. */
function orders(id: string, properties = ""): Definition {
  const workflow = {
    id,
    start: "Begin",
    events: ["placed", "paid"].map((type) => ({ name: type, type })),
    states: [
      { name: "Begin", type: "event", onEvents: [{ eventRefs: ["placed"], actions: [] }], transition: "Wait" },
      { name: "Wait", type: "event", onEvents: [{ eventRefs: ["paid"], actions: [] }], end: true },
    ],
  };
  return read(workflow, properties);
}

function read(workflow: object, properties = ""): Definition {
  const files = { "w.sw.json": JSON.stringify(workflow), "application.properties": properties };
  const { definition, problems } = readDefinition({ path: "w.sw.json", files }, {});
  return definition ?? assert.fail(formatProblems(problems));
}

function subscribed(...definitions: readonly Definition[]) {
  return subscribe(definitions.map((definition, i) => ({ hash: `hash ${i}`, definition, current: true })));
}

/** Who consumes what at a place, by the ids of the workflows. */
function consumers(intake: Pick<Intake, "types"> | undefined) {
  const all = [...(intake?.types ?? [])].map(([type, { awaited, starting }]) => {
    return [type, [...awaited, ...starting].map(({ workflow }) => workflow)] as const;
  });
  return Object.fromEntries(all);
}

test("a topic has the consumers of its own channels, and a type all consumers of all its topics", () => {
  const subscriptions = subscribed(orders("a"), orders("b", "mp.messaging.incoming.placed.topic=b.placed"));
  assert.deepEqual(subscriptions.topics, ["b.placed", "paid", "placed"]);
  assert.deepEqual(consumers(subscriptions), { paid: ["a", "b"], placed: ["a", "b"] });
  assert.deepEqual(consumers(subscriptions.byTopic.get("placed")), { placed: ["a"] });
  assert.deepEqual(consumers(subscriptions.byTopic.get("b.placed")), { placed: ["b"] });
  assert.deepEqual(consumers(subscriptions.byTopic.get("paid")), { paid: ["a", "b"] });
});

test("several types may come on one topic, and by one path", () => {
  const common = "mp.messaging.incoming.kogito_incoming_stream";
  const byTopic = subscribed(orders("a", `${common}.topic=all`)).byTopic;
  assert.deepEqual(consumers(byTopic.get("all")), { paid: ["a"], placed: ["a"] });
  const { byPath } = subscribed(orders("a", `${common}.path=/in/`));
  assert.deepEqual([...byPath.keys()], ["POST /in"]);
  assert.deepEqual(consumers(byPath.get("POST /in")), { paid: ["a"], placed: ["a"] });
});

test("where events are their data alone, a place has the types that they are of", () => {
  const bare = orders("a", "kogito.messaging.as-cloudevents=false\nmp.messaging.incoming.paid.topic=placed");
  const modes = ({ byTopic }: ReturnType<typeof subscribed>) =>
    [...byTopic].map(([topic, { cloudEvents, bareTypes }]) => [topic, cloudEvents, bareTypes]);
  assert.deepEqual(modes(subscribed(bare)), [["placed", false, ["paid", "placed"]]]);
  assert.deepEqual(modes(subscribed(bare, orders("b"))), [
    ["placed", true, ["paid", "placed"]],
    ["paid", true, []],
  ]);
});

test("the types of bare data on a topic are told in order, however they were declared", () => {
  const properties = "kogito.messaging.as-cloudevents=false\nmp.messaging.incoming.kogito_incoming_stream.topic=all";
  assert.deepEqual(subscribed(orders("a", properties)).byTopic.get("all")?.bareTypes, ["paid", "placed"]);
});

test("versions of a workflow that await the same are one consumer", () => {
  const versions = [orders("a"), orders("a")];
  const { types } = subscribe(versions.map((definition, i) => ({ hash: `h${i}`, definition, current: i === 1 })));
  assert.deepEqual(consumers({ types }), { paid: ["a"], placed: ["a"] });
});

test("a workflow that one event starts in several ways is started by it once", () => {
  const onEvents = [
    { eventRefs: ["placed"], actions: [] },
    { eventRefs: ["ordered"], actions: [] },
  ];
  const workflow = {
    id: "a",
    start: "Begin",
    events: ["placed", "ordered"].map((name) => ({ name, type: "placed" })),
    states: [{ name: "Begin", type: "event", onEvents, end: true }],
  };
  assert.deepEqual(consumers(subscribed(read(workflow))), { placed: ["a"] });
});

test("an attribute that is declared twice is one", () => {
  const correlation = ["orderid", "customer", "orderid"].map((contextAttributeName) => ({ contextAttributeName }));
  const workflow = {
    id: "a",
    start: "Begin",
    events: [{ name: "paid", type: "paid", correlation }],
    states: [
      { name: "Begin", type: "inject", data: {}, transition: "Wait" },
      { name: "Wait", type: "event", onEvents: [{ eventRefs: ["paid"], actions: [] }], end: true },
    ],
  };
  assert.deepEqual(subscribed(read(workflow)).types.get("paid")?.awaited[0]?.attributes, ["customer", "orderid"]);
});

test("topics of the machine are not read, and events of their types come by the gateway alone", () => {
  const channel = "mp.messaging.incoming.placed.topics=antiphon.commands,shop.antiphon.history,mine";
  const subscriptions = subscribed(orders("a", channel));
  assert.deepEqual([...subscriptions.byTopic.keys()].sort(), ["mine", "paid"]);
  assert.deepEqual(consumers(subscriptions), { placed: ["a"], paid: ["a"] });
});
