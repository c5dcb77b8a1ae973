import assert from "node:assert/strict";
import { test } from "node:test";
import { type Definition, readDefinition } from "@antiphon/definition";
import { FakeClock } from "@antiphon/processor/testing";
import { type ActionOutcome, exactNumber, formatJson, type Json } from "@antiphon/protocol";
import {
  type Metadata,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { Agent } from "undici";
import { Tokens } from "../../auth/tokens.ts";
import { requested } from "../../testing/world.ts";
import { type MessageCodec, messageCodec } from "./messages.ts";
import { performRpc } from "./perform-rpc.ts";
import { RpcClients } from "./rpc-clients.ts";

const PROTO = `syntax = "proto3";
package shop.v1;
import "google/protobuf/timestamp.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/wrappers.proto";
enum Kind { PLAIN = 0; FRAGILE = 1; }
message Item {
  string sku_code = 1;
  int64 cents = 2;
  bytes seal = 3;
  Kind kind = 4;
  map<string, int32> stock = 5;
  oneof size { int32 grams = 6; string label = 7; }
  google.protobuf.Timestamp since = 8;
  google.protobuf.Struct extra = 9;
  repeated Item parts = 10;
  google.protobuf.UInt64Value maximum = 11;
  optional double weight = 12;
}
service Prices {
  rpc Echo (Item) returns (Item);
  rpc Sum (stream Item) returns (Item);
  rpc Split (Item) returns (stream Item);
  rpc Each (stream Item) returns (stream Item);
}`;

function definitionWith(method: string, properties: string): Definition {
  const workflow = {
    id: "shop",
    start: "s",
    functions: [{ name: "call", type: "rpc", operation: `prices.proto#Prices#${method}` }],
    states: [{ name: "s", type: "inject", data: {}, end: true }],
  };
  const files = {
    "w.sw.json": JSON.stringify(workflow),
    "prices.proto": PROTO,
    "application.properties": properties,
  };
  const { definition, problems } = readDefinition({ path: "w.sw.json", files }, {});
  assert.deepEqual(problems, []);
  assert.ok(definition);
  return definition;
}

interface Service extends AsyncDisposable {
  readonly port: number;
  readonly metadata: Metadata[];
}

type Failure = Pick<ServiceError, "code" | "details">;

/** A gRPC server with the service of the tests. It answers a `sku_code` of "fail" with NOT_FOUND, and one of "hang" never. */
async function startService(): Promise<Service> {
  const server = new Server();
  const metadata: Metadata[] = [];
  const called = definitionWith("Echo", "").functions.call;
  if (called?.kind !== "rpc") throw new Error("expected a gRPC function");
  // One message is of the type that the other is of.
  const codec: MessageCodec = messageCodec(called, false);
  const of = (name: string, requestStream: boolean, responseStream: boolean): MethodDefinition<Json, Json> => ({
    path: `/shop.v1.Prices/${name}`,
    requestStream,
    responseStream,
    requestSerialize: codec.write,
    requestDeserialize: codec.read,
    responseSerialize: codec.write,
    responseDeserialize: codec.read,
  });
  const refusal: Failure = { code: status.NOT_FOUND, details: "no such item" };
  const skuOf = (item: Json): unknown => (item as { skuCode?: unknown }).skuCode;
  server.addService(
    {
      Echo: of("Echo", false, false),
      Sum: of("Sum", true, false),
      Split: of("Split", false, true),
      Each: of("Each", true, true),
    },
    {
      Echo(call: ServerUnaryCall<Json, Json>, answer: (error: Failure | null, item?: Json) => void) {
        metadata.push(call.metadata);
        if (skuOf(call.request) === "fail") answer(refusal);
        else if (skuOf(call.request) !== "hang") answer(null, call.request);
      },
      async Sum(call: ServerReadableStream<Json, Json>, answer: (error: Failure | null, item?: Json) => void) {
        const items: Json[] = [];
        for await (const item of call) items.push(item as Json);
        answer(null, { skuCode: items.map(skuOf).join("+"), parts: items });
      },
      Split(call: ServerWritableStream<Json, Json>) {
        for (const part of (call.request as { parts?: Json[] }).parts ?? []) call.write(part);
        if (skuOf(call.request) === "fail") call.emit("error", refusal);
        else if (skuOf(call.request) !== "hang") call.end();
      },
      async Each(call: ServerDuplexStream<Json, Json>) {
        for await (const item of call) call.write(item as Json);
        call.end();
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return {
    port,
    metadata,
    async [Symbol.asyncDispose]() {
      server.forceShutdown();
    },
  };
}

const at = (port: number, more = "") =>
  `quarkus.grpc.clients.Prices.host=127.0.0.1\nquarkus.grpc.clients.Prices.port=${port}\n${more}`;

async function perform(
  method: string,
  args: Json,
  properties: string,
  { clock = new FakeClock(0), signal = new AbortController().signal } = {},
): Promise<ActionOutcome> {
  using clients = new RpcClients();
  const agent = new Agent();
  using tokens = new Tokens(agent, clock);
  const definition = definitionWith(method, properties);
  const called = definition.functions.call;
  if (called?.kind !== "rpc") throw new Error("expected a gRPC function");
  const asked = { definition, called, instance: "i-1", requested: requested("1.ask", "call", args) };
  return await performRpc({ clients, tokens, codecs: new WeakMap(), clock, timeoutMs: 60_000 }, asked).perform(signal);
}

test("a message keeps all that it says: digits, bytes, enums, maps, what is one of several, and the well-known types", async () => {
  await using service = await startService();
  const item = {
    sku_code: "a",
    cents: exactNumber("9007199254740993"),
    seal: "AAEC/w==",
    kind: "FRAGILE",
    stock: { here: 2, there: 0 },
    grams: 0,
    since: "2026-11-24T13:00:00.5Z",
    extra: { any: [1, { thing: null }] },
    parts: [{ skuCode: "b", weight: exactNumber("1.50") }],
    maximum: "18446744073709551615",
  };
  const outcome = await perform("Echo", item, at(service.port));
  assert.equal(
    formatJson(outcome as unknown as Json),
    formatJson({
      status: "completed",
      output: {
        skuCode: "a",
        cents: "9007199254740993",
        seal: "AAEC/w==",
        kind: "FRAGILE",
        stock: { here: 2, there: 0 },
        grams: 0,
        since: "2026-11-24T13:00:00.500Z",
        extra: { any: [1, { thing: null }] },
        parts: [{ skuCode: "b", weight: 1.5 }],
        maximum: "18446744073709551615",
      },
    }),
  );
});

test("who asks is told in the metadata, with the action's idempotency key", async () => {
  await using service = await startService();
  await perform("Echo", {}, at(service.port));
  const [metadata] = service.metadata;
  assert.deepEqual(metadata?.get("kogitoprocinstanceid"), ["i-1"]);
  assert.deepEqual(metadata?.get("idempotency-key"), ["i-1:1.ask"]);
});

test("a credential that is configured goes along in the metadata", async () => {
  await using service = await startService();
  await perform("Echo", {}, at(service.port, "kogito.sw.functions.call.access_token=t-1"));
  assert.deepEqual(service.metadata[0]?.get("authorization"), ["Bearer t-1"]);
});

test("streams are arrays, of what goes out and of what comes in", async () => {
  await using service = await startService();
  const [a, b] = [{ skuCode: "a" }, { skuCode: "b" }];
  const completed = (output: Json) => ({ status: "completed", output });
  assert.deepEqual(await perform("Sum", [a, b], at(service.port)), completed({ skuCode: "a+b", parts: [a, b] }));
  assert.deepEqual(await perform("Split", { parts: [a, b] }, at(service.port)), completed([a, b]));
  assert.deepEqual(await perform("Each", [a, b], at(service.port)), completed([a, b]));
  assert.deepEqual(await perform("Each", [], at(service.port)), completed([]));
});

test("an enum that has its default is left out of a result, unless the properties want it", async () => {
  await using service = await startService();
  const item = { skuCode: "a", parts: [{ kind: "FRAGILE" }, {}] };
  assert.deepEqual(await perform("Echo", item, at(service.port)), { status: "completed", output: item });
  assert.deepEqual(await perform("Echo", item, at(service.port, "kogito.grpc.enum.includeDefault=true")), {
    status: "completed",
    output: { skuCode: "a", parts: [{ kind: "FRAGILE" }, { kind: "PLAIN" }], kind: "PLAIN" },
  });
});

const JAVA = ["java.lang.IllegalStateException", "java.lang.RuntimeException", "java.lang.Exception"];

test("a status that is not OK is an error of the workflow, by its name, for a message and for a stream", async () => {
  await using service = await startService();
  const failed = {
    status: "failed",
    error: {
      code: "NOT_FOUND",
      message: "NOT_FOUND: no such item",
      classes: ["io.grpc.StatusRuntimeException", ...JAVA],
    },
  };
  assert.deepEqual(await perform("Echo", { skuCode: "fail" }, at(service.port)), failed);
  assert.deepEqual(await perform("Split", { skuCode: "fail", parts: [{}] }, at(service.port)), failed);
});

test("a service that nobody listens for is unavailable", async () => {
  const service = await startService();
  await service[Symbol.asyncDispose]();
  const outcome = await perform("Echo", {}, at(service.port));
  assert.ok(outcome.status === "failed");
  assert.equal(outcome.error.code, "UNAVAILABLE");
  assert.ok(outcome.error.classes.includes("java.io.IOException"));
});

test("a message that the service does not know is refused before it is sent, with what is wrong", async () => {
  await assert.rejects(perform("Echo", { skuCod: "a" }, at(1)), {
    name: "ActionError",
    message: 'expected a message shop.v1.Item, found something else (shop.v1.Item: unknown field: "skuCod")',
  });
  await assert.rejects(perform("Sum", { skuCode: "a" }, at(1)), {
    message: "shop.v1.Prices/Sum takes a stream: expected an array of messages, found another value",
  });
});

test("a call has the time that the properties give it, and a stream 20 s", async () => {
  await using service = await startService();
  const late = (ms: number) => ({
    status: "failed",
    error: {
      code: "DEADLINE_EXCEEDED",
      message: `DEADLINE_EXCEEDED: no answer within ${ms} ms`,
      classes: ["io.grpc.StatusRuntimeException", "java.util.concurrent.TimeoutException", ...JAVA],
    },
  });
  for (const [method, more, ms] of [
    ["Echo", "quarkus.grpc.clients.Prices.deadline=2s", 2_000],
    ["Split", "", 20_000],
    ["Split", "kogito.grpc.stream.timeout=3", 3_000],
  ] as const) {
    const clock = new FakeClock(0);
    const outcome = perform(method, { skuCode: "hang" }, at(service.port, more), { clock });
    clock.turn(ms);
    assert.deepEqual(await outcome, late(ms));
  }
});

test("a call that is broken off rejects with the signal's reason", async () => {
  await using service = await startService();
  const breaking = new AbortController();
  const outcome = perform("Echo", { skuCode: "hang" }, at(service.port), { signal: breaking.signal });
  breaking.abort(new Error("enough"));
  await assert.rejects(outcome, { message: "enough" });
});

test("a queue is for one address, which is Quarkus' own if none is configured", () => {
  using clients = new RpcClients();
  const definition = definitionWith("Echo", "");
  const called = definition.functions.call;
  if (called?.kind !== "rpc") throw new Error("expected a gRPC function");
  const clock = new FakeClock(0);
  using tokens = new Tokens(new Agent(), clock);
  const ports = { clients, tokens, codecs: new WeakMap<never, never>(), clock, timeoutMs: 60_000 };
  const plan = performRpc(ports, { definition, called, instance: "i", requested: requested("1.a", "call") });
  assert.equal(plan.origin, "grpc://localhost:9000");
});
