import assert from "node:assert/strict";
import { test } from "node:test";
import { partitionOf } from "@antiphon/log";
import { exactNumber, type InstanceEvent, type JsonObject } from "@antiphon/protocol";
import { heldInstances } from "./held-instances.ts";
import { storedInstances } from "./stored-instances.ts";
import { QueryBench } from "./testing/query-bench.ts";

const SECOND = "1970-01-01T00:00:01.000Z";
const approved = { name: "approved", eventType: "com.acme.approved", key: "the key" };

async function ids(bench: QueryBench, url: string): Promise<readonly string[]> {
  const pages = await bench.pages<{ readonly id: string }>(url);
  return pages.flat().map(({ id }) => id);
}

/** Instances a0 to a11: one a second, of two workflows and three business keys, every third completed. */
async function dozen(): Promise<QueryBench> {
  const bench = await QueryBench.open();
  for (let i = 0; i < 12; i++) {
    await bench.start(`a${i}`, 1_000 * (i + 1), { workflow: i % 2 === 0 ? "even" : "odd", businessKey: `b${i % 3}` });
    if (i % 3 === 0) await bench.decide(`a${i}`, 60_000, { type: "InstanceCompleted" });
  }
  await bench.project();
  return bench;
}

test("instances of all partitions are listed in the order of time, those started last in front", async () => {
  const bench = await dozen();
  const inOrder = Array.from({ length: 12 }, (_, i) => `a${11 - i}`);
  assert.deepEqual(await ids(bench, "/v1/instances?limit=200"), inOrder);
  assert.equal(new Set(inOrder.map((id) => partitionOf(id, bench.partitions))).size, bench.partitions);
});

test("instances are listed by who asked for them, and by the root of their family; each is shown with its own", async () => {
  const bench = await QueryBench.open();
  const root = { instance: "a", workflow: "w" };
  await bench.start("a", 1_000);
  await bench.start("b", 2_000, { parent: { instance: "a", action: "1.x", root } });
  await bench.start("c", 3_000, { workflow: "other", parent: { instance: "b", action: "1.x", root } });
  await bench.start("d", 4_000, { parent: { instance: "a", action: "1.y", root, detached: true } });
  const child = { instance: "c", workflow: "other" };
  const error = { code: "500", message: "no", classes: [], child };
  await bench.decide("b", 5_000, { type: "InstanceFaulted", error });
  await bench.project();
  assert.deepEqual(await ids(bench, "/v1/instances?parent=a"), ["d", "b"]);
  assert.deepEqual(await ids(bench, "/v1/instances?parent=a&status=faulted"), ["b"]);
  assert.deepEqual(await ids(bench, "/v1/instances?root=a"), ["d", "c", "b"]);
  assert.deepEqual(await ids(bench, "/v1/instances?root=a&workflow=other"), ["c"]);
  assert.deepEqual(await ids(bench, "/v1/instances?parent=c"), []);
  const [listed] = (await bench.pages<Record<string, unknown>>("/v1/instances?parent=a&status=faulted")).flat();
  assert.deepEqual(
    [listed?.["parent"], listed?.["root"], listed?.["error"]],
    ["a", "a", { code: "500", message: "no", child }],
  );
  const shown = (await bench.get("/v1/instances/b")).body as JsonObject;
  const { parent, root: top, children, error: failure } = shown;
  assert.deepEqual(
    { parent, root: top, children, failure },
    {
      parent: "a",
      root: "a",
      children: [{ id: "c", workflow: "other", status: "active" }],
      failure: { code: "500", message: "no", classes: [], child },
    },
  );
  const first = (await bench.get("/v1/instances/a")).body as JsonObject;
  const ofFirst = first["children"] as readonly JsonObject[];
  assert.deepEqual([Object.hasOwn(first, "parent"), ofFirst.map(({ id }) => id)], [false, ["d", "b"]]);
});

test("pages follow one another without loss or repeat, whatever their size", async () => {
  const bench = await dozen();
  const inOrder = Array.from({ length: 12 }, (_, i) => `a${11 - i}`);
  for (const size of [1, 2, 3, 5, 11, 12, 13]) {
    const pages = await bench.pages<{ readonly id: string }>(`/v1/instances?limit=${size}`);
    assert.deepEqual(
      pages.flat().map(({ id }) => id),
      inOrder,
      `pages of ${size}`,
    );
    assert.equal(pages.length, Math.ceil(12 / size), `pages of ${size}`);
  }
});

test("what is started while somebody pages is not in the pages that follow, and nothing else is lost", async () => {
  const bench = await dozen();
  let newer = 0;
  const pages = await bench.pages<{ readonly id: string }>("/v1/instances?limit=2", async () => {
    newer += 1;
    await bench.start(`new${newer}`, 100_000 + newer);
    await bench.decide("a1", 100_000, { type: "StateEntered", state: "S", visit: newer });
    await bench.project();
  });
  assert.deepEqual(
    pages.flat().map(({ id }) => id),
    Array.from({ length: 12 }, (_, i) => `a${11 - i}`),
  );
});

test("instances that started in the same millisecond in several partitions are all listed, once", async () => {
  const bench = await QueryBench.open();
  const all = Array.from({ length: 20 }, (_, i) => `ü${i}\u{1F600}`);
  for (const id of all) await bench.start(id, 1_000);
  await bench.project();
  const found = await ids(bench, "/v1/instances?limit=3");
  assert.deepEqual([...found].sort(), [...all].sort());
});

test("filters leave what they say, alone and together", async () => {
  const bench = await dozen();
  assert.deepEqual(await ids(bench, "/v1/instances?workflow=odd"), ["a11", "a9", "a7", "a5", "a3", "a1"]);
  assert.deepEqual(await ids(bench, "/v1/instances?status=completed&limit=1"), ["a9", "a6", "a3", "a0"]);
  assert.deepEqual(await ids(bench, "/v1/instances?status=active&workflow=odd"), ["a11", "a7", "a5", "a1"]);
  assert.deepEqual(await ids(bench, "/v1/instances?status=completed&workflow=odd"), ["a9", "a3"]);
  assert.deepEqual(await ids(bench, "/v1/instances?businessKey=b1&workflow=even"), ["a10", "a4"]);
  assert.deepEqual(await ids(bench, "/v1/instances?workflow=none"), []);
  const between = "startedAfter=1970-01-01T00:00:03Z&startedBefore=1970-01-01T01:00:06%2B01:00";
  assert.deepEqual(await ids(bench, `/v1/instances?limit=1&${between}`), ["a4", "a3"]);
});

test("a list shows what an instance is and when, and no data", async () => {
  const bench = await QueryBench.open();
  await bench.start("one", 1_000, { businessKey: "B-7" });
  const error = { code: "404", message: "no such thing", classes: ["java.lang.Exception"] };
  await bench.decide("one", 2_000, { type: "InstanceFaulted", error });
  await bench.project();
  assert.deepEqual(await bench.get("/v1/instances"), {
    status: 200,
    body: {
      items: [
        {
          id: "one",
          workflow: "w",
          version: "1",
          definition: "hash",
          businessKey: "B-7",
          status: "faulted",
          error: { code: "404", message: "no such thing" },
          startedAt: SECOND,
          updatedAt: "1970-01-01T00:00:02.000Z",
          endedAt: "1970-01-01T00:00:02.000Z",
        },
      ],
    },
  });
});

test("an instance is shown as its orchestrator has it, also where the views are behind or have nothing", async () => {
  const bench = await QueryBench.open();
  const begin: readonly InstanceEvent[] = [
    { type: "StateEntered", state: "Ask", visit: 1 },
    { type: "EventAwaited", wait: "1.callback", events: [approved] },
    { type: "DataChanged", data: { total: exactNumber("68.0") } },
  ];
  await bench.start("one", 1_000);
  await bench.decide("one", 2_000, ...begin, { type: "TimerStarted", timer: "1.timeout", dueMs: 9_000 });
  const expected = {
    id: "one",
    workflow: "w",
    version: "1",
    definition: "hash",
    status: "active",
    state: "Ask",
    data: { total: 68 },
    startedAt: SECOND,
    updatedAt: "1970-01-01T00:00:02.000Z",
    waits: [
      {
        instance: "one",
        workflow: "w",
        wait: "1.callback",
        state: "Ask",
        events: [{ name: "approved", type: "com.acme.approved", key: "the key" }],
        since: "1970-01-01T00:00:02.000Z",
        deadline: "1970-01-01T00:00:09.000Z",
      },
    ],
  };
  assert.deepEqual(await bench.get("/v1/instances/one"), { status: 200, body: expected });
  const raw = await bench.app().inject({ method: "GET", url: "/v1/instances/one" });
  assert.match(raw.body, /"data":\{"total":68\.0\}/);

  await bench.project();
  assert.deepEqual(await bench.get("/v1/instances/one"), { status: 200, body: expected });
  await bench.decide("one", 3_000, { type: "InstanceAborted", reason: "by request" });
  const { waits: _, ...rest } = expected;
  assert.deepEqual(await bench.get("/v1/instances/one"), {
    status: 200,
    body: {
      ...rest,
      status: "aborted",
      reason: "by request",
      updatedAt: "1970-01-01T00:00:03.000Z",
      endedAt: "1970-01-01T00:00:03.000Z",
    },
  });
});

test("an instance that nothing has started is not found, also if an event came early for it", async () => {
  const bench = await QueryBench.open();
  const event = { specversion: "1.0", id: "e", source: "/s", type: "t" } as const;
  await bench.decide("early", 1_000, { type: "EventBuffered", event, expiresMs: 9_000 });
  for (const url of ["/v1/instances/early", "/v1/instances/early/history", "/v1/instances/none"]) {
    const { status, body } = await bench.get(url);
    const id = url.split("/")[3];
    assert.deepEqual(
      [status, body],
      [
        404,
        {
          type: "urn:antiphon:problem:no-such-instance",
          title: "No such instance",
          status: 404,
          detail: `instance: expected the id of an instance that was started, found "${id}"`,
        },
      ],
    );
  }
});

test("while a store that lost everything has nothing, nobody is told that his instance does not exist", async () => {
  const bench = await QueryBench.open();
  await bench.start("one", 1_000);
  bench.store.loseEverything();
  const { status } = await bench.get("/v1/instances/one");
  assert.equal(status, 503);
});

test("the history of an instance is read backwards from the log, page by page, and has nothing of others", async () => {
  const bench = await QueryBench.open();
  const others = ["x", "y", "z", "u", "v"];
  for (const other of others) await bench.start(other, 500);
  const offsets = [await bench.start("one", 1_000)];
  for (let visit = 1; visit <= 6; visit++) {
    for (const other of others) await bench.decide(other, 1_500, { type: "StateEntered", state: "T", visit });
    offsets.push(await bench.decide("one", 1_000 * (visit + 1), { type: "StateEntered", state: "S", visit }));
  }
  const expected = offsets.slice(1).map((offset, i) => ({
    offset,
    at: new Date(1_000 * (i + 2)).toISOString(),
    events: [{ type: "StateEntered", state: "S", visit: i + 1 }],
  }));
  for (const size of [1, 3, 7, 50]) {
    const pages = await bench.pages<object>(`/v1/instances/one/history?limit=${size}`);
    assert.equal(pages.length, Math.ceil(7 / size));
    const [first, ...rest] = pages.flat().reverse();
    assert.deepEqual(rest, expected);
    assert.deepEqual(
      (first as { readonly events: readonly { type: string }[] }).events.map(({ type }) => type),
      ["InstanceStarted"],
    );
  }
});

test("a page of history cannot be had with the cursor of another instance", async () => {
  const bench = await QueryBench.open();
  const [one, other] = [`one`, ["p", "q", "r", "s"].find((id) => partitionOf(id, 3) === partitionOf("one", 3)) ?? "p"];
  await bench.start(one, 1_000);
  const offset = await bench.start(other, 1_000);
  const cursor = Buffer.from(String(offset)).toString("base64url");
  const { status, body } = await bench.get(`/v1/instances/${one}/history?cursor=${cursor}`);
  assert.equal(partitionOf(one, 3), partitionOf(other, 3));
  assert.deepEqual([status, (body as { parameter: string }).parameter], [400, "cursor"]);
});

test("a wrong parameter is refused with its name, what was expected and what was found", async () => {
  const bench = await QueryBench.open();
  const problemOf = async (url: string): Promise<unknown> => {
    const { status, body } = await bench.get(url);
    const { parameter, expected, found } = body as Record<string, string>;
    return [status, parameter, expected, found];
  };
  const time = "a time such as 2026-01-31T12:00:00Z";
  const cases: readonly (readonly [string, ...unknown[]])[] = [
    ["/v1/instances?status=done", "status", "active, completed, aborted or faulted", '"done"'],
    ["/v1/instances?limit=0", "limit", "a whole number from 1 to 200", '"0"'],
    ["/v1/instances?limit=201", "limit", "a whole number from 1 to 200", '"201"'],
    ["/v1/instances?startedAfter=yesterday", "startedAfter", time, '"yesterday"'],
    ["/v1/instances?startedBefore=2026-13-01T00:00Z", "startedBefore", time, '"2026-13-01T00:00Z"'],
    ["/v1/instances?cursor=abc", "cursor", "the next of an earlier page", '"abc"'],
    ["/v1/instances?workflow=a&workflow=b", "workflow", "one value", "several"],
    [`/v1/waits?key=${"%C3%A4".repeat(4_097)}`, "key", "at most 4096 characters", "4097"],
    ["/v1/waits?key=", "key", "a text that is not empty", '""'],
    ["/v1/waits?state=S", "state", "one of instance, workflow, type, key, deadlineBefore, limit, cursor", "this name"],
    ["/v1/dead-letters?disposition=resolved", "disposition", "unmatched, rejected or expired", '"resolved"'],
  ];
  for (const [url, ...expected] of cases) assert.deepEqual(await problemOf(url), [400, ...expected], url);
  assert.equal((await bench.get(`/v1/waits?key=${"%C3%A4".repeat(4_096)}`)).status, 200);
});

test("a workflow's instances that have not ended are named, failed ones too, and loaded as their orchestrators have them", async () => {
  const bench = await dozen();
  const error = { code: "500", message: "broken", classes: [] };
  await bench.decide("a8", 61_000, { type: "InstanceFaulted", error });
  await bench.decide("a4", 61_000, { type: "InstanceFaulted", error });
  await bench.decide("a4", 62_000, { type: "InstanceAborted", reason: "by request" });
  await bench.project();
  const held = await heldInstances(bench, "even", 100);
  assert.deepEqual(held, ["a10", "a8", "a2"]);
  assert.deepEqual(await heldInstances(bench, "even", 2), ["a10", "a8"]);
  const loaded = await storedInstances(bench, [...held, "none", "a0"]);
  assert.deepEqual(
    loaded.map((found) => found && [found.state.id, found.state.status, found.state.data]),
    [
      ["a10", "active", { n: 1 }],
      ["a8", "faulted", { n: 1 }],
      ["a2", "active", { n: 1 }],
      undefined,
      ["a0", "completed", { n: 1 }],
    ],
  );
  assert.deepEqual(await ids(bench, "/v1/instances?workflow=even&status=faulted"), ["a8"]);
  assert.deepEqual(await ids(bench, "/v1/instances?workflow=even&status=active"), ["a10", "a2"]);
  assert.deepEqual(await ids(bench, "/v1/instances?workflow=even&status=aborted"), ["a4"]);
});

test("a list waits for the views, so that what is in the log when it is asked for is in it", async () => {
  const bench = await QueryBench.open();
  await bench.start("one", 1_000);
  const headers = { "cache-control": "max-stale" };
  const old = await bench.app().inject({ method: "GET", url: "/v1/instances", headers });
  assert.deepEqual(old.json(), { items: [] });
  bench.meanwhile = () => bench.project();
  assert.deepEqual(await ids(bench, "/v1/instances?"), ["one"]);
});
