import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { topics } from "@antiphon/protocol";
import { type Machine, startMachine } from "../testing/start-machine.ts";
import { BY_EVENT, CALLBACK, FAILING, GREET, STEPS, VARIABLE } from "../testing/workflows.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function post({ app }: Machine, url: string, payload?: string, headers: Record<string, string> = {}) {
  return app.inject({ method: "POST", url, ...(payload !== undefined && { payload }), headers });
}

test("a workflow that ends at once is answered with 201, its id, its place and its data, numbers as they were sent", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const body = '{"name":"Ada","amount":68.0,"big":12345678901234567890}';
  const { statusCode, headers, payload } = await post(machine, "/greet", body, { host: "example.org" });
  const { id } = JSON.parse(payload);
  assert.match(id, UUID);
  assert.deepEqual(
    [statusCode, headers.location, headers["content-type"], payload],
    [
      201,
      `http://example.org/greet/${id}`,
      "application/json; charset=utf-8",
      `{"id":"${id}","workflowdata":{"name":"Ada","amount":68.0,"big":12345678901234567890,"greeting":"hello"}}`,
    ],
  );
});

test("the place of an instance is told under the public URL, if there is one", async () => {
  await using machine = await startMachine({ workflows: [GREET], config: { publicUrl: "https://flows.example/" } });
  const { headers, payload } = await post(machine, "/greet", "{}");
  assert.equal(headers.location, `https://flows.example/greet/${JSON.parse(payload).id}`);
});

for (const [what, body, data] of [
  ["no body", undefined, {}],
  ["an empty object", "{}", {}],
  ["an empty text for the data", '{"workflowdata":""}', {}],
  ["nothing for the data", '{"workflowdata":null}', {}],
  ["the data itself", '{"a":1}', { a: 1 }],
  ["data beside other members", '{"workflowdata":{"a":1},"other":2}', { a: 1 }],
] as const) {
  test(`a start with ${what} is a start with ${JSON.stringify(data)}`, async () => {
    await using machine = await startMachine({ workflows: [GREET] });
    const { payload } = await post(machine, "/greet", body);
    assert.deepEqual(JSON.parse(payload).workflowdata, { ...data, greeting: "hello" });
  });
}

test("a body that is an array is refused with what was expected", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const { statusCode, headers, payload } = await post(machine, "/greet", "[1]");
  assert.equal(statusCode, 400);
  assert.equal(headers["content-type"], "application/problem+json; charset=utf-8");
  assert.deepEqual(JSON.parse(payload), {
    type: "urn:antiphon:problem:unusable-body",
    title: "Unusable body",
    status: 400,
    detail: "the body: expected an object, found an array",
    message: "the body: expected an object, found an array",
  });
});

test("a body that is no JSON is refused with the place of the error", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const { statusCode, payload } = await post(machine, "/greet", '{"a": 1,\n "b": x}');
  const { line, column, offset } = JSON.parse(payload);
  assert.deepEqual([statusCode, line, column, offset], [400, 2, 7, 15]);
});

test("bytes that are not UTF-8 are refused", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const { statusCode, payload } = await machine.app.inject({
    method: "POST",
    url: "/greet",
    payload: Buffer.from([0x7b, 0xff, 0x7d]),
  });
  assert.deepEqual([statusCode, JSON.parse(payload).detail], [400, "the body: expected UTF-8, found other bytes"]);
});

test("a body in a content encoding is refused with those that are taken", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const start = (encoding: string, payload: Buffer) =>
    machine.app.inject({ method: "POST", url: "/greet", headers: { "content-encoding": encoding }, payload });
  const { statusCode, headers, payload } = await start("gzip", gzipSync("{}"));
  const detail = 'the body: expected no content encoding, or identity, found "gzip"';
  assert.deepEqual([statusCode, headers["accept-encoding"], JSON.parse(payload).detail], [415, "identity", detail]);
  assert.equal((await start("identity, br", Buffer.from("{}"))).statusCode, 415);
  assert.equal((await start("Identity", Buffer.from("{}"))).statusCode, 201);
});

test("a body over the limit is refused with the limit and what was found", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const { statusCode, payload } = await post(machine, "/greet", `{"a":"${"x".repeat(1_048_576)}"}`);
  assert.equal(statusCode, 413);
  assert.equal(JSON.parse(payload).detail, "the body: expected at most 1048576 bytes, found 1048584");
});

test("an unknown workflow is answered with those that exist and the one that was perhaps meant", async () => {
  await using machine = await startMachine({ workflows: [GREET, CALLBACK] });
  const { statusCode, payload } = await post(machine, "/gret", "{}");
  const detail = 'workflow: expected one of callback, greet, found "gret"; did you mean "greet"?';
  assert.deepEqual(
    [statusCode, JSON.parse(payload)],
    [
      404,
      {
        type: "urn:antiphon:problem:no-such-workflow",
        title: "No such workflow",
        status: 404,
        detail,
        message: detail,
        workflows: ["callback", "greet"],
        suggestion: "greet",
      },
    ],
  );
});

test("a workflow that events start cannot be started by a request", async () => {
  await using machine = await startMachine({ workflows: [BY_EVENT] });
  const { statusCode, headers, payload } = await post(machine, "/by-event", "{}");
  const detail = 'workflow "by-event" is started by events alone: of type order.placed';
  assert.deepEqual([statusCode, headers.allow, JSON.parse(payload).detail], [405, "GET", detail]);
});

test("an instance that fails on its way is answered with 400, its id and its error", async () => {
  await using machine = await startMachine({ workflows: [FAILING] });
  const { statusCode, payload } = await post(machine, "/failing", '{"problem":"no credit"}');
  const { id, ...rest } = JSON.parse(payload);
  assert.match(id, UUID);
  assert.deepEqual(
    [statusCode, rest],
    [
      400,
      {
        type: "urn:antiphon:problem:instance-failed",
        title: "Instance failed",
        status: 400,
        detail: "no credit",
        message: "no credit",
        failedNodeId: "fail",
        where: 'state "fail"',
        errorCode: "error-message",
      },
    ],
  );
});

test("members beside the data are what expressions may name", async () => {
  await using machine = await startMachine({ workflows: [VARIABLE] });
  const { statusCode, payload } = await post(machine, "/variable", '{"workflowdata":{"a":1},"limit":68.0,"who":"Ada"}');
  const { id } = JSON.parse(payload);
  assert.deepEqual([statusCode, payload], [201, `{"id":"${id}","workflowdata":{"a":1,"limit":68.0,"who":"Ada"}}`]);
});

test("an instance starts in the state that a header names", async () => {
  await using machine = await startMachine({ workflows: [STEPS] });
  const { statusCode, payload } = await post(machine, "/steps", "{}", { "X-KOGITO-StartFromNode": "after" });
  const { id } = JSON.parse(payload);
  assert.deepEqual([statusCode, payload], [201, `{"id":"${id}","workflowdata":{"after":true}}`]);
});

test("a start from a state that there is not is refused with those that there are", async () => {
  await using machine = await startMachine({ workflows: [STEPS] });
  const { statusCode, payload } = await post(machine, "/steps", "{}", { "X-KOGITO-StartFromNode": "asks" });
  const detail =
    'header X-KOGITO-StartFromNode: expected the name of a state, one of "ask", "after", "wait again", found "asks"; ' +
    'did you mean "ask"?';
  assert.deepEqual(
    [statusCode, JSON.parse(payload)],
    [
      400,
      {
        type: "urn:antiphon:problem:no-such-state",
        title: "No such state",
        status: 400,
        detail,
        message: detail,
        states: ["ask", "after", "wait again"],
        suggestion: "ask",
      },
    ],
  );
});

test("who prefers not to wait is answered with 202 and the id once the order is durable", async () => {
  await using machine = await startMachine({ workflows: [GREET], decides: false });
  const { statusCode, headers, payload } = await post(machine, "/greet?businessKey=K1", '{"a":1}', {
    prefer: "respond-async",
    host: "example.org",
    authorization: "Bearer of secrets",
    "X-Trace": "t1",
    "X-KOGITO-ReferenceId": "ref-1",
  });
  const { id } = JSON.parse(payload);
  assert.deepEqual(
    [statusCode, headers["preference-applied"], headers.location, payload],
    [202, "respond-async", `http://example.org/greet/${id}`, `{"id":"${id}"}`],
  );
  const batches = [0, 1].map((partition) => machine.ports.log.read(topics.commands, partition, 0, 10));
  const [record, ...more] = (await Promise.all(batches)).flatMap(({ records }) => records);
  const { headers: kept, definition, ...command } = JSON.parse(record?.value ?? "null");
  assert.deepEqual(more, []);
  assert.equal(definition, machine.ports.definitions.current("greet")?.hash);
  assert.deepEqual(command, {
    type: "StartInstance",
    instance: id,
    workflow: "greet",
    data: { a: 1 },
    businessKey: "K1",
    referenceId: "ref-1",
  });
  assert.deepEqual(kept, {
    prefer: "respond-async",
    host: "example.org",
    "x-trace": "t1",
    "x-kogito-referenceid": "ref-1",
    "user-agent": "lightMyRequest",
  });
});

test("a start that nobody decides on in time is answered with 504, its id, and where to look", async () => {
  await using machine = await startMachine({ workflows: [GREET], decides: false, config: { replyTimeoutMs: 100 } });
  const { statusCode, payload } = await post(machine, "/greet", "{}");
  const { id, detail } = JSON.parse(payload);
  assert.deepEqual(
    [statusCode, detail],
    [504, `no answer in time; the instance may have started: /v1/instances/${id} shows it`],
  );
});
