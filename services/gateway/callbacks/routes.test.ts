import assert from "node:assert/strict";
import { test } from "node:test";
import { partitionOf } from "@antiphon/log";
import { DATA_DEPTH_MAX, formatJson, type Json, topics } from "@antiphon/protocol";
import { type Machine, startMachine } from "../testing/start-machine.ts";
import { CALLBACK, ORDER } from "../testing/workflows.ts";

const WAIT = "1.event";

async function started({ app }: Machine): Promise<string> {
  return (await app.inject({ method: "POST", url: "/callback", payload: { message: "old" } })).json().id;
}

/** Starts an order, and says that its service has taken the request. */
async function ordered({ app, ports }: Machine): Promise<string> {
  const starting = app.inject({ method: "POST", url: "/order", payload: { amount: 5 } });
  const instance = await firstCommandOf(ports.log);
  const outcome = { status: "completed", http: { status: 202, headers: {} } };
  const value = formatJson({ type: "CompleteAction", instance, action: "1.ask", outcome } as unknown as Json);
  await ports.log.publish([{ topic: topics.commands, key: instance, value, partition: partitionOf(instance, 2) }]);
  assert.equal((await starting).statusCode, 201);
  return instance;
}

async function firstCommandOf(log: Machine["ports"]["log"]): Promise<string> {
  for (;;) {
    const read = await Promise.all([0, 1].map((partition) => log.read(topics.commands, partition, 0, 1)));
    const [record] = read.flatMap(({ records }) => records);
    if (record?.key) return record.key;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function answer({ app }: Machine, url: string, payload: object | string, headers: Record<string, string> = {}) {
  return app.inject({ method: "POST", url, payload, headers });
}

test("plain JSON at a callback's URL is the event that its wait waits for", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const instance = await started(machine);
  const { statusCode, payload } = await answer(machine, machine.callbackUrl(instance, WAIT), { message: "new" });
  const { id, ...fate } = JSON.parse(payload);
  assert.deepEqual([statusCode, fate], [202, { source: "/callbacks", disposition: "resolved", instance }]);
  const history = await Promise.all(
    [0, 1].map((partition) => machine.ports.log.read(topics.history, partition, 0, 10)),
  );
  const received = history
    .flatMap(({ records }) => records.flatMap(({ value }) => JSON.parse(value ?? "").events))
    .find(({ type }) => type === "EventReceived");
  assert.deepEqual(received.event, {
    specversion: "1.0",
    id,
    source: "/callbacks",
    type: "wait",
    datacontenttype: "application/json",
    data: { message: "new" },
  });
});

test("a CloudEvent at a callback's URL is taken in both modes, whatever its type", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const event = { specversion: "1.0", id: "e1", source: "/s", type: "anything", data: { message: "new" } };
  const first = await started(machine);
  const structured = await answer(machine, machine.callbackUrl(first, WAIT), event);
  assert.deepEqual(structured.json(), { source: "/s", id: "e1", disposition: "resolved", instance: first });
  const second = await started(machine);
  const binary = await answer(machine, machine.callbackUrl(second, WAIT), '{"message":"new"}', {
    "ce-specversion": "1.0",
    "ce-id": "e2",
    "ce-source": "/s",
    "ce-type": "wait",
  });
  assert.deepEqual(binary.json(), { source: "/s", id: "e2", disposition: "resolved", instance: second });
});

test("what claims to be a CloudEvent has to be one", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const url = machine.callbackUrl(await started(machine), WAIT);
  const { statusCode, payload } = await answer(machine, url, { specversion: "1.0", id: "e1", source: "/s" });
  assert.deepEqual([statusCode, JSON.parse(payload).member], [400, "type"]);
});

test("a callback that was answered is used", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const instance = await started(machine);
  const url = machine.callbackUrl(instance, WAIT);
  await answer(machine, url, { message: "new" });
  const { statusCode, payload } = await answer(machine, url, { message: "newer" });
  assert.deepEqual([statusCode, JSON.parse(payload).title], [409, "Callback used"]);
});

test("a callback whose instance was aborted is closed", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const instance = await started(machine);
  await machine.app.inject({ method: "DELETE", url: `/callback/${instance}` });
  const { statusCode, payload } = await answer(machine, machine.callbackUrl(instance, WAIT), { message: "new" });
  assert.deepEqual([statusCode, JSON.parse(payload).title], [410, "Callback closed"]);
});

test("an altered token, and one of an instance that is not there, are answered alike", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const instance = await started(machine);
  const url = machine.callbackUrl(instance, WAIT);
  const altered = url.slice(0, -1) + (url.endsWith("A") ? "B" : "A");
  const first = await answer(machine, altered, { message: "new" });
  const second = await answer(machine, machine.callbackUrl("no-such-instance", WAIT), { message: "new" });
  assert.equal(first.statusCode, 404);
  assert.equal(first.payload, second.payload);
  assert.equal((await machine.app.inject({ url: `/callback/${instance}` })).statusCode, 200);
});

test("an answer that the callback's schema does not allow is refused, and the wait stays open", async () => {
  await using machine = await startMachine({ workflows: [ORDER] });
  const instance = await ordered(machine);
  const url = machine.callbackUrl(instance, WAIT);
  const refused = await answer(machine, url, { approved: "yes" });
  assert.deepEqual(
    [refused.statusCode, refused.json().errors],
    [422, [{ pointer: "/approved", message: "must be boolean" }]],
  );
  const taken = await answer(machine, url, '{"approved":true,"rate":0.10}');
  assert.deepEqual([taken.statusCode, taken.json().disposition], [202, "resolved"]);
});

test("the data of a CloudEvent is what the callback's schema is about", async () => {
  await using machine = await startMachine({ workflows: [ORDER] });
  const instance = await ordered(machine);
  const url = machine.callbackUrl(instance, WAIT);
  const event = { specversion: "1.0", id: "e1", source: "/s", type: "order.answered" };
  assert.equal((await answer(machine, url, { ...event, data: {} })).statusCode, 422);
  assert.equal((await answer(machine, url, { ...event, data: { approved: false } })).statusCode, 202);
});

test("plain JSON that is nested too deeply or is not well-formed is refused, and its wait goes on", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const nested = (levels: number): string => `{"ä":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
  const url = machine.callbackUrl(await started(machine), WAIT);
  const refused = async (payload: string) => {
    const { statusCode, payload: said } = await answer(machine, url, payload, { "content-type": "application/json" });
    return [statusCode, JSON.parse(said).detail];
  };
  assert.deepEqual(await refused(nested(DATA_DEPTH_MAX + 1)), [
    400,
    `the body: expected at most ${DATA_DEPTH_MAX} levels of nesting, found more`,
  ]);
  assert.deepEqual(await refused('{"a":["\\ud800"]}'), [
    400,
    'the body, /a/0: expected well-formed text, found the lone surrogate "\\ud800"',
  ]);
  assert.equal((await refused(nested(DATA_DEPTH_MAX)))[0], 202);
});
