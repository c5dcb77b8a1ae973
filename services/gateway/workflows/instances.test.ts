import assert from "node:assert/strict";
import { test } from "node:test";
import { partitionOf } from "@antiphon/log";
import { topics } from "@antiphon/protocol";
import { changesOf, project, viewSpace } from "@antiphon/views";
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

test("the gateway's address itself says which workflows there are, and where to look", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK, GREET] });
  const { statusCode, payload } = await machine.app.inject({ url: "/" });
  assert.deepEqual([statusCode, JSON.parse(payload).workflows], [200, ["/callback", "/greet"]]);
  for (const url of JSON.parse(payload).places) assert.equal((await machine.app.inject({ url })).statusCode, 200, url);
});

test("a path that cannot be read is a problem like any other", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const { statusCode, headers, payload } = await machine.app.inject({ url: "/%zz" });
  assert.deepEqual([statusCode, headers["content-type"]], [400, "application/problem+json; charset=utf-8"]);
  assert.equal(JSON.parse(payload).detail, "'/%zz' is not a valid url component");
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

test("while the store lacks what the log has, nobody is told that an instance is not there", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK], decides: false });
  const { log, store, partitions } = machine.ports;
  await log.append(topics.history, partitionOf("i", partitions), [{ key: "i", value: "{}" }], { at: 0 });
  store.loseEverything();
  const { statusCode, headers, payload } = await machine.app.inject({ url: "/callback/i" });
  assert.deepEqual(
    [statusCode, headers["retry-after"], JSON.parse(payload).detail],
    [503, "1", "the store is being filled again from the log"],
  );
});

test("the active instances of a workflow are listed, as far as the views know of them", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK, GREET] });
  const id = await started(machine, { a: 1 });
  const aborted = await started(machine, {});
  await machine.app.inject({ method: "DELETE", url: `/callback/${aborted}` });
  await machine.app.inject({ method: "POST", url: "/greet" });
  for (let partition = 0; partition < machine.ports.partitions; partition += 1) await view(machine, partition);
  const { statusCode, payload } = await machine.app.inject({ url: "/callback" });
  assert.deepEqual([statusCode, JSON.parse(payload)], [200, [{ id, workflowdata: { a: 1 } }]]);
  assert.equal((await machine.app.inject({ url: "/greet" })).payload, "[]");
  assert.equal((await machine.app.inject({ url: "/unknown" })).statusCode, 404);
});

/** What a projector does, once. */
async function view({ ports: { log, store } }: Machine, partition: number): Promise<void> {
  const { records, next } = await log.read(topics.history, partition, 0, 100);
  const changes = records.flatMap((record) => changesOf(topics.history, record));
  const projected = project(changes, new Map(changes.map(({ key }) => [key, null])));
  await store.commit(viewSpace(topics.history, partition), { expected: null, position: next, ...projected });
}
