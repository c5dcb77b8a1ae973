import assert from "node:assert/strict";
import { test } from "node:test";
import { partitionOf } from "@antiphon/log";
import { FakeClock } from "@antiphon/processor/testing";
import { DATA_DEPTH_MAX, topics } from "@antiphon/protocol";
import { type Machine, startMachine } from "../testing/start-machine.ts";
import { viewEverything } from "../testing/view-everything.ts";
import { CALLBACK, COUNTING, GREET } from "../testing/workflows.ts";

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
  await viewEverything(machine.ports);
  const { statusCode, payload } = await machine.app.inject({ url: "/callback" });
  assert.deepEqual([statusCode, JSON.parse(payload)], [200, [{ id, workflowdata: { a: 1 } }]]);
  assert.equal((await machine.app.inject({ url: "/greet" })).payload, "[]");
  assert.equal((await machine.app.inject({ url: "/unknown" })).statusCode, 404);
});

test("as many instances are listed as the configuration says, those started last, and failed ones among them", async () => {
  const limited = { "counting.sw.json": COUNTING, "application.properties": "kogito.process.instances.limit=2" };
  const clock = new FakeClock(0);
  await using machine = await startMachine({ workflows: [limited], clock });
  const ids: string[] = [];
  for (const count of ["a", "b", "c"]) {
    clock.turn(1_000);
    ids.push((await machine.app.inject({ method: "POST", url: "/counting", payload: { count } })).json().id);
  }
  await viewEverything(machine.ports);
  const { statusCode, payload } = await machine.app.inject({ url: "/counting" });
  const expected = [
    { id: ids[2], workflowdata: { count: "c" } },
    { id: ids[1], workflowdata: { count: "b" } },
  ];
  assert.deepEqual([statusCode, JSON.parse(payload)], [200, expected]);
});

test("a browser is given a page of the instances", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const id = await started(machine, { name: "<Ada>" });
  await viewEverything(machine.ports);
  const accept = "text/html,application/xhtml+xml,*/*;q=0.8";
  const { statusCode, headers, payload } = await machine.app.inject({ url: "/callback", headers: { accept } });
  assert.deepEqual([statusCode, headers["content-type"]], [200, "text/html; charset=utf-8"]);
  assert.equal(
    payload,
    `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>callback</title></head><body>
<h1>callback</h1>
<p>Instances that have not ended: 1. <code>POST /callback</code> starts one;
<a href="/callback/schema">this</a> is what it takes.</p>
<table><tr><th>instance</th><th>status</th><th>data</th></tr>
<tr><td><a href="/callback/${id}">${id}</a></td><td>active</td><td><code>{&quot;name&quot;:&quot;&lt;Ada&gt;&quot;}</code></td></tr>
</table>
</body></html>
`,
  );
});

test("a path of the gateway's own that fits no route is none of a workflow's", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  for (const [method, url] of [
    ["GET", "/v1/unknown"],
    ["GET", "/q/unknown"],
    ["POST", "/management/unknown"],
    ["DELETE", "/management/processes/greet/unknown"],
    ["GET", "/messaging"],
  ] as const) {
    const { statusCode, payload } = await machine.app.inject({ method, url });
    const { title, detail } = JSON.parse(payload);
    const expected = `expected a route of the gateway, found ${method} ${url}`;
    assert.deepEqual([statusCode, title, detail], [404, "No such route", expected]);
  }
});

test("who looks for the console is told that it is not there yet", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const detail = "the console is not there yet; GET / names what there is to look at";
  const problem = {
    type: "urn:antiphon:problem:no-console",
    title: "No console",
    status: 404,
    detail,
    message: detail,
  };
  for (const url of ["/console", "/console/", "/console/instances"]) {
    const { statusCode, payload } = await machine.app.inject({ url });
    assert.deepEqual([statusCode, JSON.parse(payload)], [404, problem]);
  }
});

test("data that is nested too deeply or is not well-formed is refused wherever it comes in", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const nested = (levels: number): string => `{"ä":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
  const id = await started(machine, {});
  for (const [method, url, status] of [
    ["POST", "/callback", 201],
    ["PUT", `/callback/${id}`, 200],
    ["PATCH", `/callback/${id}`, 200],
  ] as const) {
    const said = async (payload: string) => {
      const answer = await machine.app.inject({
        method,
        url,
        payload,
        headers: { "content-type": "application/json" },
      });
      return [answer.statusCode, answer.json().detail];
    };
    const levels = `the body: expected at most ${DATA_DEPTH_MAX} levels of nesting, found more`;
    assert.deepEqual(await said(nested(DATA_DEPTH_MAX + 1)), [400, levels], method);
    const text = 'the body, /a/0: expected well-formed text, found the lone surrogate "\\ud800"';
    assert.deepEqual(await said('{"a":["\\ud800"]}'), [400, text], method);
    assert.equal((await said(nested(DATA_DEPTH_MAX)))[0], status, method);
  }
});
