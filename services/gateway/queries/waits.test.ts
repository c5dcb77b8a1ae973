import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryBench } from "./testing/query-bench.ts";

interface Shown {
  readonly instance: string;
  readonly wait: string;
}

async function listed(bench: QueryBench, query: string): Promise<readonly string[]> {
  const pages = await bench.pages<Shown>(`/v1/waits?${query}`);
  return pages.flat().map(({ instance, wait }) => `${instance} ${wait}`);
}

/** Instances a to d that wait, each for an event of its own type and for one that is the same for all. */
async function waiting(): Promise<QueryBench> {
  const bench = await QueryBench.open();
  for (const [i, id] of ["a", "b", "c", "d"].entries()) {
    await bench.start(id, 1_000 * (i + 1), { workflow: i < 2 ? "first" : "second" });
    await bench.decide(
      id,
      1_000 * (i + 1),
      { type: "StateEntered", state: "Ask", visit: 1 },
      { type: "EventAwaited", wait: "1.0.own", events: [{ name: "own", eventType: `own.${id}`, key: `key ${id}` }] },
      { type: "EventAwaited", wait: "1.1.any", events: [{ name: "any", eventType: "any", key: `key ${id}` }] },
    );
  }
  await bench.project();
  return bench;
}

test("waits are listed over all partitions, those opened last in front, in pages without loss or repeat", async () => {
  const bench = await waiting();
  const all = ["d", "c", "b", "a"].flatMap((id) => [`${id} 1.1.any`, `${id} 1.0.own`]);
  for (const size of [1, 3, 8, 9]) assert.deepEqual(await listed(bench, `limit=${size}`), all, `pages of ${size}`);
});

test("waits are found by instance, workflow, event type and correlation key", async () => {
  const bench = await waiting();
  assert.deepEqual(await listed(bench, "type=own.b"), ["b 1.0.own"]);
  assert.deepEqual(await listed(bench, "type=any&limit=1"), ["d 1.1.any", "c 1.1.any", "b 1.1.any", "a 1.1.any"]);
  assert.deepEqual(await listed(bench, "type=any&workflow=first"), ["b 1.1.any", "a 1.1.any"]);
  assert.deepEqual(await listed(bench, "key=key%20c"), ["c 1.1.any", "c 1.0.own"]);
  assert.deepEqual(await listed(bench, "instance=a&limit=1"), ["a 1.1.any", "a 1.0.own"]);
  assert.deepEqual(await listed(bench, "instance=a&type=any"), ["a 1.1.any"]);
  assert.deepEqual(await listed(bench, "instance=none"), []);
});

test("a wait that has its event is in no list any more", async () => {
  const bench = await waiting();
  const event = { specversion: "1.0", id: "e", source: "/s", type: "any" } as const;
  await bench.decide("d", 9_000, { type: "EventReceived", wait: "1.1.any", event, found: { by: "instance" } });
  await bench.project();
  assert.deepEqual(await listed(bench, "workflow=second&type=any"), ["c 1.1.any"]);
});

test("a wait shows its instance, state, event types, keys, beginning and end", async () => {
  const bench = await QueryBench.open();
  await bench.start("a", 1_000);
  await bench.decide(
    "a",
    2_000,
    { type: "StateEntered", state: "Ask", visit: 1 },
    { type: "EventAwaited", wait: "1.callback", events: [{ name: "n", eventType: "t" }] },
    { type: "TimerStarted", timer: "1.timeout", dueMs: 9_000 },
  );
  await bench.project();
  assert.deepEqual(await bench.get("/v1/waits"), {
    status: 200,
    body: {
      items: [
        {
          instance: "a",
          workflow: "w",
          wait: "1.callback",
          state: "Ask",
          events: [{ name: "n", type: "t" }],
          since: "1970-01-01T00:00:02.000Z",
          deadline: "1970-01-01T00:00:09.000Z",
        },
      ],
    },
  });
});

test("a filter without a list of its own ends a page at its bound, and the next page goes on", async () => {
  const bench = await QueryBench.open();
  const awaited = (wait: string, key: string) =>
    ({ type: "EventAwaited", wait, events: [{ name: "n", eventType: "t", key }] }) as const;
  await bench.start("old", 1_000);
  await bench.decide("old", 1_000, awaited("1.a", "wanted"));
  await bench.start("many", 2_000);
  await bench.decide("many", 2_000, ...Array.from({ length: 2_500 }, (_, i) => awaited(`1.${i}`, "other")));
  await bench.project();
  const pages = await bench.pages<Shown>("/v1/waits?key=wanted");
  assert.deepEqual(
    pages.map((page) => page.map(({ instance }) => instance)),
    [[], ["old"]],
  );
});

test("waits whose time is up before a moment are found, and those without a deadline are not", async () => {
  const bench = await QueryBench.open();
  for (const [id, dueMs] of [
    ["soon", 5_000],
    ["late", 9_000],
    ["never", undefined],
  ] as const) {
    await bench.start(id, 1_000);
    const awaited = { type: "EventAwaited", wait: "1.a", events: [{ name: "n", eventType: "t" }] } as const;
    const timer = dueMs === undefined ? [] : [{ type: "TimerStarted", timer: "1.timeout", dueMs } as const];
    await bench.decide(id, 1_000, awaited, ...timer);
  }
  await bench.project();
  assert.deepEqual(await listed(bench, "deadlineBefore=1970-01-01T00:00:06Z"), ["soon 1.a"]);
  assert.deepEqual(await listed(bench, "deadlineBefore=1970-01-01T00:00:09Z&type=t"), ["soon 1.a"]);
});
