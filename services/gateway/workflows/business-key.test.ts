import assert from "node:assert/strict";
import { test } from "node:test";
import { type Machine, startMachine } from "../testing/start-machine.ts";
import { viewEverything } from "../testing/view-everything.ts";
import { CALLBACK, COUNTING, GREET } from "../testing/workflows.ts";

async function start({ app }: Machine, workflow: string, key: string, data: object = {}) {
  const response = await app.inject({ method: "POST", url: `/${workflow}?businessKey=${key}`, payload: data });
  return { status: response.statusCode, body: response.json() };
}

function taken(key: string, instance: string, workflow: string) {
  const detail = `business key "${key}": expected one that no instance has, found instance ${instance} of workflow ${workflow} with it`;
  return {
    status: 409,
    body: {
      type: "urn:antiphon:problem:business-key-taken",
      title: "Business key taken",
      status: 409,
      detail,
      message: detail,
      instance,
      workflow,
    },
  };
}

test("a business key is one instance's at a time, of whatever workflow, whether the views have it yet or not", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK, GREET] });
  const first = await start(machine, "callback", "K1");
  assert.equal(first.status, 201);
  assert.deepEqual(await start(machine, "callback", "K1"), taken("K1", first.body.id, "callback"));
  assert.deepEqual(await start(machine, "greet", "K1"), taken("K1", first.body.id, "callback"));
  await viewEverything(machine.ports);
  assert.deepEqual(await start(machine, "greet", "K1"), taken("K1", first.body.id, "callback"));
  assert.equal((await start(machine, "greet", "K2")).status, 201);
});

test("of many who start with one business key at once, one does", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const all = await Promise.all(Array.from({ length: 20 }, () => start(machine, "callback", "K1")));
  const [winner, ...others] = all.toSorted((a, b) => a.status - b.status);
  assert.equal(winner?.status, 201);
  for (const other of others) assert.deepEqual(other, taken("K1", winner?.body.id, "callback"));
});

test("a business key is free again when its instance has ended, and not while it has failed", async () => {
  await using machine = await startMachine({ workflows: [COUNTING, GREET] });
  for (let round = 0; round < 3; round += 1) assert.equal((await start(machine, "greet", "K1")).status, 201);
  await viewEverything(machine.ports);
  for (let round = 0; round < 3; round += 1) assert.equal((await start(machine, "greet", "K1")).status, 201);
  const failed = await start(machine, "counting", "K1", { count: "x" });
  assert.equal(failed.status, 400);
  assert.deepEqual(await start(machine, "greet", "K1"), taken("K1", failed.body.id, "counting"));
  await machine.app.inject({ method: "DELETE", url: `/counting/${failed.body.id}` });
  assert.equal((await start(machine, "greet", "K1")).status, 201);
});

test("a business key that is too long is refused", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const { status, body } = await start(machine, "greet", "x".repeat(256));
  const detail = "parameter businessKey: expected one of at most 255 characters, found 256";
  assert.deepEqual([status, body.detail], [400, detail]);
});

test("of a few who start at once what ends at once, each starts", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const all = await Promise.all(Array.from({ length: 4 }, () => start(machine, "greet", "K1")));
  assert.deepEqual(
    all.map(({ status }) => status),
    [201, 201, 201, 201],
  );
  assert.equal(new Set(all.map(({ body }) => body.id)).size, 4);
});
