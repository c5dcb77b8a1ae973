import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { Client } from "./support/client.ts";
import { onEachDeployment } from "./support/on-each-deployment.ts";
import { waitUntil } from "./support/wait-until.ts";

const SOURCE = "/shop";

type Item = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly disposition: string;
  readonly duplicates: number;
};

interface Audit {
  readonly agrees: boolean;
  readonly events: { readonly received: number; readonly sum: number };
  readonly inputs: { readonly waiting: number };
  readonly waits: { readonly open: number; readonly registered: number; readonly onTheWay: number };
  readonly disagreements: object;
  readonly behind: readonly object[];
}

await onEachDeployment("the ledger", { workflows: `${import.meta.dirname}/ledger/definitions` }, (deployment) => {
  let client: Client;
  before(() => {
    client = new Client(deployment().url);
  });

  const ask = async <Found = Readonly<Record<string, unknown>>>(path: string, method = "GET", body?: object) => {
    const { status, text, body: found } = await client.send(method, path, body);
    assert.ok(status === 200 || status === 202, `${method} ${path}: ${status} ${text}`);
    return found as Found;
  };
  const itemsOf = async (path: string) => (await ask<{ readonly items: readonly Item[] }>(path)).items;
  const send = (type: string, more: object) => client.event({ id: randomUUID(), source: SOURCE, type, ...more });
  const shown = (id: string) => ask<Item>(`/v1/events/${encodeURIComponent(SOURCE)}/${id}`);

  /** No event is kept any more that would expire while somebody looks. */
  const settled = () =>
    waitUntil("no event to be kept", async () => {
      const kept = await itemsOf("/v1/events?disposition=buffered");
      return kept.length === 0 || undefined;
    });

  /** An order that has come, and the instance that it has started, which waits. */
  async function ordered(): Promise<{ readonly orderid: string; readonly instance: string; readonly event: string }> {
    const orderid = randomUUID();
    const { id: event, disposition, instance = "" } = await send("delivery.ordered", { orderid });
    assert.equal(disposition, "started");
    await client.waiting(instance);
    return { orderid, instance, event };
  }

  test("an event has one disposition after the other as its fate goes on, with the reason, the wait and the instance", async () => {
    const orderid = randomUUID();
    const early = await send("delivery.paid", { orderid });
    assert.deepEqual(early, { source: SOURCE, id: early.id, disposition: "buffered" });
    const { instance = "", id: starting } = await send("delivery.ordered", { orderid });
    await client.disposition(SOURCE, early.id, "resolved");
    const late = { id: early.id, orderid };
    assert.equal((await send("delivery.paid", late)).disposition, "duplicate");
    const arrived = await send("delivery.arrived", { kogitoprocrefid: instance });
    assert.deepEqual([arrived.disposition, arrived.instance], ["resolved", instance]);
    assert.equal((await client.ended(instance)).status, "completed");
    const after = await send("delivery.arrived", { kogitoprocrefid: instance });
    assert.equal(after.disposition, "unmatched");
    await client.disposition(SOURCE, after.id, "unmatched");
    const events = await waitUntil("the duplicate to be counted", async () => {
      const all = await itemsOf(`/v1/events?instance=${instance}`);
      return all.some(({ duplicates }) => duplicates > 0) ? all : undefined;
    });
    const told = events.map(({ id, disposition, duplicates, reason }) => ({ id, disposition, duplicates, reason }));
    const none = { duplicates: 0, reason: undefined };
    assert.deepEqual(
      new Set(told),
      new Set([
        { id: starting, disposition: "started", ...none },
        { id: early.id, disposition: "resolved", duplicates: 1, reason: undefined },
        { id: arrived.id, disposition: "resolved", ...none },
        { id: after.id, disposition: "unmatched", duplicates: 0, reason: after.reason },
      ]),
    );
    const { wait, at, receivedAt, keys } = await shown(early.id);
    assert.deepEqual([typeof wait, String(receivedAt) < String(at)], ["string", true]);
    assert.deepEqual(keys, [`0:13:delivery.paid7:orderid36:${orderid}`]);
  });

  test("an event that nobody waits for in its time expires, and is a dead letter that says so", async () => {
    const { id } = await send("auction.bid", { lot: randomUUID(), data: 1 });
    await client.disposition(SOURCE, id, "expired");
    const { reason, deadLetter } = await waitUntil("its dead letter", async () => {
      const event = await shown(id);
      return event.deadLetter === undefined ? undefined : event;
    });
    const letter = await ask(`/v1/dead-letters/${deadLetter}`);
    assert.deepEqual([letter.state, letter.disposition, letter.reason], ["open", "expired", reason]);
  });

  test("an event that has come around too often is rejected, and one of a type that nobody knows is unmatched", async () => {
    const rejected = await send("delivery.paid", { orderid: randomUUID(), antiphonhops: 101 });
    const unknown = await send("delivery.unknown", {});
    assert.deepEqual([rejected.disposition, unknown.disposition], ["rejected", "unmatched"]);
    for (const { id, disposition, reason } of [rejected, unknown]) {
      await client.disposition(SOURCE, id, disposition);
      assert.equal((await shown(id)).reason, reason);
    }
  });

  test("a wait is shown with what it waits for, and an event tried against it says why it is not for it", async () => {
    const { orderid, instance } = await ordered();
    const key = `0:13:delivery.paid7:orderid36:${orderid}`;
    const waits = await waitUntil("its wait", async () => {
      const found = await itemsOf(`/v1/waits?type=delivery.paid&key=${encodeURIComponent(key)}`);
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(
      waits.map((wait) => [wait.instance, wait.workflow, wait.state, wait.events]),
      [[instance, "delivery", "Paid", [{ name: "paid", type: "delivery.paid", key }]]],
    );
    const sample = { specversion: "1.0", id: randomUUID(), source: SOURCE, type: "delivery.paid" };
    const right = await waitUntil("the wait to be registered", async () => {
      const found = await ask("/v1/events/explain", "POST", { ...sample, orderid });
      return found.disposition === "resolved" ? found : undefined;
    });
    assert.equal(right.instance, instance);
    const wrong = await ask<{ disposition: string; otherWaits: readonly Record<string, unknown>[] }>(
      "/v1/events/explain",
      "POST",
      { ...sample, orderid: "other" },
    );
    const other = wrong.otherWaits.find((wait) => wait.instance === instance);
    assert.deepEqual(
      [wrong.disposition, other?.why, other?.detail],
      ["buffered", "other-value", `correlation attribute "orderid": expected "${orderid}", found "other"`],
    );
    assert.equal((await client.send("GET", `/v1/events/${encodeURIComponent(SOURCE)}/${sample.id}`)).status, 404);
    assert.equal((await client.instance(instance)).status, "active");
  });

  test("a dead letter that is sent again goes where it would go now, alone or with all of its filter, and none goes twice", async () => {
    const lots = Array.from({ length: 12 }, () => randomUUID());
    const bids = await Promise.all(lots.map((lot, n) => send("auction.bid", { lot, data: n })));
    for (const { id } of bids) {
      await client.disposition(SOURCE, id, "expired");
      await waitUntil(`the letter of ${id}`, async () => (await shown(id)).deadLetter);
    }
    const instances = await Promise.all(lots.map((lot) => client.start("auction", { lot })));
    const { deadLetter } = await shown(bids[0]?.id ?? "");
    await waitUntil("the first to be registered", async () => {
      const sample = { specversion: "1.0", id: randomUUID(), source: SOURCE, type: "auction.bid", lot: lots[0] };
      return (await ask("/v1/events/explain", "POST", sample)).disposition === "resolved" || undefined;
    });
    const one = await ask(`/v1/dead-letters/${deadLetter}/redrive`, "POST");
    assert.deepEqual([one.id, one.result, one.instance], [deadLetter, "resolved", instances[0]]);
    // One is taken meanwhile, by a second copy that names its instance.
    const [, second] = bids;
    const copy = { id: second?.id, kogitoprocrefid: instances[1], data: "copy" };
    assert.equal((await send("auction.bid", copy)).disposition, "resolved");
    await client.disposition(SOURCE, second?.id ?? "", "resolved");
    const { job } = await ask<{ job: string }>("/v1/dead-letters/redrive?type=auction.bid&disposition=expired", "POST");
    const done = await waitUntil("the job to be done", async () => {
      const progress = await ask(`/v1/jobs/${job}`);
      return progress.status === "running" ? undefined : progress;
    });
    assert.deepEqual([done.status, done.failed], ["done", 0]);
    const ended = await Promise.all(instances.map((id) => client.ended(id)));
    assert.deepEqual(
      ended.map(({ status, data }) => [status, (data as { bid: unknown }).bid]),
      lots.map((_, n) => ["completed", n === 1 ? "copy" : n]),
    );
    for (const { id } of bids) await client.disposition(SOURCE, id, "resolved");
    assert.deepEqual(
      (await itemsOf("/v1/dead-letters?type=auction.bid&limit=200")).filter(({ event }) =>
        bids.some(({ id }) => id === (event as { id: string }).id),
      ),
      [],
    );
  });

  test("the metrics say of events what the ledger says", async () => {
    await settled();
    const ledger = new Map<string, number>();
    let duplicates = 0;
    for (const item of await itemsOf("/v1/events?limit=200")) {
      ledger.set(item.disposition, (ledger.get(item.disposition) ?? 0) + 1);
      duplicates += item.duplicates;
    }
    const waits = (await itemsOf("/v1/waits?limit=200")).length;
    await waitUntil("metrics that agree", async () => {
      const text = await deployment().metrics();
      const events = (name: string) => metricIn(text, `antiphon_events_total{disposition="${name}"}`);
      // No event is given another disposition after one of these.
      const counted = ["resolved", "started", "rejected"].map((name) => [name, events(name)]);
      const listed = ["resolved", "started", "rejected"].map((name) => [name, ledger.get(name) ?? 0]);
      assert.deepEqual(counted, listed);
      assert.equal(events("duplicate"), duplicates);
      assert.equal(metricIn(text, "antiphon_events_buffered"), ledger.get("buffered") ?? 0);
      assert.equal(metricIn(text, "antiphon_waits_open"), waits);
      return true;
    });
  });

  test("the audit finds that everything adds up", async () => {
    const { agrees, events, waits, disagreements, behind } = await waitUntil("everything to be handled", async () => {
      const found = await ask<Audit>("/v1/audit");
      return found.inputs.waiting + found.waits.onTheWay === 0 ? found : undefined;
    });
    const listed = (await itemsOf("/v1/events?limit=200")).length;
    assert.deepEqual(
      [agrees, events.received, events.sum, disagreements, behind],
      [true, listed, listed, { count: 0, kinds: {}, listed: [] }, []],
    );
    const open = (await itemsOf("/v1/waits?limit=200")).length;
    assert.ok(open > 0);
    assert.deepEqual(waits, { open, registered: open, onTheWay: 0 });
  });

  test("the ledger of a store that has lost everything is the same again, and adds up", async () => {
    await settled();
    const lists = ["/v1/events?limit=200", "/v1/waits?limit=200", "/v1/dead-letters?state=all&limit=200"];
    const before = await Promise.all(lists.map(itemsOf));
    assert.ok(before.every((items) => items.length > 0));
    await deployment().loseStore();
    await waitUntil("the same lists", async () => {
      assert.deepEqual(await Promise.all(lists.map(itemsOf)), before);
      return true;
    });
    const { agrees } = await ask<Audit>("/v1/audit");
    assert.equal(agrees, true);
  });

  test("a filter that is none is answered with the parameter, what was expected and what was found", async () => {
    const wrong: readonly (readonly [method: string, path: string, parameter: string])[] = [
      ["GET", "/v1/events?disposition=lost", "disposition"],
      ["GET", "/v1/events?after=yesterday", "after"],
      ["GET", "/v1/events?workflow=delivery", "workflow"],
      ["GET", "/v1/events?type=a&type=b", "type"],
      ["GET", "/v1/waits?limit=0", "limit"],
      ["GET", "/v1/waits?deadlineBefore=1", "deadlineBefore"],
      ["GET", "/v1/dead-letters?disposition=duplicate", "disposition"],
      ["POST", "/v1/dead-letters/redrive?state=open", "state"],
      ["GET", "/v1/audit?workflow=delivery", "workflow"],
    ];
    for (const [method, path, parameter] of wrong) {
      const { status, headers, body } = await client.send(method, path);
      const problem = body as Readonly<Record<string, unknown>>;
      assert.deepEqual(
        [status, headers.get("content-type"), problem.type, problem.parameter],
        [400, "application/problem+json; charset=utf-8", "urn:antiphon:problem:wrong-parameter", parameter],
        path,
      );
      assert.match(String(problem.detail), /^parameter ".+": expected .+, found .+$/);
    }
  });
});

function metricIn(text: string, name: string): number {
  const line = text.split("\n").find((one) => one.startsWith(`${name} `));
  if (line === undefined) throw new Error(`expected ${name}, found ${text.slice(0, 2_000)}`);
  return Number(line.slice(name.length + 1));
}
