import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bucket, decide, emptyBucket, evolve } from "@antiphon/correlation";
import { partitionOf } from "@antiphon/log";
import {
  type CorrelationInput,
  correlationKey,
  formatJson,
  type InstanceEvent,
  type Json,
  topicLayout,
  topics,
} from "@antiphon/protocol";
import { viewedTopics, viewSpace } from "@antiphon/views";
import { type Machine, startMachine } from "../../testing/start-machine.ts";
import { viewEverything } from "../../testing/view-everything.ts";
import { BY_EVENT, CALLBACK } from "../../testing/workflows.ts";
import { WAITS_MAX } from "./explain.ts";
import { REFUSALS_MAX } from "./ways.ts";

/** Waits for a payment of its order, whose id stands in its data. */
const PAID = JSON.stringify({
  id: "paid",
  start: "wait",
  events: [{ name: "paid", type: "paid", source: "", correlation: [{ contextAttributeName: "orderid" }] }],
  states: [{ name: "wait", type: "callback", eventRef: "paid", end: true }],
});

/** Waits for two of them. */
const PAID_TWICE = JSON.stringify({
  ...JSON.parse(PAID),
  id: "twice",
  states: [
    { name: "wait", type: "callback", eventRef: "paid", transition: "again" },
    { name: "again", type: "callback", eventRef: "paid", end: true },
  ],
});

type Explained = { readonly [member: string]: Json } & {
  readonly ways: readonly { readonly [member: string]: Json }[];
  readonly otherWaits: readonly { readonly [member in "instance" | "wait" | "why" | "detail"]: string }[];
};

function event(more: object = {}) {
  return { specversion: "1.0", id: "e1", source: "/bank", type: "paid", ...more };
}

async function explained(machine: Machine, payload: object): Promise<Explained> {
  await viewEverything(machine.ports);
  const answer = await machine.app.inject({ method: "POST", url: "/v1/events/explain", payload });
  assert.equal(answer.statusCode, 200, answer.payload);
  return answer.json() as Explained;
}

/**
 * Starts instances, each in a millisecond of its own since lists have those of one millisecond in no order, and registers
 * their waits as a correlator would: without one there are no buckets.
 */
async function waitingFor(machine: Machine, ...orders: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const orderid of orders) {
    const answer = await machine.app.inject({ method: "POST", url: "/paid", payload: { orderid } });
    assert.equal(answer.statusCode, 201, answer.payload);
    ids.push(answer.json().id as string);
    await nextMillisecond(machine.ports.clock);
  }
  for (const orderid of new Set(orders)) {
    const waits = ids.filter((_, i) => orders[i] === orderid).map((instance) => opened(orderid, instance));
    await put(machine, keyOf(orderid), ...waits);
  }
  return ids;
}

async function nextMillisecond(clock: Machine["ports"]["clock"]): Promise<void> {
  const before = clock.now();
  while (clock.now() === before) await clock.sleep(1, new AbortController().signal);
}

function opened(orderid: string, instance: string): CorrelationInput {
  return { type: "OpenWait", key: keyOf(orderid), wait: { instance, wait: "1.event" }, cardinality: "one" };
}

function keyOf(orderid: string): string {
  return correlationKey("", "paid", { orderid }) ?? "";
}

async function put({ ports }: Machine, key: string, ...inputs: readonly CorrelationInput[]): Promise<void> {
  const nowMs = ports.clock.now();
  const state = inputs.reduce<Bucket>((bucket, input) => {
    return decide(bucket, input, nowMs).reduce((one, fact) => evolve(one, fact, nowMs), bucket);
  }, emptyBucket);
  const space = `${topics.correlations}/${partitionOf(key, ports.partitions)}`;
  const { position: expected } = await ports.store.load(space, []);
  const values = new Map([[`=${key}`, formatJson({ state } as unknown as Json)]]);
  await ports.store.commit(space, { expected, position: (expected ?? 0) + 1, values, added: [], removed: [] });
}

function whys({ otherWaits }: Explained): readonly (readonly [string, string, string])[] {
  return otherWaits.map(({ instance, why, detail }) => [instance, why, detail] as const);
}

test("an event with a wait's values would resolve the oldest of them, and every other wait says why not", async () => {
  await using machine = await startMachine({ workflows: [PAID] });
  const [first, second, other] = await waitingFor(machine, "7", "7", "8");
  const found = await explained(machine, event({ orderid: "7", data: { paid: true } }));
  assert.deepEqual(
    [found.disposition, found.instance, found.wait, found.truncated],
    ["resolved", first, "1.event", false],
  );
  const [way] = found.ways;
  const decisions = way?.decisions as readonly { readonly facts: readonly { readonly type: string }[] }[];
  assert.deepEqual(
    decisions.map(({ facts }) => facts.map(({ type }) => type)),
    [["EventMatched"], ["EventReceived", "DataChanged", "StateLeft", "InstanceCompleted"]],
  );
  const behind = `it is number 2 of those that wait with these values: wait 1.event of instance ${first} gets it`;
  assert.deepEqual(whys(found), [
    [other, "other-value", 'correlation attribute "orderid": expected "8", found "7"'],
    [second, "behind-another", behind],
  ]);
});

test("an event without a value, and without an instance, would be unmatched, and each wait says what is missing", async () => {
  await using machine = await startMachine({ workflows: [PAID, CALLBACK] });
  const [id] = await waitingFor(machine, "7");
  const found = await explained(machine, event());
  assert.deepEqual([found.disposition, found.ways.map(({ to }) => to)], ["unmatched", ["dead-letters"]]);
  const missing = 'correlation attribute "orderid": expected "7", found none: missing or empty in the event';
  assert.deepEqual(whys(found), [[id, "missing-value", missing]]);
  const started = await machine.app.inject({ method: "POST", url: "/callback", payload: {} });
  const unnamed = await explained(machine, event({ type: "wait" }));
  assert.deepEqual(
    unnamed.otherWaits.map(({ instance, why }) => [instance, why]),
    [[started.json().id, "names-no-instance"]],
  );
});

test("an event that names an instance would go there, and to no wait of another", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const start = async () =>
    (await machine.app.inject({ method: "POST", url: "/callback", payload: {} })).json().id as string;
  const [one, other] = [await start(), await start()];
  const found = await explained(machine, event({ type: "wait", kogitoprocrefid: one }));
  assert.deepEqual([found.disposition, found.instance], ["resolved", one]);
  const detail = `instance: expected ${JSON.stringify(other)}, found ${JSON.stringify(one)}, which the event names`;
  assert.deepEqual(whys(found), [[other, "names-another-instance", detail]]);
});

test("an event would be buffered where nobody waits yet, and says until when", async () => {
  await using machine = await startMachine({ workflows: [PAID] });
  const found = await explained(machine, event({ orderid: "9" }));
  assert.deepEqual([found.disposition, typeof found.until, found.otherWaits], ["buffered", "string", []]);
});

test("an event that came before would be a duplicate", async () => {
  await using machine = await startMachine({ workflows: [PAID] });
  const offered = { type: "OfferEvent", key: keyOf("9"), cardinality: "one", bufferMs: 60_000 } as const;
  await put(machine, keyOf("9"), { ...offered, event: event({ orderid: "9" }) as never });
  const found = await explained(machine, event({ orderid: "9" }));
  assert.deepEqual([found.disposition, /came before/.test(String(found.reason))], ["duplicate", true]);
});

test("an event that a wait would refuse goes on to the next", async () => {
  await using machine = await startMachine({ workflows: [PAID] });
  const [first, second] = await waitingFor(machine, "7", "7");
  await machine.app.inject({ method: "DELETE", url: `/paid/${first}` });
  const found = await explained(machine, event({ orderid: "7" }));
  assert.deepEqual([found.disposition, found.instance, found.otherWaits], ["resolved", second, []]);
});

test("an event that its instance has had by another way would be a duplicate, and takes no other wait", async () => {
  await using machine = await startMachine({ workflows: [PAID_TWICE] });
  const started = await machine.app.inject({ method: "POST", url: "/twice", payload: { orderid: "7" } });
  const { id } = started.json() as { id: string };
  await machine.app.inject({ method: "POST", url: "/", payload: event({ kogitoprocrefid: id }) });
  await put(machine, keyOf("7"), { ...opened("7", id), wait: { instance: id, wait: "2.event" } } as CorrelationInput);
  const found = await explained(machine, event({ orderid: "7" }));
  assert.deepEqual([found.disposition, found.instance], ["duplicate", id]);
  assert.deepEqual(
    found.otherWaits.map(({ wait, why }) => [wait, why]),
    [["2.event", "duplicate"]],
  );
});

test("an event that one wait after the other would refuse is followed for a while, and it says that there is more", async () => {
  await using machine = await startMachine({ workflows: [PAID] });
  const orders = Array.from({ length: REFUSALS_MAX + 2 }, () => "7");
  const ids = await waitingFor(machine, ...orders);
  const last = ids.at(-1);
  for (const id of ids.slice(0, -1)) await machine.app.inject({ method: "DELETE", url: `/paid/${id}` });
  const found = await explained(machine, event({ orderid: "7" }));
  const reason = `${REFUSALS_MAX + 1} waits would refuse it, and what follows then was not looked at`;
  assert.deepEqual(
    [found.disposition, found.reason, whys(found)],
    ["buffered", reason, [[last, "not-offered", reason]]],
  );
  await put(machine, keyOf("7"), ...ids.slice(1).map((instance) => opened("7", instance)));
  const shorter = await explained(machine, event({ orderid: "7" }));
  assert.deepEqual([shorter.disposition, shorter.instance], ["resolved", last]);
});

test("of many open waits those that opened last are looked at, and it says that there are more", async () => {
  await using machine = await startMachine({ workflows: [PAID] });
  for (let n = 0; n < WAITS_MAX; n++) await waits(machine, n);
  const all = await explained(machine, event({ orderid: "none" }));
  assert.deepEqual([all.otherWaits.length, all.truncated], [WAITS_MAX, false]);
  await waits(machine, WAITS_MAX);
  const some = await explained(machine, event({ orderid: "none" }));
  const instances = some.otherWaits.map(({ instance }) => instance);
  assert.deepEqual([instances.length, some.truncated], [WAITS_MAX, true]);
  assert.deepEqual([instances.at(0), instances.at(-1)], [`i${WAITS_MAX}`, "i1"]);
  assert.ok(some.otherWaits.every(({ wait }) => wait === "1.event"));
});

/** Writes an instance that waits, the higher the number the later. */
async function waits({ ports }: Machine, number: number): Promise<void> {
  const instance = `i${number}`;
  const key = keyOf(instance);
  const facts = { workflow: "paid", version: "1", definition: "h", data: {}, headers: {}, correlation: {} };
  const events: readonly InstanceEvent[] = [
    { type: "InstanceStarted", instance, ...facts },
    { type: "EventAwaited", wait: "1.other", events: [{ name: "other", eventType: "other", key }] },
    { type: "EventAwaited", wait: "1.event", events: [{ name: "paid", eventType: "paid", key }] },
  ];
  const partition = partitionOf(instance, ports.partitions);
  const value = formatJson({ atMs: number, events } as unknown as Json);
  const { end } = await ports.log.bounds(topics.history, partition);
  await ports.log.append(topics.history, partition, [{ key: instance, value }], { at: end });
}

test("an event would start its workflow, and the facts of the start are told", async () => {
  await using machine = await startMachine({ workflows: [BY_EVENT] });
  const found = await explained(machine, event({ type: "order.placed", data: { n: 1 } }));
  assert.deepEqual([found.disposition, found.ways.map(({ to }) => to)], ["started", ["start"]]);
});

test("an event that could not be decided on would be rejected, and the reason is told", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const started = await machine.app.inject({ method: "POST", url: "/callback", payload: {} });
  machine.ports.definitions.get = () => Promise.reject(new Error("its definition is gone"));
  const found = await explained(machine, event({ type: "wait", kogitoprocrefid: started.json().id }));
  assert.deepEqual([found.disposition, found.reason], ["rejected", "its definition is gone"]);
});

test("what is explained changes nothing", async () => {
  await using machine = await startMachine({ workflows: [PAID, BY_EVENT] });
  await waitingFor(machine, "7");
  await viewEverything(machine.ports);
  const before = await everything(machine);
  for (const more of [{ orderid: "7" }, { orderid: "8" }, {}, { type: "order.placed" }]) {
    await explained(machine, event(more));
  }
  assert.deepEqual(await everything(machine), before);
});

/** The ends of all logs, and where the store is: whatever changes the store moves its position. */
async function everything({ ports }: Machine): Promise<readonly unknown[]> {
  const { log, store, partitions } = ports;
  const found: unknown[] = [];
  for (const { name, partitions: count } of topicLayout(partitions)) {
    for (let p = 0; p < count; p++) found.push([name, p, await log.bounds(name, p)]);
  }
  for (let p = 0; p < partitions; p++) {
    const spaces = [
      `${topics.history}/${p}`,
      `${topics.correlations}/${p}`,
      ...viewedTopics.map((topic) => viewSpace(topic, p)),
    ];
    for (const space of spaces) found.push([space, await store.load(space, [`=${keyOf("7")}`, `=${keyOf("8")}`])]);
  }
  return found;
}

test("a batch, and what is no event, are refused with what was expected", async () => {
  await using machine = await startMachine();
  const headers = { "content-type": "application/cloudevents-batch+json" };
  const batch = await machine.app.inject({ method: "POST", url: "/v1/events/explain", headers, payload: "[]" });
  assert.deepEqual([batch.statusCode, batch.json().title], [400, "No CloudEvent"]);
  const none = await machine.app.inject({ method: "POST", url: "/v1/events/explain", payload: { id: "x" } });
  assert.deepEqual([none.statusCode, none.json().member], [400, "specversion"]);
});
