import assert from "node:assert/strict";
import { test } from "node:test";
import { type Machine, startMachine } from "../testing/start-machine.ts";
import { viewEverything } from "../testing/view-everything.ts";
import { CALLBACK, FAILING, GREET } from "../testing/workflows.ts";
import { IDEMPOTENCY_KEY_LENGTH_MAX } from "./start-once.ts";

interface Started {
  readonly status: number;
  readonly id: string;
  readonly title?: string;
}

async function start(
  { app, ports }: Machine,
  path: string,
  key: string,
  payload: object = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const all = { "idempotency-key": key, ...headers };
  const asked = app.inject({ method: "POST", url: path, payload, headers: all });
  // What a start looks up in views is there in time.
  const viewing = path.includes("businessKey") ? viewEverything({ ...ports }) : Promise.resolve();
  const [response] = await Promise.all([asked, viewing]);
  const { id, title } = response.json() as Started;
  return { status: response.statusCode, id, ...(title !== undefined && { title }) };
}

test("a start that is repeated with its key is answered with the instance that it started, also once that has ended", async () => {
  await using machine = await startMachine({ workflows: [GREET, CALLBACK] });
  for (const workflow of ["/greet", "/callback"]) {
    const first = await start(machine, workflow, "k", { a: 1 });
    assert.equal(first.status, 201);
    assert.deepEqual(await start(machine, workflow, "k", { a: 1 }), first);
    assert.notEqual((await start(machine, workflow, "other", { a: 1 })).id, first.id);
  }
});

test("a key that comes again with another body, business key or state to start in is refused", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const { id } = await start(machine, "/greet", "k", { a: 1 });
  const refused = { status: 422, id, title: "Idempotency key reused" };
  assert.deepEqual(await start(machine, "/greet", "k", { a: 2 }), refused);
  assert.deepEqual(await start(machine, "/greet", "k", { a: 1 }, { "x-kogito-referenceid": "r" }), refused);
  assert.deepEqual(await start(machine, "/greet", "k", { a: 2 }, { prefer: "respond-async" }), refused);
});

test("of many starts with one key at once, one starts an instance, and all are answered with it", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const all = await Promise.all(Array.from({ length: 20 }, () => start(machine, "/callback", "k")));
  assert.deepEqual([...new Set(all.map(({ status, id }) => `${status} ${id}`))], [`201 ${all[0]?.id}`]);
});

test("a start is not made again after its business key has become free", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const first = await start(machine, "/greet?businessKey=K", "first");
  const second = await start(machine, "/greet?businessKey=K", "second");
  assert.deepEqual([first.status, second.status, first.id === second.id], [201, 201, false]);
  assert.deepEqual(await start(machine, "/greet?businessKey=K", "first"), first);
  assert.deepEqual(await start(machine, "/greet?businessKey=K", "second"), second);
});

test("the instance that holds a business key is the answer to whoever repeats its start, and a conflict for others", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const first = await start(machine, "/callback?businessKey=K", "first");
  assert.deepEqual(await start(machine, "/callback?businessKey=K", "first"), first);
  assert.equal((await start(machine, "/callback?businessKey=K", "second")).status, 409);
});

test("a start that failed fails again when it is repeated, and makes no second instance", async () => {
  await using machine = await startMachine({ workflows: [FAILING] });
  const first = await start(machine, "/failing", "k", { problem: "no credit" });
  assert.equal(first.status, 400);
  assert.deepEqual(await start(machine, "/failing", "k", { problem: "no credit" }), first);
});

test("a start that is answered as soon as it is durable counts once, too", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const first = await start(machine, "/greet", "k", {}, { prefer: "respond-async" });
  assert.equal(first.status, 202);
  assert.deepEqual(await start(machine, "/greet", "k", {}, { prefer: "respond-async" }), first);
  assert.deepEqual(await start(machine, "/greet", "k"), { status: 201, id: first.id });
});

test("a key has at most so many characters, all of them printable ASCII", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const statusOf = async (key: string) => (await start(machine, "/greet", key)).status;
  const lengths = [-1, 0, 1].map((more) => "k".repeat(IDEMPOTENCY_KEY_LENGTH_MAX + more));
  assert.deepEqual(await Promise.all([...lengths, "", "schlüssel"].map(statusOf)), [201, 201, 400, 400, 400]);
});
