import assert from "node:assert/strict";
import { test } from "node:test";
import { LogUnavailableError } from "@antiphon/log";
import { type CloudEvent, topics } from "@antiphon/protocol";
import { QueryBench } from "./testing/query-bench.ts";

const from = { topic: topics.history, partition: 0, offset: 0, index: 0 };
const found = { by: "instance" } as const;

function event(id: string, type = "t", source = "/s"): CloudEvent {
  return { specversion: "1.0", id, source, type };
}

async function listed(bench: QueryBench, query: string): Promise<readonly string[]> {
  const pages = await bench.pages<{ readonly id: string; readonly disposition: string }>(`/v1/events?${query}`);
  return pages.flat().map(({ id, disposition }) => `${id} ${disposition}`);
}

/** Five events, of which several partitions have something to say. */
async function ledger(): Promise<QueryBench> {
  const bench = await QueryBench.open();
  await bench.start("a", 500);
  await bench.decide("a", 500, { type: "StateEntered", state: "S", visit: 1 });
  await bench.decide("a", 500, { type: "EventAwaited", wait: "1.w", events: [{ name: "n", eventType: "t" }] });
  // Held, then taken by a.
  await bench.correlate("k", 1_000, { type: "EventHeld", event: event("taken"), expiresMs: 9_000 });
  await bench.decide("a", 2_000, { type: "EventReceived", wait: "1.w", event: event("taken"), found });
  // Held, then expired, which a dead letter tells as well.
  await bench.correlate("k", 3_000, { type: "EventHeld", event: event("late"), expiresMs: 4_000 });
  const inVain = { disposition: "expired", reason: "in vain" } as const;
  await bench.correlate("k", 4_000, { type: "EventDropped", event: event("late"), ...inVain });
  await bench.bury({ id: "d1", atMs: 4_000, event: event("late"), ...inVain, from });
  // Held, and came again.
  await bench.correlate("m", 5_000, { type: "EventHeld", event: event("held", "u"), expiresMs: 99_000 });
  const again = { disposition: "duplicate", reason: "it came before" } as const;
  await bench.correlate("m", 6_000, { type: "EventDropped", event: event("held", "u"), ...again });
  // For nobody, which only a dead letter tells.
  const nobody = { disposition: "unmatched", reason: "nobody consumes it" } as const;
  await bench.bury({ id: "d2", atMs: 7_000, event: event("lost", "u", ""), ...nobody, from });
  // Kept early by a.
  await bench.decide("a", 8_000, { type: "EventBuffered", event: event("early"), expiresMs: 99_000 });
  await bench.project();
  return bench;
}

test("each event has one disposition, however many partitions speak of it, in the order in which events came", async () => {
  const bench = await ledger();
  const all = ["early buffered", "lost unmatched", "held buffered", "late expired", "taken resolved"];
  for (const size of [1, 2, 3, 5, 50]) assert.deepEqual(await listed(bench, `limit=${size}`), all, `pages of ${size}`);
});

test("events are found by type, source, id, instance, disposition and time", async () => {
  const bench = await ledger();
  assert.deepEqual(await listed(bench, "type=u&limit=1"), ["lost unmatched", "held buffered"]);
  assert.deepEqual(await listed(bench, "source="), ["lost unmatched"]);
  assert.deepEqual(await listed(bench, "id=late"), ["late expired"]);
  assert.deepEqual(await listed(bench, "instance=a"), ["early buffered", "taken resolved"]);
  assert.deepEqual(await listed(bench, "disposition=buffered&limit=1"), ["early buffered", "held buffered"]);
  assert.deepEqual(await listed(bench, "disposition=resolved"), ["taken resolved"]);
  assert.deepEqual(await listed(bench, "disposition=expired&limit=1"), ["late expired"]);
  assert.deepEqual(await listed(bench, "disposition=duplicate"), []);
  assert.deepEqual(await listed(bench, "key=k&limit=1"), ["late expired", "taken resolved"]);
  assert.deepEqual(await listed(bench, "key=k&instance=a"), ["taken resolved"]);
  assert.deepEqual(await listed(bench, "after=1970-01-01T00:00:01Z&before=1970-01-01T00:00:07Z"), [
    "held buffered",
    "late expired",
  ]);
});

test("an event is found by every instance that it came to, with what became of it, and by what else is asked", async () => {
  const bench = await QueryBench.open();
  const instances = ["a", "b", "c", "d"];
  for (const [n, instance] of instances.entries()) {
    await bench.start(instance, 500);
    const refused = { disposition: "unmatched", reason: "no", found } as const;
    if (n > 0) await bench.decide(instance, 600 + n, { type: "EventIgnored", event: event("e"), ...refused });
  }
  await bench.decide("a", 700, { type: "EventAwaited", wait: "1.w", events: [{ name: "n", eventType: "t" }] });
  await bench.decide("a", 700, { type: "EventReceived", wait: "1.w", event: event("e"), found });
  await bench.decide("a", 800, { type: "EventBuffered", event: event("early", "u"), expiresMs: 99_000 });
  await bench.project();
  const newest = await listed(bench, "instance=a");
  assert.deepEqual(newest, ["early buffered", "e resolved"]);
  assert.deepEqual(await listed(bench, "instance=a&type=t"), ["e resolved"]);
  assert.deepEqual(await listed(bench, "instance=d"), ["e resolved"]);
  assert.deepEqual(await listed(bench, "type=t"), ["e resolved"]);
});

test("an event that was matched is told of with the wait that it was matched to, and with what the instance made of it", async () => {
  const bench = await QueryBench.open();
  const wait = { instance: "a", wait: "1.w" };
  await bench.correlate("k", 1_000, { type: "EventMatched", wait, event: event("e"), expiresMs: 9_000 });
  await bench.project();
  const shown = async () => (await bench.get("/v1/events/%2Fs/e")).body as { readonly [member: string]: unknown };
  const between = await shown();
  assert.deepEqual(
    [between["disposition"], between["reason"]],
    ["buffered", "it was matched to a wait, whose instance has yet to take it"],
  );
  await bench.start("a", 500);
  await bench.decide("a", 700, { type: "EventReceived", wait: "1.w", event: event("e"), found });
  await bench.project();
  const entries = (await shown())["entries"] as readonly { readonly in: string }[];
  assert.deepEqual(
    entries.map((entry) => ({ ...entry, in: entry.in.replace(/\d/, "p") })),
    [
      { in: "history/p", disposition: "resolved", ...wait, at: "1970-01-01T00:00:00.700Z" },
      { in: "correlations/p", matchedTo: wait, at: "1970-01-01T00:00:01.000Z" },
    ],
  );
});

test("an event whose disposition changes while somebody pages keeps its place in the list", async () => {
  const bench = await ledger();
  let turn = 0;
  const pages = await bench.pages<{ readonly id: string; readonly disposition: string }>(
    "/v1/events?limit=1",
    async () => {
      turn += 1;
      await bench.correlate("m", 10_000 + turn, { type: "EventHeld", event: event(`new${turn}`), expiresMs: 99_000 });
      const dropped = {
        type: "EventDropped",
        event: event("held", "u"),
        disposition: "expired",
        reason: "over",
      } as const;
      if (turn === 1) await bench.correlate("m", 10_000, dropped);
      await bench.project();
    },
  );
  assert.deepEqual(
    pages.flat().map(({ id, disposition }) => `${id} ${disposition}`),
    ["early buffered", "lost unmatched", "held expired", "late expired", "taken resolved"],
  );
});

test("one event shows its disposition, why, and what each partition knows of it", async () => {
  const bench = await ledger();
  const { status, body } = await bench.get("/v1/events/%2Fs/late");
  const { entries, ...item } = body as { readonly entries: readonly { readonly in: string }[] };
  assert.deepEqual(
    [status, item],
    [
      200,
      {
        source: "/s",
        id: "late",
        type: "t",
        disposition: "expired",
        reason: "in vain",
        deadLetter: "d1",
        keys: ["k"],
        duplicates: 0,
        at: "1970-01-01T00:00:04.000Z",
        receivedAt: "1970-01-01T00:00:03.000Z",
      },
    ],
  );
  assert.deepEqual(
    entries.map((entry) => ({ ...entry, in: entry.in.replace(/\d/, "p") })),
    [
      { in: "correlations/p", disposition: "expired", reason: "in vain", at: "1970-01-01T00:00:04.000Z" },
      {
        in: "dead-letters/p",
        disposition: "expired",
        reason: "in vain",
        deadLetter: "d1",
        at: "1970-01-01T00:00:04.000Z",
      },
    ],
  );
});

test("an event is found by any source: an empty one, a URL, a long one", async () => {
  const bench = await QueryBench.open();
  const sources = ["", "https://acme.com/a b?c=%2F", "/".repeat(300), "ü/\u{1F600}"];
  for (const source of sources) {
    const letter = { atMs: 1_000, disposition: "unmatched", reason: "nobody", from } as const;
    await bench.bury({ id: `d${source.length}`, event: event("e/1", "t", source), ...letter });
  }
  await bench.project();
  for (const source of sources) {
    const { status, body } = await bench.get(`/v1/events/${encodeURIComponent(source)}/e%2F1?x=/`);
    assert.deepEqual([status, (body as { source: string }).source], [200, source]);
  }
});

test("an event is as whoever was told of it knows, also while the views have yet to take that in", async () => {
  const bench = await QueryBench.open();
  await bench.bury({ id: "d1", atMs: 1_000, disposition: "unmatched", reason: "nobody", event: event("e"), from });
  const looks: number[] = [];
  bench.meanwhile = async () => {
    if (looks.push(looks.length) % 2 === 0) await bench.project();
  };
  const shown = async () => (await bench.get("/v1/events/%2Fs/e")).body as { readonly disposition: string };
  assert.equal((await shown()).disposition, "unmatched");
  await bench.start("a", 2_000);
  await bench.decide("a", 2_000, { type: "EventReceived", wait: "1.w", event: event("e"), found });
  assert.equal((await shown()).disposition, "resolved");
  assert.equal(looks.length, 4);
});

test("views that do not catch up in time are not read, unless by a client that takes what is old", async () => {
  const bench = await ledger();
  await bench.bury({ id: "d3", atMs: 9_000, disposition: "unmatched", reason: "nobody", event: event("e"), from });
  bench.isTooLong = true;
  bench.meanwhile = () => new Promise((resolve) => setImmediate(resolve));
  const url = "/v1/events/%2Fs/e";
  const refused = await bench.app().inject({ method: "GET", url });
  assert.deepEqual([refused.statusCode, refused.headers["retry-after"]], [503, "1"]);
  assert.match((refused.json() as { detail: string }).detail, /antiphon\.dead-letters for 5000 ms: ask again, or/);
  const headers = { "cache-control": "no-transform, max-stale=60" };
  assert.equal((await bench.app().inject({ method: "GET", url, headers })).statusCode, 404);
});

test("logs that cannot be reached are told of, and a client that takes what is old does without them", async () => {
  const bench = await ledger();
  bench.log.bounds = async () => {
    throw new LogUnavailableError("away");
  };
  const url = "/v1/events/%2Fs/late";
  assert.equal((await bench.get(url)).status, 503);
  const headers = { "cache-control": "max-stale" };
  assert.equal((await bench.app().inject({ method: "GET", url, headers })).statusCode, 200);
});

test("an event that never came is not found, and a path that names none says how it should look", async () => {
  const bench = await ledger();
  assert.equal((await bench.get("/v1/events/%2Fs/never")).status, 404);
  for (const path of ["/v1/events/only", "/v1/events/a/b/c", "/v1/events/a/"]) {
    const { status, body } = await bench.get(path);
    assert.deepEqual(
      [status, (body as { detail: string }).detail],
      [400, `path: expected /v1/events/{source}/{id}, each URL-encoded, found ${path}`],
    );
  }
});

test("an event that came again is told of with how often it did", async () => {
  const bench = await ledger();
  const { body } = await bench.get("/v1/events/%2Fs/held");
  const { disposition, duplicates, keys } = body as { readonly [member: string]: unknown };
  assert.deepEqual({ disposition, duplicates, keys }, { disposition: "buffered", duplicates: 1, keys: ["m"] });
});

test("a dead letter is open until its event is taken or held, wherever that happens", async () => {
  const bench = await ledger();
  const states = async (state: string) => {
    const pages = await bench.pages<{ readonly id: string }>(`/v1/dead-letters?state=${state}&limit=1`);
    return pages.flat().map(({ id }) => id);
  };
  assert.deepEqual([await states("open"), await states("settled")], [["d2", "d1"], []]);
  await bench.start("b", 8_000);
  await bench.decide("b", 8_000, { type: "EventAwaited", wait: "1.w", events: [{ name: "n", eventType: "t" }] });
  await bench.decide("b", 9_000, { type: "EventReceived", wait: "1.w", event: event("late"), found });
  await bench.project();
  assert.deepEqual([await states("open"), await states("settled")], [["d2"], ["d1"]]);
  assert.deepEqual(await states("all"), ["d2", "d1"]);
});

test("an event that a wait took by its token, while a copy expired at its key, is resolved, and no letter is open", async () => {
  const bench = await QueryBench.open();
  await bench.start("a", 500);
  await bench.decide("a", 500, {
    type: "EventAwaited",
    wait: "1.w",
    events: [{ name: "n", eventType: "t", key: "k" }],
  });
  await bench.correlate("k", 1_000, { type: "EventHeld", event: event("e"), expiresMs: 9_000 });
  const byToken = { by: "token", wait: "1.w" } as const;
  await bench.decide("a", 2_000, { type: "EventReceived", wait: "1.w", event: event("e"), found: byToken });
  const inVain = { disposition: "expired", reason: "in vain" } as const;
  await bench.correlate("k", 9_000, { type: "EventDropped", event: event("e"), ...inVain });
  await bench.bury({ id: "d1", atMs: 9_000, event: event("e"), ...inVain, from });
  await bench.project();
  assert.deepEqual(await listed(bench, ""), ["e resolved"]);
  assert.deepEqual(await bench.get("/v1/dead-letters"), { status: 200, body: { items: [] } });
});
