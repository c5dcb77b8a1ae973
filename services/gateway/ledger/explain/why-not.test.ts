import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bucket } from "@antiphon/correlation";
import { correlationKey, type InstanceEvent, type KeyedWait } from "@antiphon/protocol";
import type { WaitSummary } from "@antiphon/views";
import type { Way } from "./ways.ts";
import { type Explained, whyNot } from "./why-not.ts";

const KEY = correlationKey("", "paid", { orderid: "7" }) ?? "";
const OTHER_KEY = correlationKey("", "cancelled", { orderid: "7" }) ?? "";
const event = { specversion: "1.0", id: "e", source: "/bank", type: "paid", orderid: "7" } as const;
const awaited = { workflow: "w", attributes: ["orderid"], cardinality: "one", bufferMs: 1 } as const;

/** A wait for the event, and before that for another one. */
function waitOf(instance: string, wait = "1.a"): WaitSummary {
  const events = [
    { name: "cancelled", eventType: "cancelled", key: OTHER_KEY },
    { name: "paid", eventType: "paid", key: KEY },
  ];
  return { instance, workflow: "w", wait, state: "S", events, sinceMs: 1 };
}

function explained(ways: readonly Way[], waits: readonly KeyedWait[] = []): Explained {
  const input = { type: "OfferEvent", key: KEY, event, cardinality: "one", bufferMs: 1 } as const;
  const bucket: Bucket = { waits, events: [] };
  return {
    event,
    subscriptions: { types: new Map([["paid", { awaited: [awaited], starting: [] }]]) },
    destinations: [{ to: "correlation", input }],
    ways,
    held: {
      instance: async () => ({ status: "absent", buffer: [] }),
      bucket: async (key) => (key === KEY ? bucket : { waits: [], events: [] }),
    },
  };
}

function atKey(fate: Pick<Way, "disposition" | "reason" | "instance" | "wait">, ...more: Way["decisions"]): Way {
  return { to: "key", ...fate, decisions: [{ key: KEY, facts: [] }, ...more] };
}

test("a wait that has the event's values, and that its key does not have, is not registered", async () => {
  const waits = [
    { instance: "i1", wait: "2.a" },
    { instance: "i2", wait: "1.a" },
  ];
  const { why } = await whyNot(explained([atKey({ disposition: "buffered" })], waits), waitOf("i1"));
  assert.equal(why, "not-registered");
});

test("a wait behind the one that gets the event says which place it has", async () => {
  const waits = [
    { instance: "i1", wait: "1.a" },
    { instance: "i1", wait: "1.b" },
    { instance: "i2", wait: "1.a" },
  ];
  const way = atKey({ disposition: "resolved", instance: "i1", wait: "1.a" });
  assert.deepEqual(await whyNot(explained([way], waits), waitOf("i2")), {
    why: "behind-another",
    detail: "it is number 3 of those that wait with these values: wait 1.a of instance i1 gets it",
    place: 3,
  });
});

test("a wait for an event that came before gets it no second time", async () => {
  const way = atKey({ disposition: "duplicate", reason: "it came before" });
  const waits = [{ instance: "i1", wait: "1.a" }];
  assert.deepEqual(await whyNot(explained([way], waits), waitOf("i1")), { why: "duplicate", detail: "it came before" });
});

test("a wait whose instance would not take the event says why, and one to which it would not be offered says that", async () => {
  const found = { by: "key", wait: "1.a", key: KEY } as const;
  const ignored: InstanceEvent = { type: "EventIgnored", event, disposition: "unmatched", reason: "closed", found };
  const way = atKey(
    { disposition: "buffered", reason: "nobody takes it" },
    { instance: "i2", facts: [] },
    { instance: "i1", facts: [ignored] },
  );
  const waits = ["i1", "i2", "i3"].map((instance) => ({ instance, wait: "1.a" }));
  const whys = await Promise.all(waits.map(({ instance }) => whyNot(explained([way], waits), waitOf(instance))));
  assert.deepEqual(whys, [
    { why: "refused", detail: "closed" },
    { why: "not-offered", detail: "nobody takes it" },
    { why: "not-offered", detail: "nobody takes it" },
  ]);
});

test("a wait of the instance that the event names is behind another one, or is refused it", async () => {
  const command = { type: "DeliverEvent", instance: "i1", event, found: { by: "instance" } } as const;
  const whys = async (fate: Pick<Way, "disposition" | "reason" | "wait">) => {
    const way: Way = { to: "instance", instance: "i1", ...fate, decisions: [{ instance: "i1", facts: [] }] };
    return await whyNot({ ...explained([way]), destinations: [{ to: "commands", command }] }, waitOf("i1"));
  };
  assert.deepEqual(await whys({ disposition: "resolved", wait: "1.b" }), {
    why: "behind-another",
    detail: "wait 1.b of the instance gets it",
  });
  assert.deepEqual(await whys({ disposition: "unmatched", reason: "no" }), { why: "refused", detail: "no" });
});

test("a wait for an event that is for all gets it later, unless another wait of its instance does", async () => {
  const waits = ["1.a", "1.b"].map((wait) => ({ instance: "i1", wait })).concat({ instance: "i2", wait: "1.a" });
  const match = { type: "EventMatched", wait: { instance: "i1", wait: "1.a" }, event, expiresMs: 9 } as const;
  const way: Way = {
    to: "key",
    disposition: "resolved",
    instance: "i1",
    wait: "1.a",
    decisions: [
      { key: KEY, facts: [{ ...match, shared: true }] },
      { instance: "i1", facts: [] },
    ],
  };
  const of = (instance: string, wait: string) => whyNot(explained([way], waits), waitOf(instance, wait));
  assert.deepEqual(
    [await of("i1", "1.b"), await of("i2", "1.a")],
    [
      { why: "behind-another", detail: "the event goes to each instance once, and another wait of this one gets it" },
      { why: "later", detail: "the event is for all that wait, and goes to so many at a time: this one gets it later" },
    ],
  );
});
