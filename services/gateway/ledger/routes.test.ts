import assert from "node:assert/strict";
import { test } from "node:test";
import { startMachine } from "../testing/start-machine.ts";
import { viewEverything } from "../testing/view-everything.ts";

test("who asks for an audit while one goes on has its answer, and who asks later has a new one", async () => {
  await using machine = await startMachine();
  await viewEverything(machine.ports);
  const reads: string[] = [];
  const { bounds } = machine.ports.log;
  machine.ports.log.bounds = (topic, partition) => {
    reads.push(topic);
    return bounds.call(machine.ports.log, topic, partition);
  };
  const audit = async () => (await machine.app.inject({ url: "/v1/audit" })).json() as { readonly agrees: boolean };
  await audit();
  const once = reads.length;
  const [a, b] = await Promise.all([audit(), audit()]);
  assert.deepEqual([a.agrees, a], [true, b]);
  assert.equal(reads.length, 2 * once);
  await audit();
  assert.equal(reads.length, 3 * once);
});

test("a parameter of a route that has none is refused", async () => {
  await using machine = await startMachine();
  for (const [method, url] of [
    ["GET", "/v1/audit?full=true"],
    ["POST", "/v1/events/explain?full=true"],
    ["POST", "/v1/dead-letters/d1/redrive?full=true"],
  ] as const) {
    const answer = await machine.app.inject({ method, url });
    assert.deepEqual(
      [answer.statusCode, answer.json().detail],
      [400, 'parameter "full": expected no parameter, found this name'],
    );
  }
});
