import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { LogUnavailableError } from "@antiphon/log";
import { startMachine } from "../testing/start-machine.ts";
import { BY_EVENT } from "../testing/workflows.ts";
import { bury, call, FROM, letters, PLACED, recordsOn, valuesOn } from "./testing/letters.ts";

test("an event that could not get out goes out again, to its topic, and does not come in", async () => {
  await using machine = await startMachine({ workflows: [BY_EVENT] });
  await machine.ports.log.ensureTopics([{ name: "out", partitions: 1, retention: "forever" }]);
  const about = {
    atMs: 1,
    disposition: "rejected",
    reason: "no",
    direction: "out",
    instance: "i1",
    from: FROM,
  } as const;
  const id = await bury(machine, { ...about, event: PLACED as never, to: { topic: "out", key: "i1" } });
  const { body } = await call(machine, "POST", `/v1/dead-letters/${id}/redrive`);
  assert.equal(body.result, "sent");
  assert.deepEqual(await valuesOn(machine, "out"), [PLACED]);
  assert.deepEqual((await call(machine, "GET", "/v1/events")).body.items, []);
});

test("an event for a sink is posted to it again, and one that the sink does not take stays open", async () => {
  const taken: unknown[] = [];
  const statuses = [503, 200];
  const sink = createServer((request, response) => {
    taken.push([request.url, request.headers["ce-id"], request.headers.authorization]);
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
  try {
    await using machine = await startMachine();
    const { port } = sink.address() as AddressInfo;
    const to = { url: `http://me:pw@127.0.0.1:${port}/in?x=1` };
    const about = { atMs: 1, disposition: "rejected", reason: "no", direction: "out", from: FROM } as const;
    const id = await bury(machine, { ...about, event: PLACED as never, to });
    const first = await call(machine, "POST", `/v1/dead-letters/${id}/redrive`);
    const reason = `POST http://127.0.0.1:${port}/in: expected an answer of 2xx, found 503`;
    assert.deepEqual(first.body, { id, result: "rejected", reason });
    assert.equal((await letters(machine, "direction=out")).length, 1);
    const second = await call(machine, "POST", `/v1/dead-letters/${id}/redrive`);
    assert.deepEqual(second.body, { id, result: "sent" });
    assert.deepEqual(await letters(machine), []);
    const seen = ["/in?x=1", "e1", `Basic ${Buffer.from("me:pw").toString("base64")}`];
    assert.deepEqual(taken, [seen, seen]);
  } finally {
    sink.closeAllConnections();
    sink.close();
  }
});

test("an event goes out to its topic under the id of the instance that produced it", async () => {
  await using machine = await startMachine();
  await machine.ports.log.ensureTopics([{ name: "out", partitions: 1, retention: "forever" }]);
  const about = { disposition: "rejected", reason: "no", direction: "out", event: PLACED as never } as const;
  const to = { topic: "out", key: "its own" };
  const ids = [
    await bury(machine, { ...about, atMs: 1, instance: "i1", from: FROM, to }),
    await bury(machine, { ...about, atMs: 2, event: { ...PLACED, id: "e2" } as never, from: FROM, to }),
  ];
  for (const id of ids) await call(machine, "POST", `/v1/dead-letters/${id}/redrive`);
  assert.deepEqual(
    (await recordsOn(machine, "out")).map(({ key }) => key),
    ["i1", "its own"],
  );
});

test("an event for a topic that cannot be reached is for later, and one that its topic does not take stays open", async () => {
  await using machine = await startMachine();
  const about = { atMs: 1, disposition: "rejected", reason: "no", direction: "out", from: FROM } as const;
  const id = await bury(machine, { ...about, event: PLACED as never, to: { topic: "out", key: null } });
  const { publish } = machine.ports.log;
  machine.ports.log.publish = async () => {
    throw new LogUnavailableError("away");
  };
  assert.equal((await call(machine, "POST", `/v1/dead-letters/${id}/redrive`)).status, 503);
  machine.ports.log.publish = publish;
  const { result, reason } = (await call(machine, "POST", `/v1/dead-letters/${id}/redrive`)).body;
  assert.deepEqual([result, /^topic "out" does not take it: /.test(String(reason))], ["rejected", true]);
  assert.equal((await letters(machine)).length, 1);
});

test("a sink that sends elsewhere is not followed, and a letter that says no place stays where it is", async () => {
  const sink = createServer((request, response) => {
    if (request.url === "/moved") response.writeHead(302, { location: "/there" }).end();
    else response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
  try {
    await using machine = await startMachine();
    const { port } = sink.address() as AddressInfo;
    const about = { disposition: "rejected", reason: "no", direction: "out", from: FROM } as const;
    const to = { url: `http://127.0.0.1:${port}/moved` };
    const moved = await bury(machine, { ...about, atMs: 1, event: PLACED as never, to });
    const { reason } = (await call(machine, "POST", `/v1/dead-letters/${moved}/redrive`)).body;
    assert.equal(reason, `POST http://127.0.0.1:${port}/moved: expected an answer of 2xx, found 302`);
    const nowhere = await bury(machine, { ...about, atMs: 2, event: { ...PLACED, id: "e2" } as never });
    const { status, body } = await call(machine, "POST", `/v1/dead-letters/${nowhere}/redrive`);
    assert.deepEqual([status, body.title], [409, "Not redrivable"]);
  } finally {
    sink.closeAllConnections();
    sink.close();
  }
});
