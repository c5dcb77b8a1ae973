import assert from "node:assert/strict";
import { test } from "node:test";
import { exactNumber, topics } from "@antiphon/protocol";
import { Registry } from "prom-client";
import { JSON_TYPE, outcomeOf, postTo } from "./testing/outcomes.ts";
import { startService } from "./testing/service.ts";
import { definitionOf, requested, until, World } from "./testing/world.ts";

const http = (status: number, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers: { date: "today", ...headers },
});

test("a service gets the request, and its instance what it answers, exact numbers unharmed", async () => {
  await using service = await startService(() => ({
    headers: { "Content-Type": "application/json", "X-Trace": "t", "content-length": "37" },
    body: '{"id":12345678901234567890,"sum":1.0}',
  }));
  const world = await new World(definitionOf({ call: postTo(`${service.url}/orders/{n}`) })).open();
  await using _ = await world.start();
  await world.happen("i-1", requested("1.a", "call", { n: 7, sum: exactNumber("68.0") }));
  await world.resultsOf(1);
  assert.deepEqual(await world.on(topics.commands), [
    {
      type: "CompleteAction",
      instance: "i-1",
      action: "1.a",
      outcome: {
        status: "completed",
        output: { id: exactNumber("12345678901234567890"), sum: exactNumber("1.0") },
        http: {
          status: 200,
          headers: { date: "today", "Content-Type": "application/json", "X-Trace": "t", "content-length": "37" },
        },
      },
    },
  ]);
  const [received] = service.received;
  assert.deepEqual([received?.method, received?.url, received?.body], ["POST", "/orders/7", '{"sum":68.0}']);
  assert.equal(received?.headers["idempotency-key"], "i-1:1.a");
  assert.equal(received?.headers["kogitoprocinstanceid"], "i-1");
});

test("a response without content completes an action without output", async () => {
  assert.deepEqual(await outcomeOf({ status: 204 }), { status: "completed", http: http(204) });
  assert.deepEqual(await outcomeOf({ headers: JSON_TYPE }), { status: "completed", http: http(200, JSON_TYPE) });
});

test("texts and bytes come through", async () => {
  const text = { "content-type": "text/plain" };
  assert.deepEqual(await outcomeOf({ headers: text, body: "hello" }), {
    status: "completed",
    output: "hello",
    http: http(200, text),
  });
  const bytes = { "content-type": "application/octet-stream" };
  assert.deepEqual(await outcomeOf({ headers: bytes, body: new Uint8Array([0, 255]) }), {
    status: "completed",
    output: "AP8=",
    http: http(200, bytes),
  });
});

test("a refusal is a response like any other, also where its body is broken", async () => {
  assert.deepEqual(await outcomeOf({ status: 409, headers: JSON_TYPE, body: '{"why":"twice"}' }), {
    status: "completed",
    output: { why: "twice" },
    http: http(409, JSON_TYPE),
  });
  assert.deepEqual(await outcomeOf({ status: 500, headers: JSON_TYPE, body: "<html>" }), {
    status: "completed",
    output: "<html>",
    http: http(500, JSON_TYPE),
  });
});

test("a redirect is not followed", async () => {
  const headers = { location: "http://127.0.0.1:1/elsewhere" };
  const found = await outcomeOf({ status: 307, headers }, { method: "GET" });
  assert.deepEqual(found, { status: "completed", http: http(307, headers) });
});

test("several headers of one name are one", async () => {
  await using service = await startService(() => ({}));
  const world = await new World(definitionOf({ call: postTo(service.url) })).open();
  await using _ = await world.start();
  await world.happen("i-1", requested("1.a", "call", { HEADER_x: ["a", "b"] }));
  await world.resultsOf(1);
  assert.equal(service.received[0]?.headers["x"], "a,b");
});

test("at most so many requests are under way at a host", async () => {
  const gate = Promise.withResolvers<void>();
  await using service = await startService(async () => {
    await gate.promise;
    return {};
  });
  const world = await new World(definitionOf({ call: postTo(service.url) })).open();
  const metrics = new Registry();
  await using _ = await world.start({ concurrency: 3 }, { metrics });
  for (let i = 0; i < 10; i++) await world.happen(`i-${i}`, requested("1.a", "call"));
  await until(() => service.received.length === 3, "three requests");
  const gauges = await metrics.metrics();
  assert.match(gauges, /^antiphon_dispatcher_requests_in_flight 3$/m);
  assert.match(gauges, /^antiphon_dispatcher_requests_queued 7$/m);
  gate.resolve();
  await world.resultsOf(10);
  assert.equal(service.busiest, 3);
  const after = await metrics.metrics();
  assert.match(after, /^antiphon_dispatcher_requests_in_flight 0$/m);
  assert.match(after, /^antiphon_dispatcher_requests_queued 0$/m);
  assert.match(after, /^antiphon_dispatcher_requests_total\{outcome="2xx"\} 10$/m);
});

test("a slow host holds up no other", async () => {
  const gate = Promise.withResolvers<void>();
  await using slow = await startService(async () => {
    await gate.promise;
    return {};
  });
  await using quick = await startService(() => ({}));
  const world = await new World(definitionOf({ slow: postTo(slow.url), quick: postTo(quick.url) })).open();
  await using _ = await world.start({ concurrency: 2 });
  for (let i = 0; i < 10; i++) await world.happen(`i-${i}`, requested("1.a", "slow"), requested("1.b", "quick"));
  const results = await world.resultsOf(10);
  assert.deepEqual(
    Object.keys(results).sort(),
    Array.from({ length: 10 }, (_, i) => `i-${i}:1.b`),
  );
  gate.resolve();
  await world.resultsOf(20);
});

test("a queued request is dropped when its action is cancelled or its instance ends", async () => {
  const gate = Promise.withResolvers<void>();
  await using service = await startService(async () => {
    await gate.promise;
    return {};
  });
  const world = await new World(definitionOf({ call: postTo(`${service.url}/{n}`) })).open();
  await using _ = await world.start({ concurrency: 1 });
  for (let n = 0; n < 4; n++) await world.happen(`i-${n}`, requested("1.a", "call", { n }));
  await until(() => service.received.length === 1, "a request");
  await world.happen("i-1", { type: "ActionCancelled", action: "1.a" });
  await world.happen("i-2", { type: "InstanceAborted", reason: "by request" });
  // The dispatcher has read that when it has performed what comes behind it.
  await world.happen("i-9", requested("1.a", "missing"));
  await until(async () => (await world.results())["i-9:1.a"] !== undefined, "the last result");
  gate.resolve();
  const results = await world.resultsOf(3);
  assert.deepEqual(Object.keys(results).sort(), ["i-0:1.a", "i-3:1.a", "i-9:1.a"]);
  assert.deepEqual(
    service.received.map(({ url }) => url),
    ["/0", "/3"],
  );
});

test("the result of a request that was cancelled under way is told nobody", async () => {
  const gate = Promise.withResolvers<void>();
  await using service = await startService(async ({ url }) => {
    if (url === "/0") await gate.promise;
    return {};
  });
  const world = await new World(definitionOf({ call: postTo(`${service.url}/{n}`) })).open();
  await using _ = await world.start();
  await world.happen("i-0", requested("1.a", "call", { n: 0 }));
  await until(() => service.received.length === 1, "a request");
  await world.happen("i-0", { type: "ActionCancelled", action: "1.a" }, requested("2.a", "call", { n: 1 }));
  await world.resultsOf(1);
  gate.resolve();
  await world.happen("i-0", requested("3.a", "call", { n: 2 }));
  assert.deepEqual(Object.keys(await world.resultsOf(2)), ["i-0:2.a", "i-0:3.a"]);
});
