import assert from "node:assert/strict";
import { test } from "node:test";
import { type Machine, startMachine } from "../testing/start-machine.ts";
import { CALLBACK, GREET } from "../testing/workflows.ts";

async function started({ app }: Machine, data: object): Promise<string> {
  return (await app.inject({ method: "POST", url: "/callback", payload: data })).json().id;
}

test("an active instance can be looked at, and has no tasks", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const id = await started(machine, { a: 1 });
  const found = await machine.app.inject({ url: `/callback/${id}` });
  assert.deepEqual([found.statusCode, found.json()], [200, { id, workflowdata: { a: 1 } }]);
  const tasks = await machine.app.inject({ url: `/callback/${id}/tasks` });
  assert.deepEqual([tasks.statusCode, tasks.json()], [200, []]);
});

test("an instance that is unknown, or another workflow's, is not found", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK, GREET] });
  const id = await started(machine, {});
  for (const url of ["/callback/no-such-id", `/greet/${id}`]) {
    const { statusCode, payload } = await machine.app.inject({ url });
    assert.deepEqual([statusCode, JSON.parse(payload).title], [404, "No such instance"]);
  }
});

test("an instance that has ended is not found, and who asks is told where it is", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const { id } = (await machine.app.inject({ method: "POST", url: "/greet" })).json();
  const { statusCode, payload } = await machine.app.inject({ url: `/greet/${id}` });
  const detail = `instance ${id} of workflow greet has ended (completed): /v1/instances/${id} shows it`;
  assert.deepEqual([statusCode, JSON.parse(payload).detail], [404, detail]);
});

test("data is merged by PATCH and replaced by PUT", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const id = await started(machine, { a: 1, b: { c: 1 } });
  const url = `/callback/${id}`;
  const merged = await machine.app.inject({ method: "PATCH", url, payload: { b: { d: 2 } } });
  assert.deepEqual([merged.statusCode, merged.json()], [200, { id, workflowdata: { a: 1, b: { c: 1, d: 2 } } }]);
  const replaced = await machine.app.inject({ method: "PUT", url, payload: { workflowdata: { x: 1 } } });
  assert.deepEqual([replaced.statusCode, replaced.json()], [200, { id, workflowdata: { x: 1 } }]);
  assert.deepEqual((await machine.app.inject({ url })).json(), { id, workflowdata: { x: 1 } });
});

test("an aborted instance answers with its last data, and is gone", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const id = await started(machine, { a: 1 });
  const url = `/callback/${id}`;
  const aborted = await machine.app.inject({ method: "DELETE", url });
  assert.deepEqual([aborted.statusCode, aborted.json()], [200, { id, workflowdata: { a: 1 } }]);
  assert.equal((await machine.app.inject({ method: "DELETE", url })).statusCode, 404);
  assert.equal((await machine.app.inject({ url })).statusCode, 404);
});
