import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { test } from "node:test";
import { BATCH_BYTES_MAX, LogUnavailableError } from "@antiphon/log";
import { RESPONSE_BYTES_MAX } from "./perform/send-request.ts";
import { failure, JSON_TYPE, outcomeOf, postTo, resultOf } from "./testing/outcomes.ts";
import { startService } from "./testing/service.ts";
import { definitionOf, requested, until, World } from "./testing/world.ts";

const PROCESSING = ["jakarta.ws.rs.ProcessingException", "javax.ws.rs.ProcessingException"];
const CATCH_ALL = ["java.lang.RuntimeException", "java.lang.Exception"];

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
  const found = failure(await resultOf(postTo(`http://127.0.0.1:${port}/x`)));
  const classes = [...PROCESSING, "java.net.ConnectException", "java.net.SocketException", "java.io.IOException"];
  assert.deepEqual([found.code, found.classes], ["refused", [...classes, ...CATCH_ALL]]);
  assert.match(found.message, /^POST http:\/\/HOST\/x: no response: .*ECONNREFUSED/);
});

test("a service whose name nobody knows fails the action", async () => {
  const found = failure(await resultOf(postTo("http://nobody.invalid/x")));
  const classes = [...PROCESSING, "java.net.UnknownHostException", "java.io.IOException", ...CATCH_ALL];
  assert.deepEqual([found.code, found.classes], ["unknown-host", classes]);
});

test("a service that does not answer in time fails the action, and its connection is given up", async () => {
  const hung = Promise.withResolvers<void>();
  await using service = await startService(async () => {
    await hung.promise;
    return {};
  });
  const world = await new World(definitionOf({ call: postTo(service.url) })).open();
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
  const found = failure(await resultOf(postTo(`${service.url}/orders/{id}`)));
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

test("a call has no longer than its configuration gives it", async () => {
  await using service = await startService(() => new Promise(() => {}));
  const call = postTo(service.url);
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
  const world = await new World(definitionOf({ call: postTo("http://127.0.0.1:1") }, properties)).open();
  await using _ = await world.start();
  await world.happen("i-1", requested("1.a", "call"));
  const { "i-1:1.a": outcome } = await world.resultsOf(1);
  assert.equal(
    failure(outcome).message,
    'kogito.sw.functions.call.timeout: expected milliseconds or a duration, found "soon"',
  );
});

test("a definition that has not been read yet is waited for, one that is not in the log fails the action", async () => {
  await using service = await startService(() => ({}));
  const world = await new World().open();
  const definition = definitionOf({ call: postTo(service.url) });
  const known = {
    definition,
    bundle: { path: "", files: {} },
    configuration: {},
    deployedMs: 0,
    sequence: 0,
    current: true,
  };
  let looks = 0;
  const definitions = {
    all: () => [],
    onChange: () => () => {},
    find: (hash: string) => (hash === "late" && looks >= 3 ? { ...known, hash } : undefined),
    async newest() {
      looks += 1;
      // For longer than anybody would wait: it is the log that cannot be read.
      if (looks < 3) throw new LogUnavailableError("the log of definitions could not be read");
    },
  };
  await using _ = await world.start({}, { definitions });
  await world.happen("i-1", { ...requested("1.a", "call"), definition: "late" });
  for (const look of [1, 2]) {
    await until(() => looks === look && world.clock.nextMs !== undefined, `look ${look}`);
    assert.deepEqual(await world.results(), {});
    world.clock.turn(1_000);
  }
  assert.equal((await world.resultsOf(1))["i-1:1.a"]?.status, "completed");
  await world.happen("i-2", { ...requested("1.a", "call"), definition: "lost" });
  assert.deepEqual((await world.resultsOf(2))["i-2:1.a"], {
    status: "failed",
    error: {
      code: "internal",
      message: "definition lost: expected among the deployed definitions, found nothing",
      classes: CATCH_ALL,
    },
  });
});
