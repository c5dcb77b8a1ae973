import assert from "node:assert/strict";
import { test } from "node:test";
import { type Definition, formatProblems, readDefinition } from "@antiphon/definition";
import { type CloudEvent, correlationKey, INSTANCE_ID_LENGTH_MAX } from "@antiphon/protocol";
import { type Awaited, type Destination, route, type Subscriptions, subscribe } from "./index.ts";

const ids = { deriveId: (text: string) => `id of ${text}` };

interface EventDocument {
  readonly type: string;
  readonly correlation?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

function definitionOf(workflow: object, properties = ""): Definition {
  const files = { "w.sw.json": JSON.stringify(workflow), "application.properties": properties };
  const { definition, problems } = readDefinition({ path: "w.sw.json", files }, {});
  return definition ?? assert.fail(formatProblems(problems));
}

function eventsOf(documents: Readonly<Record<string, EventDocument>>) {
  return Object.entries(documents).map(([name, { correlation = [], ...rest }]) => ({
    name,
    ...rest,
    ...(correlation.length > 0 && {
      correlation: correlation.map((contextAttributeName) => ({ contextAttributeName })),
    }),
  }));
}

/** A workflow that is started by HTTP and waits for one event. */
function waiting(id: string, awaited: EventDocument, properties?: string): Definition {
  const state = { name: "Wait", type: "event", onEvents: [{ eventRefs: ["awaited"], actions: [] }], end: true };
  const begin = { name: "Begin", type: "inject", data: {}, transition: "Wait" };
  return definitionOf({ id, start: "Begin", events: eventsOf({ awaited }), states: [begin, state] }, properties);
}

/** A workflow that an event starts, and that then waits for another. */
function started(id: string, by: EventDocument, awaited: EventDocument = { type: `${id}.done` }): Definition {
  const states = [
    { name: "Begin", type: "event", onEvents: [{ eventRefs: ["by"], actions: [] }], transition: "Wait" },
    { name: "Wait", type: "event", onEvents: [{ eventRefs: ["awaited"], actions: [] }], end: true },
  ];
  return definitionOf({ id, start: "Begin", events: eventsOf({ by, awaited }), states });
}

function deployed(...definitions: readonly Definition[]): Subscriptions {
  return subscribe(definitions.map((definition, i) => ({ hash: `hash ${i}`, definition, current: true })));
}

function event(type: string, attributes: Readonly<Record<string, string>> = {}): CloudEvent {
  return { specversion: "1.0", id: "e1", source: "/shop", type, ...attributes };
}

function toInstance(instance: string, delivered: CloudEvent): readonly Destination[] {
  return [{ to: "commands", command: { type: "DeliverEvent", instance, event: delivered, found: { by: "instance" } } }];
}

function reasonOf(destinations: readonly Destination[]): string {
  const [first, ...others] = destinations;
  assert.deepEqual(others, []);
  return first?.to === "dead-letters" ? first.reason : assert.fail(`expected a dead letter, found ${first?.to}`);
}

test("an event that names an instance goes to it, whatever else it could be", () => {
  const subscriptions = deployed(waiting("w", { type: "paid", correlation: ["orderid"] }));
  for (const name of ["kogitoprocrefid", "antiphoninstance"]) {
    const paid = event("paid", { [name]: "i1", orderid: "4711" });
    assert.deepEqual(route(paid, subscriptions, ids), toInstance("i1", paid));
  }
});

test("an event that names an instance goes to it even if nobody is known to consume its type", () => {
  const odd = event("odd", { kogitoprocrefid: "i1" });
  assert.deepEqual(route(odd, deployed(), ids), toInstance("i1", odd));
});

test("an event that names an instance by a text that no instance can have for its id is a dead letter", () => {
  const max = INSTANCE_ID_LENGTH_MAX;
  const named = (length: number) => route(event("paid", { kogitoprocrefid: "i".repeat(length) }), deployed(), ids);
  assert.deepEqual(named(max)[0]?.to, "commands");
  assert.equal(
    reasonOf(named(max + 1)),
    "the instance that the event names: expected at most 200 characters, found 201",
  );
});

test("the instance that produced an event is not the one that it is for", () => {
  const paid = event("paid", { kogitoprocinstanceid: "i1" });
  assert.match(reasonOf(route(paid, deployed(waiting("w", { type: "paid" })), ids)), /names no instance/);
});

test("an answer that sends all attributes back as they came goes to the instance that asked", () => {
  const answer = event("paid", { kogitoprocinstanceid: "i1", kogitoprocid: "w", antiphoninstance: "i1" });
  assert.deepEqual(route(answer, deployed(waiting("w", { type: "paid" })), ids), toInstance("i1", answer));
});

test("what one workflow says is heard by another that waits for it, though it carries the first one's instance", () => {
  const said = event("paid", {
    kogitoprocinstanceid: "i1",
    kogitoprocid: "other",
    antiphoninstance: "i1",
    orderid: "7",
  });
  const subscriptions = deployed(
    waiting("w", { type: "paid", correlation: ["orderid"] }),
    started("other", { type: "x" }),
  );
  assert.deepEqual(
    route(said, subscriptions, ids).map(({ to }) => to),
    ["correlation"],
  );
});

test("what one workflow says starts another, though it carries the first one's instance", () => {
  const said = event("order", { kogitoprocinstanceid: "i1", kogitoprocid: "x", antiphoninstance: "i1" });
  assert.deepEqual(
    route(said, deployed(started("w", { type: "order" })), ids).map((one) => one.to === "commands" && one.command.type),
    ["StartInstance"],
  );
});

test("an event with all correlation attributes of a definition is offered under their key", () => {
  const subscriptions = deployed(waiting("w", { type: "paid", correlation: ["orderid", "customer"] }));
  const paid = event("paid", { orderid: "4711", customer: "c" });
  assert.deepEqual(route(paid, subscriptions, ids), [
    {
      to: "correlation",
      input: {
        type: "OfferEvent",
        key: "0:4:paid8:customer1:c7:orderid4:4711",
        event: paid,
        cardinality: "one",
        bufferMs: 3_600_000,
      },
    },
  ]);
});

test("an event is offered once for each set of attributes that is declared for its type", () => {
  const subscriptions = deployed(
    waiting("a", { type: "paid", correlation: ["orderid"] }),
    waiting("b", { type: "paid", correlation: ["orderid"] }),
    waiting("c", { type: "paid", correlation: ["orderid", "customer"] }),
    waiting("d", { type: "paid", correlation: ["invoice"] }),
  );
  const keys = route(event("paid", { orderid: "1", customer: "c" }), subscriptions, ids).map(
    (one) => one.to === "correlation" && one.input.key,
  );
  assert.deepEqual(keys, ["0:4:paid7:orderid1:1", "0:4:paid8:customer1:c7:orderid1:1"]);
});

test("cardinality and the time to be held come from the event's metadata; who shares a key gets no less", () => {
  const declared = (id: string, metadata: Record<string, string>) =>
    waiting(id, { type: "paid", correlation: ["orderid"], metadata });
  const offered = (...definitions: Definition[]) =>
    route(event("paid", { orderid: "1" }), deployed(...definitions), ids).map(
      (one) =>
        one.to === "correlation" && one.input.type === "OfferEvent" && [one.input.cardinality, one.input.bufferMs],
    );
  const strict = declared("a", { cardinality: "reject", bufferFor: "PT5M" });
  const wide = declared("b", { cardinality: "all", bufferFor: "PT0S" });
  assert.deepEqual(offered(strict), [["reject", 300_000]]);
  assert.deepEqual(offered(wide), [["all", 0]]);
  assert.deepEqual(offered(strict, wide), [["all", 300_000]]);
});

test("an event that starts a workflow starts it once, with its attributes as headers", () => {
  const order = { ...event("order", { orderid: "4711" }), count: 3, data: { items: [] } };
  assert.deepEqual(route(order, deployed(started("w", { type: "order" })), ids), [
    {
      to: "commands",
      command: {
        type: "StartInstance",
        instance: 'id of ["start","w","/shop","e1"]',
        workflow: "w",
        definition: "hash 0",
        data: {},
        headers: { specversion: "1.0", id: "e1", source: "/shop", type: "order", orderid: "4711", count: "3" },
        event: { name: "by", event: order },
      },
    },
  ]);
});

test("an event starts every workflow that it is the beginning of, each in the version that is current", () => {
  const [old, now, other] = [
    started("w", { type: "order" }),
    started("w", { type: "order" }),
    started("v", { type: "order" }),
  ];
  const subscriptions = subscribe([
    { hash: "old", definition: old, current: false },
    { hash: "now", definition: now, current: true },
    { hash: "other", definition: other, current: true },
  ]);
  assert.deepEqual(
    route(event("order"), subscriptions, ids).map(
      (one) => one.to === "commands" && one.command.type === "StartInstance" && one.command.definition,
    ),
    ["now", "other"],
  );
});

test("an event that starts one workflow and is awaited in another does both", () => {
  const subscriptions = deployed(
    started("cleanup", { type: "cancelled" }),
    waiting("order", { type: "cancelled", correlation: ["orderid"] }),
  );
  assert.deepEqual(
    route(event("cancelled", { orderid: "1" }), subscriptions, ids).map(({ to }) => to),
    ["correlation", "commands"],
  );
});

test("an event that a workflow begins with starts it, though its instances wait for the same type later", () => {
  const again = { type: "order", correlation: ["orderid"] };
  assert.deepEqual(
    route(event("order", { orderid: "1" }), deployed(started("w", again, again)), ids).map(({ to }) => to),
    ["commands"],
  );
});

test("versions that are not current any more still wait, but start nothing", () => {
  const subscriptions = subscribe([
    {
      hash: "old",
      definition: started("w", { type: "order" }, { type: "paid", correlation: ["orderid"] }),
      current: false,
    },
  ]);
  assert.deepEqual(
    route(event("paid", { orderid: "1" }), subscriptions, ids).map(({ to }) => to),
    ["correlation"],
  );
  assert.equal(reasonOf(route(event("order"), subscriptions, ids)), 'no workflow consumes events of type "order"');
});

test("a dead letter says that nobody consumes the type", () => {
  const reason = reasonOf(route(event("odd"), deployed(waiting("w", { type: "paid" })), ids));
  assert.equal(reason, 'no workflow consumes events of type "odd"');
});

test("a dead letter says which attributes are missing, for each workflow that waits", () => {
  const subscriptions = deployed(
    waiting("a", { type: "paid", correlation: ["orderid", "customer"] }),
    waiting("b", { type: "paid" }),
  );
  assert.equal(
    reasonOf(route(event("paid", { orderid: "1", customer: "" }), subscriptions, ids)),
    'workflow "a" awaits "paid" by customer, orderid, missing or empty in the event: customer; ' +
      'workflow "b" awaits "paid" without correlation attributes, so by the business key, kogitobusinesskey; ' +
      "and the event names no instance (kogitoprocrefid or antiphoninstance)",
  );
});

test("an attribute that a definition writes with capitals is found in the event, where it has none", () => {
  const subscriptions = deployed(waiting("w", { type: "paid", correlation: ["orderId"] }));
  const [offer] = route(event("paid", { orderid: "1" }), subscriptions, ids);
  assert.equal(offer?.to === "correlation" && offer.input.key, "0:4:paid7:orderid1:1");
});

test("the topics to follow are those of all events that are consumed, where the properties put them", () => {
  const { topics } = deployed(
    waiting("w", { type: "paid" }, "mp.messaging.incoming.paid.topic=payments\n"),
    started("v", { type: "order" }),
  );
  assert.deepEqual(topics, ["order", "payments", "v.done"]);
});

test("an event with a business key is offered under it to those that wait without correlation attributes", () => {
  const subscriptions = deployed(
    waiting("stay", { type: "left" }),
    waiting("bill", { type: "left", correlation: ["number"] }),
    started("arrival", { type: "arrived" }, { type: "left" }),
  );
  const left = event("left", { kogitobusinesskey: "room 12" });
  const key = correlationKey("", "left", { kogitobusinesskey: "room 12" });
  const input = { type: "OfferEvent", key, event: left, cardinality: "one", bufferMs: 3_600_000 };
  assert.deepEqual(route(left, subscriptions, ids), [{ to: "correlation", input }]);
});

test("an event that starts a workflow is not offered to its instances under its business key as well", () => {
  const subscriptions = deployed(started("stay", { type: "arrived" }, { type: "arrived" }));
  const arrived = event("arrived", { kogitobusinesskey: "room 12" });
  assert.deepEqual(
    route(arrived, subscriptions, ids).map(({ to }) => to),
    ["commands"],
  );
});

/** A type that starts the newest version of a workflow, and that instances of an older one wait for. */
function changed(awaited: Partial<Awaited>): Pick<Subscriptions, "types"> {
  const older: Awaited = { workflow: "w", attributes: [], cardinality: "one", bufferMs: 1, ...awaited };
  const starting = [{ workflow: "w", definition: "hash", event: "left" }];
  return { types: new Map([["left", { awaited: [older], starting }]]) };
}

test("an event that starts the newest version of a workflow is for those of an older one that wait for it as well", () => {
  const left = event("left", { number: "12", kogitobusinesskey: "room 12" });
  const places = (awaited: Partial<Awaited>) => route(left, changed(awaited), ids).map(({ to }) => to);
  assert.deepEqual(places({ attributes: ["number"] }), ["correlation", "commands"]);
  assert.deepEqual(places({ broadcast: true }), ["correlation", "commands"]);
  assert.deepEqual(places({}), ["commands"]);
});

test("an instance that an event starts gets its attributes as headers, and not its data", () => {
  const arrived = { ...event("arrived", { number: "12" }), data: "a guest", data_base64: "YQ==" };
  const [start] = route(arrived, deployed(started("stay", { type: "arrived" })), ids);
  const headers =
    start?.to === "commands" && start.command.type === "StartInstance" ? start.command.headers : undefined;
  assert.deepEqual(headers, { specversion: "1.0", id: "e1", source: "/shop", type: "arrived", number: "12" });
});

test("a dead letter goes through five workflows, and counts the rest", () => {
  const workflows = ["a", "b", "c", "d", "e", "f", "g"].map((id) => waiting(id, { type: "paid" }));
  const reason = reasonOf(route(event("paid"), deployed(...workflows), ids));
  assert.equal(reason.match(/workflow "/g)?.length, 5);
  assert.match(reason, /; and 2 more; and the event names no instance /);
});

test("versions of a workflow that lack the same in an event are named once", () => {
  const versions = [waiting("a", { type: "paid" }), waiting("a", { type: "paid", metadata: { bufferFor: "PT1S" } })];
  assert.equal(reasonOf(route(event("paid"), deployed(...versions), ids)).match(/workflow "a"/g)?.length, 1);
});
