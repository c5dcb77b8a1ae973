import assert from "node:assert/strict";
import { test } from "node:test";
import { type DeadLetter, topics } from "@antiphon/protocol";
import { QueryBench } from "./testing/query-bench.ts";

const from = { topic: topics.history, partition: 0, offset: 0, index: 0 };
const event = { specversion: "1.0", id: "e", source: "/s", type: "t" } as const;

test("dead letters are listed, the newest in front, and shown as they were written", async () => {
  const bench = await QueryBench.open();
  const letter: DeadLetter = {
    id: "d1",
    atMs: 1_000,
    disposition: "rejected",
    reason: "expected an instance",
    instance: "a",
    value: "{",
    from: { topic: topics.commands, partition: 1, offset: 7, index: 0 },
  };
  const withEvent: DeadLetter = {
    id: "d2",
    atMs: 2_000,
    disposition: "unmatched",
    reason: "nobody",
    event: { ...event, data: { big: [1, 2, 3] } },
    from,
  };
  await bench.bury(letter);
  await bench.bury(withEvent);
  await bench.project();
  const { atMs: _, ...rest } = withEvent;
  const standing = { state: "open", direction: "in" };
  const shown = { ...rest, ...standing, at: "1970-01-01T00:00:02.000Z" };
  const { value: __, atMs: ___, ...first } = letter;
  assert.deepEqual(await bench.get("/v1/dead-letters"), {
    status: 200,
    body: {
      items: [
        { ...shown, event: { source: "/s", id: "e", type: "t" } },
        { ...first, ...standing, at: "1970-01-01T00:00:01.000Z" },
      ],
    },
  });
  assert.deepEqual((await bench.pages("/v1/dead-letters?type=t&limit=1")).flat(), [
    { ...shown, event: { source: "/s", id: "e", type: "t" } },
  ]);
  assert.deepEqual(await bench.get("/v1/dead-letters/d2"), { status: 200, body: shown });
  assert.equal((await bench.get("/v1/dead-letters/d3")).status, 404);
});

test("the password of a sink is not shown", async () => {
  const bench = await QueryBench.open();
  const to = { url: "http://me:secret@sink/in?x=1", mode: "binary" } as const;
  const letter = {
    atMs: 1,
    disposition: "rejected",
    reason: "no",
    direction: "out",
    event,
    to,
    from,
  } as const;
  await bench.bury({ id: "d1", ...letter });
  await bench.project();
  const { body } = await bench.get("/v1/dead-letters/d1");
  const { to: shown, direction } = body as { readonly [member: string]: unknown };
  assert.deepEqual([shown, direction], [{ url: "http://sink/in?x=1", mode: "binary" }, "out"]);
});

test("dead letters are found by type, source, instance, disposition, direction and time, alone and together", async () => {
  const bench = await QueryBench.open();
  const base = { disposition: "unmatched", reason: "no", from } as const;
  const letters: readonly DeadLetter[] = [
    { ...base, id: "d1", atMs: 1_000, event, instance: "a" },
    { ...base, id: "d2", atMs: 2_000, event: { ...event, type: "u" }, disposition: "expired" },
    { ...base, id: "d3", atMs: 3_000, event: { ...event, source: "/other" }, instance: "b", direction: "out" },
    { ...base, id: "d4", atMs: 4_000, value: "{", disposition: "rejected" },
  ];
  for (const letter of letters) await bench.bury(letter);
  await bench.project();
  const ids = async (query: string) => {
    const pages = await bench.pages<{ readonly id: string }>(`/v1/dead-letters?${query}`);
    return pages.flat().map(({ id }) => id);
  };
  assert.deepEqual(await ids("type=t"), ["d3", "d1"]);
  assert.deepEqual(await ids("source=%2Fs"), ["d2", "d1"]);
  assert.deepEqual(await ids("instance=b"), ["d3"]);
  assert.deepEqual(await ids("disposition=rejected"), ["d4"]);
  assert.deepEqual(await ids("direction=out"), ["d3"]);
  assert.deepEqual(await ids("direction=in"), ["d4", "d2", "d1"]);
  assert.deepEqual(await ids("after=1970-01-01T00:00:01Z&before=1970-01-01T00:00:04Z"), ["d3", "d2"]);
  assert.deepEqual(await ids("type=t&direction=in&disposition=unmatched&instance=a&source=%2Fs"), ["d1"]);
  assert.deepEqual(await ids("state=redriven"), []);
});

test("a letter whose record the log does not keep any more says so", async () => {
  const bench = await QueryBench.open();
  await bench.bury({ id: "d1", atMs: 1_000, disposition: "unmatched", reason: "no", event, from });
  await bench.project();
  bench.log.read = async () => ({ records: [], next: 1, end: 1 });
  const { status, body } = await bench.get("/v1/dead-letters/d1");
  const { detail } = body as { readonly detail: string };
  assert.deepEqual([status, detail], [410, "dead letter d1: written at 1970-01-01T00:00:01.000Z, kept no longer"]);
});
