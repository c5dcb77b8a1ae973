import assert from "node:assert/strict";
import { test } from "node:test";
import { DATA_DEPTH_MAX, topics } from "@antiphon/protocol";
import { type Machine, startMachine } from "../testing/start-machine.ts";
import { BY_EVENT, CALLBACK } from "../testing/workflows.ts";

async function started({ app }: Machine): Promise<string> {
  return (await app.inject({ method: "POST", url: "/callback", payload: { message: "old" } })).json().id;
}

function eventFor(instance: string, more: object = {}) {
  const data = { message: "new" };
  return { specversion: "1.0", id: "e1", source: "", type: "wait", kogitoprocrefid: instance, data, ...more };
}

test("an event in structured mode resolves the wait of the instance that it names, whatever its content type", async () => {
  for (const type of ["application/cloudevents+json", "application/json", "text/plain"]) {
    await using machine = await startMachine({ workflows: [CALLBACK] });
    const instance = await started(machine);
    const { statusCode, payload } = await machine.app.inject({
      method: "POST",
      url: "/",
      headers: { "content-type": type },
      payload: JSON.stringify(eventFor(instance)),
    });
    assert.deepEqual(
      [statusCode, JSON.parse(payload)],
      [202, { source: "", id: "e1", disposition: "resolved", instance }],
    );
    assert.equal((await machine.app.inject({ url: `/callback/${instance}` })).statusCode, 404);
  }
});

test("an event in binary mode comes in by its channel's path", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  for (const url of ["/wait", "/events/in"]) {
    const instance = await started(machine);
    const { statusCode, payload } = await machine.app.inject({
      method: "POST",
      url,
      headers: {
        "ce-specversion": "1.0",
        "ce-id": `e-${url}`,
        "ce-source": "/s%C3%A9rvice",
        "ce-type": "wait",
        "ce-kogitoprocrefid": instance,
        "content-type": "application/json",
      },
      payload: '{"message":"new"}',
    });
    const fate = { source: "/sérvice", id: `e-${url}`, disposition: "resolved", instance };
    assert.deepEqual([statusCode, JSON.parse(payload)], [202, fate]);
  }
});

test("an event that comes again is a duplicate", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const instance = await started(machine);
  await machine.app.inject({ method: "POST", url: "/", payload: eventFor(instance) });
  const { statusCode, payload } = await machine.app.inject({ method: "POST", url: "/", payload: eventFor(instance) });
  assert.deepEqual([statusCode, JSON.parse(payload).disposition], [202, "duplicate"]);
});

test("an event starts the workflow that it is for", async () => {
  await using machine = await startMachine({ workflows: [BY_EVENT] });
  const event = { specversion: "1.0", id: "e1", source: "/shop", type: "order.placed", data: { order: 7 } };
  const { statusCode, payload } = await machine.app.inject({ method: "POST", url: "/", payload: event });
  const { instance, ...fate } = JSON.parse(payload);
  assert.deepEqual([statusCode, fate], [202, { source: "/shop", id: "e1", disposition: "started" }]);
  assert.equal(typeof instance, "string");
});

test("an event that nobody consumes is unmatched, and a dead letter", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const event = { specversion: "1.0", id: "e1", source: "/s", type: "other", data: {} };
  const { statusCode, payload } = await machine.app.inject({ method: "POST", url: "/", payload: event });
  const reason = 'no workflow consumes events of type "other"';
  assert.deepEqual(
    [statusCode, JSON.parse(payload)],
    [202, { source: "/s", id: "e1", disposition: "unmatched", reason }],
  );
  const read = [0, 1].map((partition) => machine.ports.log.read(topics.deadLetters, partition, 0, 10));
  const letters = (await Promise.all(read)).flatMap(({ records }) =>
    records.map(({ value }) => JSON.parse(value ?? "")),
  );
  assert.deepEqual(
    letters.map(({ id: _id, atMs: _atMs, ...letter }) => letter),
    [{ reason, disposition: "unmatched", event, from: { topic: "http", partition: 0, offset: 0, index: 0 } }],
  );
});

test("a batch is answered with the fate of each event, in their order", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const [one, two] = [await started(machine), await started(machine)];
  const batch = [eventFor(one), eventFor(two, { id: "e2" }), eventFor(two, { id: "e3", type: "other" })];
  const { statusCode, payload } = await machine.app.inject({
    method: "POST",
    url: "/",
    headers: { "content-type": "application/cloudevents-batch+json" },
    payload: JSON.stringify(batch),
  });
  assert.equal(statusCode, 202);
  assert.deepEqual(
    JSON.parse(payload).map(({ id, disposition }: { id: string; disposition: string }) => [id, disposition]),
    [
      ["e1", "resolved"],
      ["e2", "resolved"],
      ["e3", "unmatched"],
    ],
  );
});

test("of a batch with one that is no event, none is taken", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const instance = await started(machine);
  const { statusCode, payload } = await machine.app.inject({
    method: "POST",
    url: "/",
    headers: { "content-type": "application/cloudevents-batch+json" },
    payload: JSON.stringify([eventFor(instance), { ...eventFor(instance), type: undefined }]),
  });
  const detail = 'event 1 of the batch (none was taken): attribute "type": expected a non-empty text, found nothing';
  assert.deepEqual(
    [statusCode, JSON.parse(payload)],
    [
      400,
      {
        type: "urn:antiphon:problem:no-cloud-event",
        title: "No CloudEvent",
        status: 400,
        detail,
        message: detail,
        member: "type",
        expected: "a non-empty text",
        found: "nothing",
      },
    ],
  );
  assert.equal((await machine.app.inject({ url: `/callback/${instance}` })).statusCode, 200);
});

test("a batch of too many events is refused", async () => {
  await using machine = await startMachine();
  const { statusCode, payload } = await machine.app.inject({
    method: "POST",
    url: "/",
    headers: { "content-type": "application/cloudevents-batch+json" },
    payload: JSON.stringify(Array.from({ length: 101 }, (_, i) => eventFor("i", { id: `e${i}` }))),
  });
  assert.deepEqual(
    [statusCode, JSON.parse(payload).detail],
    [413, "the batch: expected at most 100 events, found 101"],
  );
});

test("nothing, and what is no CloudEvent, is refused with the member at fault", async () => {
  await using machine = await startMachine();
  const nothing = await machine.app.inject({ method: "POST", url: "/" });
  assert.deepEqual(
    [nothing.statusCode, nothing.json().detail],
    [400, "the body: expected a CloudEvent, found nothing"],
  );
  const other = await machine.app.inject({ method: "POST", url: "/", payload: { hello: "world" } });
  const { member, expected, found } = other.json();
  assert.deepEqual([other.statusCode, member, expected, found], [400, "specversion", '"1.0" or "0.3"', "nothing"]);
});

test("who prefers not to wait is answered as soon as the event is durable", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK], decides: false });
  const { statusCode, headers, payload } = await machine.app.inject({
    method: "POST",
    url: "/",
    headers: { prefer: "respond-async" },
    payload: eventFor("some-instance"),
  });
  assert.deepEqual(
    [statusCode, headers["preference-applied"], JSON.parse(payload)],
    [202, "respond-async", { source: "", id: "e1" }],
  );
});

test("a path that is neither a workflow nor a channel is no route", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const { statusCode, payload } = await machine.app.inject({
    method: "POST",
    url: "/events/out",
    payload: eventFor("i"),
  });
  assert.deepEqual(
    [statusCode, JSON.parse(payload).detail],
    [404, "expected a route of the gateway, found POST /events/out"],
  );
});

const BARE = {
  "bare.sw.json": JSON.stringify({
    id: "bare",
    start: "begin",
    events: [{ name: "placed", type: "order.placed", source: "" }],
    states: [{ name: "begin", type: "event", onEvents: [{ eventRefs: ["placed"], actions: [] }], end: true }],
  }),
  "application.properties": [
    "kogito.messaging.as-cloudevents=false",
    "mp.messaging.incoming.order.placed.connector=quarkus-http",
    "mp.messaging.incoming.order.placed.path=/orders/in",
    "mp.messaging.incoming.order.placed.method=PUT",
  ].join("\n"),
};

test("data alone starts what its channel's type starts, by the channel's method only", async () => {
  await using machine = await startMachine({ workflows: [BARE] });
  const request = { url: "/orders/in", headers: { "idempotency-key": "k-1" }, payload: { order: 7 } };
  const { statusCode, payload } = await machine.app.inject({ method: "PUT", ...request });
  const { instance, ...fate } = JSON.parse(payload);
  assert.deepEqual([statusCode, fate], [202, { source: "/orders/in", id: "k-1", disposition: "started" }]);
  assert.equal(typeof instance, "string");
  const again = await machine.app.inject({ method: "PUT", ...request });
  assert.equal(JSON.parse(again.payload).disposition, "duplicate");
  assert.equal((await machine.app.inject({ method: "POST", ...request })).statusCode, 404);
});

test("a CloudEvent in binary mode is one even where a channel carries data alone", async () => {
  await using machine = await startMachine({ workflows: [BARE] });
  const headers = { "ce-specversion": "1.0", "ce-id": "e-1", "ce-source": "/s", "ce-type": "other" };
  const { payload } = await machine.app.inject({ method: "PUT", url: "/orders/in", headers, payload: {} });
  assert.equal(JSON.parse(payload).reason, 'no workflow consumes events of type "other"');
});

test("an event of version 0.3 is taken in every mode", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const { specversion: _, data, ...event } = eventFor("nobody");
  const bytes = Buffer.from(JSON.stringify(data)).toString("base64");
  const structured = { ...event, specversion: "0.3", datacontentencoding: "base64", data: bytes };
  const headers = { "ce-specversion": "0.3", "ce-id": "e2", "ce-source": "/s", "ce-type": "wait" };
  const batch = { "content-type": "application/cloudevents-batch+json" };
  for (const request of [
    { payload: structured },
    { payload: JSON.stringify([structured]), headers: batch },
    { payload: JSON.stringify(data), headers: { ...headers, "content-type": "application/json" } },
  ]) {
    const { statusCode } = await machine.app.inject({ method: "POST", url: "/", ...request });
    assert.equal(statusCode, 202);
  }
});

test("data of up to the limit of nesting is taken, and deeper is refused, in every mode and at a channel of data alone", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK, BARE] });
  const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
  const headers = { "ce-specversion": "1.0", "ce-id": "e2", "ce-source": "/s", "ce-type": "other" };
  const document = (levels: number) =>
    JSON.stringify(eventFor("nobody")).replace(/"data":\{[^}]*\}/, `"data":${nested(levels)}`);
  const batch = { "content-type": "application/cloudevents-batch+json" };
  const statuses = async (levels: number) => [
    (await machine.app.inject({ method: "POST", url: "/", payload: document(levels) })).statusCode,
    (await machine.app.inject({ method: "POST", url: "/", payload: `[${document(levels)}]`, headers: batch }))
      .statusCode,
    (await machine.app.inject({ method: "POST", url: "/", payload: nested(levels), headers })).statusCode,
    (await machine.app.inject({ method: "PUT", url: "/orders/in", payload: nested(levels) })).statusCode,
  ];
  assert.deepEqual(await statuses(DATA_DEPTH_MAX), [202, 202, 202, 202]);
  assert.deepEqual(await statuses(DATA_DEPTH_MAX + 1), [400, 400, 400, 400]);
});

test("text that is not well-formed is refused in attributes and data, with its place", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const refused = async (event: object) => {
    const { statusCode, payload } = await machine.app.inject({
      method: "POST",
      url: "/",
      payload: JSON.stringify(event),
    });
    return [statusCode, JSON.parse(payload).detail];
  };
  const found = 'expected well-formed text, found the lone surrogate "\\ud800"';
  assert.deepEqual(await refused(eventFor("i", { id: "e\ud800" })), [400, `attribute "id": ${found}`]);
  assert.deepEqual(await refused(eventFor("i", { data: { a: ["\ud800"] } })), [400, `attribute "data/a/0": ${found}`]);
});

test("bytes that are no UTF-8 are no text: an event has them as they came, and a document of an event is refused", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const post = (payload: Buffer, headers: Record<string, string>) =>
    machine.app.inject({ method: "POST", url: "/", payload, headers });
  const bytes = Buffer.from([0x22, 0xff, 0x22]);
  const binary = { "ce-specversion": "1.0", "ce-id": "b", "ce-source": "/s", "ce-type": "t" };
  assert.equal((await post(bytes, { ...binary, "content-type": "text/plain" })).statusCode, 202);
  const read = [0, 1].map((partition) => machine.ports.log.read(topics.deadLetters, partition, 0, 10));
  const [letter] = (await Promise.all(read)).flatMap(({ records }) => records);
  const { event } = JSON.parse(letter?.value ?? "");
  assert.deepEqual([event.data_base64, event.data], [bytes.toString("base64"), undefined]);
  const document = await post(bytes, { "content-type": "application/cloudevents+json" });
  const detail = "the body: expected a CloudEvent in UTF-8, found other bytes";
  assert.deepEqual([document.statusCode, document.json().detail], [400, detail]);
});
