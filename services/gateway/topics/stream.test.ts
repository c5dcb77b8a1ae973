import assert from "node:assert/strict";
import { test } from "node:test";
import { type Message, memoryLog } from "@antiphon/log";
import { FakeClock } from "@antiphon/processor/testing";
import { HEARTBEAT_MS, STALLED_MS, STREAM_BYTES_MAX, streamTopic } from "./stream.ts";

const TOPIC = "orders";

async function opened() {
  const log = memoryLog({ now: () => 0 });
  await log.ensureTopics([{ name: TOPIC, partitions: 2, retention: 1_000_000 }]);
  const clock = new FakeClock(0);
  const warnings: string[] = [];
  const logger = { info() {}, error() {}, warn: (_: object, message: string) => void warnings.push(message) };
  return { log, clock, warnings, ports: { log, clock, logger } };
}

function event(id: string, data: unknown = {}): string {
  return JSON.stringify({ specversion: "1.0", id, source: "/s", type: "t", data });
}

function message(partition: number, value: string, headers: Record<string, string> = {}): Message {
  return { topic: TOPIC, partition, key: null, value, headers };
}

/** Reads until the text is there, or the stream ends. */
async function readUntil(stream: AsyncIterable<Buffer | string>, wanted: string): Promise<string> {
  let text = "";
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.includes(wanted)) break;
  }
  return text;
}

test("events come in the order of their partition, each with the position behind it", async () => {
  const { log, ports } = await opened();
  await log.publish([message(0, event("a")), message(0, event("b"))]);
  const stream = streamTopic(ports, TOPIC, [0, 0], new AbortController().signal);
  const text = await readUntil(stream, '"id":"b"');
  assert.equal(text, `retry: 1000\nid: 0.0\n\nid: 1.0\ndata: ${event("a")}\n\nid: 2.0\ndata: ${event("b")}\n\n`);
});

test("who comes again with the last id misses nothing and gets nothing twice", async () => {
  const { log, ports } = await opened();
  await log.publish([message(0, event("a")), message(1, event("b")), message(1, event("c"))]);
  const stream = streamTopic(ports, TOPIC, [1, 1], new AbortController().signal);
  assert.equal(await readUntil(stream, '"id":"c"'), `retry: 1000\nid: 1.1\n\nid: 1.2\ndata: ${event("c")}\n\n`);
});

test("an event in binary mode is shown in structured mode, and what is no event as a comment", async () => {
  const { log, ports } = await opened();
  const headers = { ce_specversion: "1.0", ce_id: "a", ce_source: "/s", ce_type: "t" };
  await log.publish([message(0, "no JSON"), message(0, '{"n":68.0}', headers)]);
  const stream = streamTopic(ports, TOPIC, [0, 0], new AbortController().signal);
  const line = '{"specversion":"1.0","id":"a","source":"/s","type":"t","data":{"n":68.0}}';
  assert.equal(
    await readUntil(stream, "68.0"),
    `retry: 1000\nid: 0.0\n\n: orders/0/0 is no CloudEvent\n\nid: 2.0\ndata: ${line}\n\n`,
  );
});

test("a stream without events says that it is alive", async () => {
  const { clock, ports } = await opened();
  const stream = streamTopic(ports, TOPIC, [0, 0], new AbortController().signal);
  assert.equal(String(stream.read()), "retry: 1000\nid: 0.0\n\n");
  clock.turn(HEARTBEAT_MS);
  assert.equal(await readUntil(stream, "alive"), ": alive\n\n");
});

test("a stream ends when the gateway stops", async () => {
  const { ports } = await opened();
  const stop = new AbortController();
  const stream = streamTopic(ports, TOPIC, [0, 0], stop.signal);
  stop.abort();
  assert.equal(await readUntil(stream, "more than there is"), "retry: 1000\nid: 0.0\n\n");
});

test("a client that does not read is hung up on", async () => {
  const { log, clock, warnings, ports } = await opened();
  const large = "x".repeat(STREAM_BYTES_MAX);
  await log.publish([message(0, event("a", large)), message(0, event("b", large))]);
  const stream = streamTopic(ports, TOPIC, [0, 0], new AbortController().signal);
  while (clock.nextMs === HEARTBEAT_MS && stream.writableLength < STREAM_BYTES_MAX) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise((resolve) => setImmediate(resolve));
  clock.turn(STALLED_MS);
  const text = await readUntil(stream, '"id":"b"');
  assert.deepEqual([text.includes('"id":"a"'), text.includes('"id":"b"')], [true, false]);
  assert.deepEqual(warnings, ["a stream of events ended"]);
});
