import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { test } from "node:test";
import type { FunctionDefinition } from "@antiphon/definition";
import { BATCH_BYTES_MAX } from "@antiphon/log";
import { type ActionOutcome, exactNumber, type Json, topics } from "@antiphon/protocol";
import { Registry } from "prom-client";
import { RESPONSE_BYTES_MAX } from "./perform/send-request.ts";
import { type Answer, startService } from "./testing/service.ts";
import { definitionOf, requested, until, World } from "./testing/world.ts";

const JSON_TYPE = { "content-type": "application/json" };
const http = (status: number, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers: { date: "today", ...headers },
});
const PROCESSING = ["jakarta.ws.rs.ProcessingException", "javax.ws.rs.ProcessingException"];
const CATCH_ALL = ["java.lang.RuntimeException", "java.lang.Exception"];

function rest(url: string, method = "POST"): FunctionDefinition {
  return { kind: "http", name: "call", method, url, metadata: {} };
}

/** What comes of one request to a service that answers like this. */
async function outcomeOf(
  answer: Answer | "hang up",
  { method = "POST" }: { method?: string } = {},
): Promise<ActionOutcome | undefined> {
  // Without it node adds how long its body is or how it is cut.
  const length = answer === "hang up" ? {} : { "content-length": String(Buffer.byteLength(answer.body ?? "")) };
  await using service = await startService(() =>
    answer === "hang up" ? answer : { ...answer, headers: { ...answer.headers, ...length } },
  );
  return (await resultOf(rest(service.url, method)))?.outcome;
}

async function resultOf(called: FunctionDefinition, args = {}) {
  const world = await new World(definitionOf({ call: called })).open();
  await using _ = await world.start();
  await world.happen("i-1", requested("1.a", "call", args));
  const { "i-1:1.a": outcome } = await world.resultsOf(1);
  return outcome && { outcome: withoutLength(outcome) };
}

function withoutLength(outcome: ActionOutcome): ActionOutcome {
  if (outcome.status === "failed" || outcome.http === undefined) return outcome;
  const { "content-length": _, ...headers } = outcome.http.headers;
  return { ...outcome, http: { ...outcome.http, headers } };
}

/** The failure without the address in its message, which differs each time. */
function failure(outcome: ActionOutcome | undefined) {
  if (outcome?.status !== "failed") throw new Error(`expected a failure, found ${JSON.stringify(outcome)}`);
  return { ...outcome.error, message: outcome.error.message.replace(/127\.0\.0\.1:\d+/g, "HOST") };
}

test("a service gets the request, and its instance what it answers, exact numbers unharmed", async () => {
  await using service = await startService(() => ({
    headers: { "Content-Type": "application/json", "X-Trace": "t", "content-length": "37" },
    body: '{"id":12345678901234567890,"sum":1.0}',
  }));
  const world = await new World(definitionOf({ call: rest(`${service.url}/orders/{n}`) })).open();
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
  const world = await new World(definitionOf({ call: rest(service.url) })).open();
  await using _ = await world.start();
  await world.happen("i-1", requested("1.a", "call", { HEADER_x: ["a", "b"] }));
  await world.resultsOf(1);
  assert.equal(service.received[0]?.headers["x"], "a,b");
});

test("what calls itself JSON and is none fails the action", async () => {
  const found = failure(await outcomeOf({ headers: JSON_TYPE, body: "<html>" }));
  assert.equal(found.code, "response");
  assert.deepEqual(found.classes, [...PROCESSING, "java.io.IOException", ...CATCH_ALL]);
  assert.match(found.message, /^POST http:\/\/HOST\/: expected JSON, as its content type says, found: /);
});

test("a connection that breaks fails the action as connections fail in Java", async () => {
  const found = failure(await outcomeOf("hang up"));
  assert.equal(found.code, "connection");
  assert.deepEqual(found.classes, [...PROCESSING, "java.net.SocketException", "java.io.IOException", ...CATCH_ALL]);
  assert.match(found.message, /^POST http:\/\/HOST\/: no response: /);
});

test("a service that is not there fails the action", async () => {
  const nobody = createServer();
  await new Promise<void>((resolve) => nobody.listen(0, "127.0.0.1", resolve));
  const { port } = nobody.address() as AddressInfo;
  await new Promise((resolve) => nobody.close(resolve));
  const found = failure((await resultOf(rest(`http://127.0.0.1:${port}/x`)))?.outcome);
  const classes = [...PROCESSING, "java.net.ConnectException", "java.net.SocketException", "java.io.IOException"];
  assert.deepEqual([found.code, found.classes], ["refused", [...classes, ...CATCH_ALL]]);
  assert.match(found.message, /^POST http:\/\/HOST\/x: no response: .*ECONNREFUSED/);
});

test("a service whose name nobody knows fails the action", async () => {
  const found = failure((await resultOf(rest("http://nobody.invalid/x")))?.outcome);
  const classes = [...PROCESSING, "java.net.UnknownHostException", "java.io.IOException", ...CATCH_ALL];
  assert.deepEqual([found.code, found.classes], ["unknown-host", classes]);
});

test("a service that does not answer in time fails the action, and its connection is given up", async () => {
  const hung = Promise.withResolvers<void>();
  await using service = await startService(async () => {
    await hung.promise;
    return {};
  });
  const world = await new World(definitionOf({ call: rest(service.url) })).open();
  await using _ = await world.start({ actionTimeoutMs: 30_000 });
  await world.happen("i-1", requested("1.a", "call"));
  await until(() => service.received.length === 1, "a request");
  world.clock.turn(29_999);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await world.results(), {});
  world.clock.turn(1);
  const { "i-1:1.a": outcome } = await world.resultsOf(1);
  assert.deepEqual(failure(outcome), {
    code: "timeout",
    message: "POST http://HOST/: expected a response within 30000 ms, found none",
    classes: ["java.net.SocketTimeoutException", ...PROCESSING, "java.io.IOException", ...CATCH_ALL],
  });
  hung.resolve();
});

test("a response that is too large fails the action", async () => {
  const found = failure(await outcomeOf({ body: "x".repeat(RESPONSE_BYTES_MAX + 1) }));
  assert.equal(found.code, "too-large");
  assert.equal(found.message, "POST http://HOST/: expected a response of at most 2097152 bytes, found more");
  const largest = await outcomeOf({ headers: { "content-type": "text/plain" }, body: "x".repeat(RESPONSE_BYTES_MAX) });
  assert.equal(largest?.status, "completed");
});

test("a response that no record can hold once it is JSON fails the action", async () => {
  // Each of these characters takes six in JSON.
  const body = "\u0001".repeat(RESPONSE_BYTES_MAX / 2);
  const found = failure(await outcomeOf({ headers: { "content-type": "text/plain" }, body }));
  assert.equal(found.code, "too-large");
  assert.match(found.message, new RegExp(`^the action's result has \\d+ bytes, expected at most ${BATCH_BYTES_MAX}$`));
});

test("a request that cannot be made fails the action and sends nothing", async () => {
  await using service = await startService(() => ({}));
  const found = failure((await resultOf(rest(`${service.url}/orders/{id}`)))?.outcome);
  assert.deepEqual(found, {
    code: "400",
    message: '/orders/{id}: expected an argument "id" for the URL, found none',
    classes: ["java.lang.IllegalArgumentException", ...CATCH_ALL],
  });
  assert.equal(service.received.length, 0);
});

test("a function that is not there, or that is no call, fails the action", async () => {
  const definition = definitionOf({ log: { kind: "sysout", name: "log", level: "info", metadata: {} } });
  const world = await new World(definition).open();
  await using _ = await world.start();
  await world.happen("i-1", requested("1.a", "toString"), requested("1.b", "log"));
  const results = await world.resultsOf(2);
  const told = (action: string) => failure(results[`i-1:${action}`]).message;
  assert.equal(told("1.a"), 'workflow "orders", function "toString": expected one to call, found none');
  assert.equal(told("1.b"), 'workflow "orders", function "log": expected one to call, found one of kind "sysout"');
});

test("at most so many requests are under way at a host", async () => {
  const gate = Promise.withResolvers<void>();
  await using service = await startService(async () => {
    await gate.promise;
    return {};
  });
  const world = await new World(definitionOf({ call: rest(service.url) })).open();
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
  const world = await new World(definitionOf({ slow: rest(slow.url), quick: rest(quick.url) })).open();
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
  const world = await new World(definitionOf({ call: rest(`${service.url}/{n}`) })).open();
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
  const world = await new World(definitionOf({ call: rest(`${service.url}/{n}`) })).open();
  await using _ = await world.start();
  await world.happen("i-0", requested("1.a", "call", { n: 0 }));
  await until(() => service.received.length === 1, "a request");
  await world.happen("i-0", { type: "ActionCancelled", action: "1.a" }, requested("2.a", "call", { n: 1 }));
  await world.resultsOf(1);
  gate.resolve();
  await world.happen("i-0", requested("3.a", "call", { n: 2 }));
  assert.deepEqual(Object.keys(await world.resultsOf(2)), ["i-0:2.a", "i-0:3.a"]);
});

test("a result answers the attempt that it was asked for, with the same idempotency key at each", async () => {
  const gate = Promise.withResolvers<void>();
  await using service = await startService(async ({ url }) => {
    if (url === "/1") await gate.promise;
    return { headers: { "content-type": "text/plain" }, body: url };
  });
  const world = await new World(definitionOf({ call: rest(`${service.url}/{n}`) })).open();
  await using _ = await world.start();
  await world.happen("i-1", requested("1.a", "call", { n: 1 }));
  await until(() => service.received.length === 1, "a request");
  await world.happen(
    "i-1",
    { type: "ActionRetried", action: "1.a", attempt: 2 },
    { ...requested("1.a", "call", { n: 2 }), attempt: 2 },
  );
  await world.resultsOf(1);
  gate.resolve();
  await world.happen("i-2", { ...requested("1.a", "call", { n: 3 }), detached: true }, { type: "InstanceCompleted" });
  await world.resultsOf(2);
  const commands = (await world.on(topics.commands)) as readonly {
    instance: string;
    attempt?: number;
    outcome: Json;
  }[];
  assert.deepEqual(
    commands.map(({ instance, attempt, outcome }) => [instance, attempt, (outcome as { output?: Json }).output]),
    [
      ["i-1", 2, "/2"],
      ["i-2", undefined, "/3"],
    ],
  );
  assert.deepEqual(
    service.received.map(({ headers }) => headers["idempotency-key"]),
    ["i-1:1.a", "i-1:1.a", "i-2:1.a"],
  );
});

test("a call has no longer than its configuration gives it", async () => {
  await using service = await startService(() => new Promise(() => {}));
  const call = rest(service.url);
  const world = await new World(definitionOf({ call }, { "kogito.sw.functions.call.timeout": "1500" })).open();
  await using _ = await world.start();
  await world.happen("i-1", requested("1.a", "call"));
  await until(() => service.received.length === 1, "a request");
  world.clock.turn(1_500);
  const { "i-1:1.a": outcome } = await world.resultsOf(1);
  assert.equal(failure(outcome).message, "POST http://HOST/: expected a response within 1500 ms, found none");
});

test("a time that is none fails the action", async () => {
  const properties = { "kogito.sw.functions.call.timeout": "soon" };
  const world = await new World(definitionOf({ call: rest("http://127.0.0.1:1") }, properties)).open();
  await using _ = await world.start();
  await world.happen("i-1", requested("1.a", "call"));
  const { "i-1:1.a": outcome } = await world.resultsOf(1);
  assert.equal(
    failure(outcome).message,
    'kogito.sw.functions.call.timeout: expected milliseconds or a duration, found "soon"',
  );
});

test("a definition that comes late is waited for, one that never comes fails the action", async () => {
  await using service = await startService(() => ({}));
  const world = await new World().open();
  const known = definitionOf({ call: rest(service.url) });
  const looked: string[] = [];
  const definitions = {
    all: () => [],
    onChange: () => () => {},
    find: () => undefined,
    async get(hash: string) {
      looked.push(hash);
      if (hash === "lost" || looked.length < 3) throw new Error(`definition ${hash}: found nothing`);
      return { hash, definition: known, bundle: { path: "", files: {} }, deployedMs: 0, sequence: 0, current: true };
    },
  };
  await using _ = await world.start({}, { definitions });
  await world.happen("i-1", { ...requested("1.a", "call"), definition: "late" });
  assert.equal((await world.resultsOf(1))["i-1:1.a"]?.status, "completed");
  await world.happen("i-2", { ...requested("1.a", "call"), definition: "lost" });
  assert.deepEqual((await world.resultsOf(2))["i-2:1.a"], {
    status: "failed",
    error: { code: "internal", message: "definition lost: found nothing", classes: CATCH_ALL },
  });
});

test("an operation of an OpenAPI document is called where its configuration says", async () => {
  await using service = await startService(() => ({}));
  const operation = {
    document: "specs/shop.yaml",
    operationId: "put",
    method: "PUT",
    path: "/orders/{id}",
    parameters: [{ name: "id", in: "path", required: true, style: "simple", explode: false } as const],
    body: { mediaType: "application/json" },
    security: [],
    callbacks: [],
  };
  const properties = { "quarkus.rest-client.shop_yaml.url": `${service.url}/api` };
  const call: FunctionDefinition = { kind: "openapi", name: "call", operation, metadata: {} };
  const world = await new World(definitionOf({ call }, properties)).open();
  await using _ = await world.start();
  await world.happen("i-1", requested("1.a", "call", { id: "a/b", callbackUrl: "http://here/callbacks/t" }));
  await world.resultsOf(1);
  const [received] = service.received;
  assert.deepEqual(
    [received?.method, received?.url, received?.body],
    ["PUT", "/api/orders/a%2Fb", '{"callbackUrl":"http://here/callbacks/t"}'],
  );
});
