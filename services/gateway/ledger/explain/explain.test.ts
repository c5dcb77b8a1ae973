import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bucket, decide, emptyBucket, evolve } from "@antiphon/correlation";
import { partitionOf } from "@antiphon/log";
import { type CorrelationInput, correlationKey, formatJson, type Json, topicLayout, topics } from "@antiphon/protocol";
import { viewedTopics, viewSpace } from "@antiphon/views";
import { type Machine, startMachine } from "../../testing/start-machine.ts";
import { viewEverything } from "../../testing/view-everything.ts";
import { BY_EVENT, CALLBACK } from "../../testing/workflows.ts";

/** Waits for a payment of its order, whose id stands in its data. */
const PAID = JSON.stringify({
  id: "paid",
  start: "wait",
  events: [{ name: "paid", type: "paid", source: "", correlation: [{ contextAttributeName: "orderid" }] }],
  states: [{ name: "wait", type: "callback", eventRef: "paid", end: true }],
});

type Explained = { readonly [member: string]: Json } & {
  readonly ways: readonly { readonly [member: string]: Json }[];
  readonly otherWaits: readonly { readonly instance: string; readonly why: string; readonly detail: string }[];
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

/** Starts instances, and registers their waits as a correlator would: without one there are no buckets. */
async function waitingFor(machine: Machine, ...orders: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const orderid of orders) {
    const answer = await machine.app.inject({ method: "POST", url: "/paid", payload: { orderid } });
    assert.equal(answer.statusCode, 201, answer.payload);
    ids.push(answer.json().id as string);
  }
  for (const orderid of new Set(orders)) {
    const waits = ids.filter((_, i) => orders[i] === orderid).map((instance) => ({ instance, wait: "1.event" }));
    const key = keyOf(orderid);
    await put(machine, key, ...waits.map((wait) => ({ type: "OpenWait", key, wait, cardinality: "one" }) as const));
  }
  return ids;
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

test("an event would start its workflow, and the facts of the start are told", async () => {
  await using machine = await startMachine({ workflows: [BY_EVENT] });
  const found = await explained(machine, event({ type: "order.placed", data: { n: 1 } }));
  assert.deepEqual([found.disposition, found.ways.map(({ to }) => to)], ["started", ["start"]]);
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
