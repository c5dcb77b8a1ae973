import assert from "node:assert/strict";
import { test } from "node:test";
import { deadLetterId, readConfig } from "@antiphon/host";
import { type EventProduced, type Json, topics } from "@antiphon/protocol";
import { dispatcherSettings } from "../config.ts";
import { type Received, startService } from "../testing/service.ts";
import { NOW_MS, silent, until, World } from "../testing/world.ts";
import { ATTEMPTS_MAX, PAUSE_MS, PAUSE_MS_MAX } from "./sinks.ts";

function produced(id: string, more: Partial<EventProduced> = {}): EventProduced {
  const event = { specversion: "1.0", id, source: "/process/orders", type: "paid", data: { n: 1 } } as const;
  return { type: "EventProduced", topic: "paid", event, ...more };
}

async function opened(): Promise<World> {
  const world = await new World().open();
  await world.log.ensureTopics([{ name: "paid", partitions: 1, retention: "forever" }]);
  return world;
}

function idOf({ headers, body }: Received): string {
  return String(headers["ce-id"] ?? (JSON.parse(body) as { id: string }).id);
}

/** A logger that counts the attempts that failed, and how often the clock was turned on to the next one. */
function failures(world: World) {
  let count = 0;
  const warn = (_: object, message: string): void => void (message.startsWith("a sink did") && count++);
  const logger = { ...silent, warn };
  return {
    logger,
    async goOnAfter(failure: number): Promise<void> {
      await until(() => count === failure, `failure ${failure}`);
      world.clock.turn(Math.min(PAUSE_MS * 2 ** (failure - 1), PAUSE_MS_MAX));
    },
  };
}

test("an event whose channel has a URL is posted there, in binary mode unless it is said otherwise", async () => {
  await using service = await startService(() => ({ status: 202 }));
  const world = await opened();
  await using _ = await world.start();
  const sink = `${service.url}/in?x=1`;
  await world.happen("i-1", produced("e-1", { channel: "paid", sink }));
  await world.happen("i-1", produced("e-2", { channel: "paid", sink, mode: "structured" }));
  await world.happen("i-1", produced("e-3", { channel: "paid", sink, mode: "data" }));
  await until(() => service.received.length === 3, "three posts");
  const [binary, structured, data] = service.received;
  assert.deepEqual(
    [binary?.method, binary?.url, binary?.body, binary?.headers["ce-type"], binary?.headers["content-type"]],
    ["POST", "/in?x=1", '{"n":1}', "paid", "application/json"],
  );
  assert.deepEqual(JSON.parse(structured?.body ?? ""), produced("e-2").event);
  assert.deepEqual([data?.body, data?.headers["ce-id"]], ['{"n":1}', undefined]);
  assert.deepEqual(await world.on("paid"), []);
});

test("the deployment's sink takes what has no channel, and nothing else", async () => {
  await using service = await startService(() => ({ status: 200 }));
  const world = await opened();
  await using _ = await world.start({ sink: service.url });
  await world.happen("i-1", produced("e-1"), produced("e-2", { channel: "paid" }));
  await until(async () => service.received.length === 1 && (await world.on("paid")).length === 1, "both");
  assert.deepEqual(service.received.map(idOf), ["e-1"]);
  assert.deepEqual(await world.on("paid"), [produced("e-2").event]);
});

test("without a sink, what has no channel goes to its topic", async () => {
  const world = await opened();
  await using _ = await world.start();
  await world.happen("i-1", produced("e-1"));
  await until(async () => (await world.on("paid")).length === 1, "an event");
});

test("the sink's setting is ANTIPHON_SINK, else K_SINK, and must be a URL", () => {
  assert.equal(readConfig(dispatcherSettings, {}).sink, undefined);
  assert.equal(readConfig(dispatcherSettings, { K_SINK: "http://k" }).sink, "http://k");
  assert.equal(readConfig(dispatcherSettings, { K_SINK: "http://k", ANTIPHON_SINK: "http://a" }).sink, "http://a");
  assert.throws(() => readConfig(dispatcherSettings, { K_SINK: "k" }), {
    message: 'K_SINK: expected an http:// or https:// URL, found "k"',
  });
});

test("events of one instance come one after the other, and a failure is tried again with the same id", async () => {
  let refusals = 2;
  await using service = await startService(() => (refusals-- > 0 ? { status: 503 } : { status: 200 }));
  const world = await opened();
  const { logger, goOnAfter } = failures(world);
  await using _ = await world.start({ sink: service.url }, { logger });
  await world.happen("i-1", produced("e-1"), produced("e-2"));
  await goOnAfter(1);
  await goOnAfter(2);
  await until(() => service.received.length === 4, "both events");
  assert.deepEqual(service.received.map(idOf), ["e-1", "e-1", "e-1", "e-2"]);
});

test("what a sink refuses is a dead letter at once, and the next event follows", async () => {
  await using service = await startService((received) => ({ status: idOf(received) === "e-1" ? 422 : 200 }));
  const world = await opened();
  await using _ = await world.start({ sink: `${service.url}/in` });
  await world.happen("i-1", produced("e-1"), produced("e-2"));
  await until(() => service.received.length === 2, "both events");
  const at = { topic: topics.history, partition: 0, offset: 0, index: 0 };
  assert.deepEqual(await world.on(topics.deadLetters), [
    {
      id: deadLetterId({ direction: "out", event: produced("e-1").event, from: at }),
      atMs: NOW_MS,
      disposition: "rejected",
      reason: `POST ${service.url}/in: expected an answer of 2xx, found 422`,
      direction: "out",
      event: produced("e-1").event,
      instance: "i-1",
      to: { url: `${service.url}/in` },
      from: at,
    },
  ]);
});

test("what a sink does not take in all attempts is a dead letter with the last reason", async () => {
  await using service = await startService(() => "hang up");
  const world = await opened();
  const { logger, goOnAfter } = failures(world);
  await using _ = await world.start({ sink: service.url }, { logger });
  await world.happen("i-1", produced("e-1"));
  for (let attempt = 1; attempt < ATTEMPTS_MAX; attempt++) await goOnAfter(attempt);
  await until(async () => (await world.on(topics.deadLetters)).length === 1, "a dead letter");
  const [letter] = (await world.on(topics.deadLetters)) as readonly { readonly [name: string]: Json }[];
  assert.match(String(letter?.reason), /^the sink did not take it in 10 attempts; the last one: POST http/);
});

test("other messages of a fact keep their numbers, whether there is a sink or not", async () => {
  await using service = await startService(() => ({ status: 200 }));
  const awaited = { type: "EventAwaited", wait: "1.e", events: [{ name: "a", eventType: "a", key: "k" }] } as const;
  const froms: Json[] = [];
  for (const sink of [undefined, service.url]) {
    const world = await opened();
    await using _ = await world.start({ sink });
    await world.happen("i-1", produced("e-1"), awaited);
    await until(async () => (await world.on(topics.correlation)).length === 1, "a wait");
    const [wait] = (await world.on(topics.correlation)) as readonly { readonly [name: string]: Json }[];
    froms.push(wait?.from ?? null);
  }
  const from = { topic: topics.history, partition: 0, offset: 0, index: 1 };
  assert.deepEqual(froms, [from, from]);
});
