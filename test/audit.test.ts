import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, suite, test } from "node:test";
import { memoryLog, partitionOf } from "@antiphon/log";
import { correlationKey, topicLayout, topics } from "@antiphon/protocol";
import { memoryStore } from "@antiphon/store";
import { eventKey, viewSpace } from "@antiphon/views";
import { type Machine, startMachine } from "./fuzz/machine.ts";
import { Client } from "./support/client.ts";
import { waitUntil } from "./support/wait-until.ts";

const PARTITIONS = 3;
const WORKFLOWS = `${import.meta.dirname}/support/definitions`;
const ORDERS = 40;

interface Audit {
  readonly agrees: boolean;
  readonly events: { readonly received: number; readonly sum: number; readonly dispositions: Record<string, number> };
  readonly waits: { readonly open: number; readonly registered: number; readonly onTheWay: number };
  readonly disagreements: { readonly count: number; readonly listed: readonly { readonly kind: string }[] };
}

function answer(orderid: string | undefined, id: string = randomUUID()) {
  const named = orderid === undefined ? {} : { orderid };
  return { specversion: "1.0", id, source: "/shop", type: "by-key.answered", ...named, data: { answer: "yes" } };
}

suite("the ledger of a machine", () => {
  const store = memoryStore();
  let machine: Machine;
  let client: Client;

  before(async () => {
    const log = memoryLog({ now: () => Date.now() });
    await log.ensureTopics(topicLayout(PARTITIONS));
    machine = await startMachine(log, { store, partitions: PARTITIONS, workflows: WORKFLOWS });
    client = new Client(machine.url);
  });
  after(async () => machine[Symbol.asyncDispose]());

  const send = async (event: object) => (await client.send("POST", "/", event)).body as Record<string, unknown>;
  const audit = async (): Promise<Audit> => (await client.send("GET", "/v1/audit")).body as Audit;
  const shown = async (path: string) => (await client.send("GET", path)).body as Record<string, unknown>;

  test("adds up while events come early, late, twice, crossed and for nobody, and afterwards", async () => {
    const audits: Audit[] = [];
    let isOver = false;
    const auditing = (async () => {
      while (!isOver) audits.push(await audit());
    })();
    await Promise.all(
      Array.from({ length: ORDERS }, async (_, n) => {
        const order = `adds-up-${n}`;
        const event = answer(order);
        const start = () => client.start("by-key", { orderid: order });
        if (n % 4 === 0) await send(event);
        const id = await start();
        if (n % 4 === 1) await client.send("DELETE", `/by-key/${id}`);
        await Promise.all([send(event), send(event), ...(n % 4 === 2 ? [send(answer(undefined))] : [])]);
        if (n % 4 === 3) await send({ ...answer(`other-${n}`), kogitoprocrefid: id });
      }),
    );
    isOver = true;
    await auditing;
    assert.deepEqual(
      audits.flatMap(({ disagreements }) => disagreements.listed),
      [],
    );
    const last = await audit();
    const { received, sum, dispositions } = last.events;
    assert.deepEqual([last.agrees, received, sum], [true, ORDERS + 20, ORDERS + 20]);
    // Of a quarter the instance was aborted: a copy that comes by its key stays there, for whoever waits next.
    assert.deepEqual(dispositions, { resolved: 30, buffered: 10, unmatched: 20 });
    assert.deepEqual(last.waits, { open: 0, registered: 0, onTheWay: 0 });
  });

  test("says before an event is sent what it comes to when it is", async () => {
    for (const order of ["told-1", "told-2"]) await client.start("by-key", { orderid: order });
    const aborted = await client.start("by-key", { orderid: "told-3" });
    await client.send("DELETE", `/by-key/${aborted}`);
    const samples = [
      answer("told-1"),
      answer("told-2"),
      answer("told-3"),
      answer("told-4"),
      answer(undefined),
      { ...answer(undefined), kogitoprocrefid: aborted },
      { ...answer(undefined), type: "nobody.knows" },
    ];
    const told: unknown[] = [];
    const come: unknown[] = [];
    for (const sample of samples) {
      const before = (await client.send("POST", "/v1/events/explain", sample)).body as Record<string, unknown>;
      const { disposition, instance, reason } = await send(sample);
      told.push([before.disposition, before.instance, before.reason]);
      come.push([disposition, instance, reason]);
      const again = (await client.send("POST", "/v1/events/explain", sample)).body as Record<string, unknown>;
      if (disposition !== "unmatched") assert.equal(again.disposition, "duplicate", JSON.stringify(again));
    }
    assert.deepEqual(told, come);
    const kinds = ["resolved", "resolved", "buffered", "buffered", "unmatched", "unmatched", "unmatched"];
    assert.deepEqual(
      come.map((fate) => (fate as unknown[])[0]),
      kinds,
    );
  });

  test("sends what was put aside through again, and doubles nothing that was taken meanwhile", async () => {
    const type = "by-key.answered";
    const events = Array.from({ length: 10 }, (_, n) => answer(undefined, `again-${n}`));
    for (const event of events) await send(event);
    const ids = await Promise.all(events.map((_, n) => client.start("by-key", { orderid: `again-${n}` })));
    // Half of them come again, saying for whom they are.
    await Promise.all(events.slice(0, 5).map((event, n) => send({ ...event, kogitoprocrefid: ids[n] })));
    await waitUntil("their letters to be settled", async () => {
      const { items } = await shown("/v1/dead-letters?state=settled");
      return (items as unknown[]).length === 5 ? true : undefined;
    });
    const { job } = (await client.send("POST", `/v1/dead-letters/redrive?type=${type}`)).body as { job: string };
    const done = await waitUntil("the job to be done", async () => {
      const progress = await shown(`/v1/jobs/${job}`);
      return progress.status === "running" ? undefined : progress;
    });
    const open = ((await shown("/v1/dead-letters?limit=200")).items as unknown[]).length;
    assert.deepEqual(
      [done.status, done.failed, (done.outcomes as Record<string, number>).resolved],
      ["done", 0, undefined],
    );
    const taken = ((await shown("/v1/dead-letters?state=settled")).items as { id: string }[])[0];
    const { result } = (await client.send("POST", `/v1/dead-letters/${taken?.id}/redrive`)).body as { result: string };
    assert.equal(result, "duplicate");
    for (const id of ids.slice(0, 5)) {
      const { items } = await shown(`/v1/events?instance=${id}`);
      assert.deepEqual(
        (items as { disposition: string }[]).map(({ disposition }) => disposition),
        ["resolved"],
      );
    }
    assert.ok(open >= 5);
    assert.equal((await audit()).agrees, true);
    for (const id of ids.slice(5)) await client.send("DELETE", `/by-key/${id}`);
  });

  test("finds a wait that is missing at its key, and a row that is missing in the ledger", async () => {
    const event = answer("seeded");
    await client.start("by-key", { orderid: "seeded" });
    await send(answer("seeded-early", event.id));
    await waitUntil("an audit without a fault", async () => ((await audit()).agrees ? true : undefined));
    const key = correlationKey("", "by-key.answered", { orderid: "seeded" }) ?? "";
    const early = correlationKey("", "by-key.answered", { orderid: "seeded-early" }) ?? "";
    await takeAway(`${topics.correlations}/${partitionOf(key, PARTITIONS)}`, `=${key}`);
    await takeAway(viewSpace(topics.correlations, partitionOf(early, PARTITIONS)), eventKey(event));
    const { agrees, disagreements, events } = await audit();
    assert.deepEqual(
      [agrees, disagreements.listed.map(({ kind }) => kind).sort(), events.received - events.sum],
      [false, ["bucket-differs", "ledger-row-missing"], 1],
    );
  });

  /** The store loses a value, and nobody notices. */
  async function takeAway(space: string, key: string): Promise<void> {
    const { position } = await store.load(space, []);
    const commit = {
      expected: position,
      position: position ?? 0,
      values: new Map([[key, null]]),
      added: [],
      removed: [],
    };
    assert.equal(await store.commit(space, commit), "committed");
  }
});
