import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { FakeClock } from "@antiphon/processor/testing";
import { topics } from "@antiphon/protocol";
import { startGateway } from "./index.ts";
import { startMachine } from "./testing/start-machine.ts";
import { BY_EVENT, GREET } from "./testing/workflows.ts";

const CONFIG = { host: "127.0.0.1", port: 0, publicUrl: undefined, replyTimeoutMs: 5_000 };

test("a gateway listens where it says, answers, and is gone after its disposal", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const gateway = await startGateway(machine.ports, CONFIG);
  const started = await fetch(`${gateway.url}/greet`, { method: "POST", body: '{"a":1}' });
  const { id, workflowdata } = (await started.json()) as { id: string; workflowdata: object };
  assert.deepEqual([started.status, workflowdata], [201, { a: 1, greeting: "hello" }]);
  assert.equal(started.headers.get("location"), `${gateway.url}/greet/${id}`);
  await gateway[Symbol.asyncDispose]();
  await gateway.stopped;
  await assert.rejects(fetch(`${gateway.url}/q/health/live`));
});

test("a port that is in use is named, with the setting to change", async () => {
  await using machine = await startMachine();
  await using gateway = await startGateway(machine.ports, CONFIG);
  const port = Number(new URL(gateway.url).port);
  await assert.rejects(startGateway(machine.ports, { ...CONFIG, port }), {
    message: `ANTIPHON_PORT: expected a free port, found 127.0.0.1:${port} in use`,
  });
});

test("topics of definitions that somebody else deploys are made", async () => {
  await using machine = await startMachine();
  await using gateway = await startGateway(machine.ports, CONFIG);
  await fetch(`${gateway.url}/v1/definitions/by-event`, { method: "PUT", body: BY_EVENT });
  assert.equal(await machine.ports.log.partitions("order.placed"), 2);
});

test("a stream of a topic's events ends with the gateway", async () => {
  await using machine = await startMachine({ workflows: [BY_EVENT] });
  const gateway = await startGateway(machine.ports, CONFIG);
  const response = await fetch(`${gateway.url}/v1/topics/order.placed`);
  assert.deepEqual([response.status, response.headers.get("content-type")], [200, "text/event-stream; charset=utf-8"]);
  const text = response.text();
  await gateway[Symbol.asyncDispose]();
  assert.equal(await text, "retry: 1000\nid: 0.0\n\n");
});

test("what is no HTTP is answered as a problem", async () => {
  await using machine = await startMachine();
  await using gateway = await startGateway(machine.ports, CONFIG);
  const socket = connect(Number(new URL(gateway.url).port), "127.0.0.1");
  socket.end("nonsense\r\n\r\n");
  let text = "";
  socket.on("data", (chunk) => {
    text += String(chunk);
  });
  await once(socket, "close");
  assert.match(text, /^HTTP\/1\.1 400 Bad Request\r\ncontent-type: application\/problem\+json/);
});

test("headers over Node's limit are answered as a problem", async () => {
  await using machine = await startMachine();
  await using gateway = await startGateway(machine.ports, CONFIG);
  const response = await fetch(`${gateway.url}/greet`, { headers: { "x-long": "x".repeat(20_000) } });
  const { title } = (await response.json()) as { title: string };
  assert.deepEqual([response.status, title], [431, "Headers too large"]);
});

test("a request that waits when the gateway stops is told so, and where to look", async () => {
  await using machine = await startMachine({ workflows: [GREET], decides: false });
  const clock = new FakeClock(Date.now());
  const config = { ...CONFIG, replyTimeoutMs: 600_000 };
  const gateway = await startGateway({ ...machine.ports, clock }, config);
  const waiting = fetch(`${gateway.url}/greet`, { method: "POST", body: "{}" });
  const published = async (partition: number) => (await machine.ports.log.bounds(topics.commands, partition)).end;
  while ((await published(0)) + (await published(1)) === 0) await turn();
  let isStopped = false;
  const stopped = (async () => {
    await gateway[Symbol.asyncDispose]();
    isStopped = true;
  })();
  while (!isStopped) {
    clock.turn(100);
    await turn();
  }
  await stopped;
  const { status, title, id, detail } = (await (await waiting).json()) as Record<string, unknown>;
  assert.deepEqual(
    [status, title, detail],
    [503, "Stopping", `the gateway stops; the instance may have started: /v1/instances/${id} shows it`],
  );
});

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
