import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@antiphon/processor/testing";
import { type Machine, startMachine } from "../testing/start-machine.ts";
import { CALLBACK, COUNTING, GREET, STEPS } from "../testing/workflows.ts";

type Method = "GET" | "POST" | "DELETE" | "PATCH";

async function call({ app }: Machine, method: Method, url: string, payload?: object) {
  const { statusCode, payload: text } = await app.inject({ method, url, ...(payload && { payload }) });
  return [statusCode, JSON.parse(text)] as const;
}

/** Starts an instance; answers with its id, also if it fails. */
async function started(machine: Machine, workflow: string, data: object = {}): Promise<string> {
  return (await call(machine, "POST", `/${workflow}`, data))[1].id;
}

const at = (workflow: string, id: string) => `/management/processes/${workflow}/instances/${id}`;

test("the workflows are listed by id, and each is told of", async () => {
  await using machine = await startMachine({ workflows: [GREET, STEPS] });
  assert.deepEqual(await call(machine, "GET", "/management/processes/"), [200, ["greet", "steps"]]);
  assert.deepEqual(await call(machine, "GET", "/management/processes/greet"), [
    200,
    { id: "greet", name: "greet", type: "SW", version: "1.0", annotations: [], metadata: {} },
  ]);
  assert.deepEqual(await call(machine, "GET", "/management/processes/steps"), [
    200,
    {
      id: "steps",
      name: "Steps",
      type: "SW",
      version: "3",
      description: "One after the other",
      annotations: ["a tag"],
      metadata: { owner: "us" },
      inputSchema: { type: "object" },
    },
  ]);
});

test("nodes are the states of a workflow, by name", async () => {
  await using machine = await startMachine({ workflows: [STEPS] });
  const node = (name: string, type: string, metadata: object) => {
    return { id: name, uniqueId: name, nodeDefinitionId: name, name, type, metadata };
  };
  assert.deepEqual(await call(machine, "GET", "/management/processes/steps/nodes"), [
    200,
    [node("ask", "callback", { color: "red" }), node("after", "inject", {}), node("wait again", "callback", {})],
  ]);
});

test("an unknown workflow and an unknown instance are not found", async () => {
  await using machine = await startMachine({ workflows: [GREET, CALLBACK] });
  for (const path of ["other", "other/nodes", "other/instances/i/error"]) {
    const [status, { title }] = await call(machine, "GET", `/management/processes/${path}`);
    assert.deepEqual([status, title], [404, "No such workflow"], path);
  }
  const id = await started(machine, "callback");
  for (const path of [at("callback", "none"), at("greet", id)]) {
    for (const [method, what] of [
      ["GET", "/error"],
      ["POST", "/retrigger"],
      ["POST", "/skip"],
      ["GET", "/nodeInstances"],
      ["GET", "/timers"],
      ["POST", "/nodes/ask"],
      ["POST", "/nodeInstances/1"],
      ["DELETE", "/nodeInstances/1"],
      ["GET", "/nodeInstances/1/timers"],
      ["PATCH", "/sla"],
      ["DELETE", ""],
    ] as const) {
      const [status, { title }] = await call(machine, method, `${path}${what}`);
      assert.deepEqual([status, title], [404, "No such instance"], `${method} ${path}${what}`);
    }
  }
});

const NOT_ADDED = 'function "increment": "{ count: (.count + 1) }": string ("x") and number (1) cannot be added';
const FAILED = {
  type: "urn:antiphon:problem:instance-failed",
  title: "Instance failed",
  status: 400,
  detail: NOT_ADDED,
  message: NOT_ADDED,
  failedNodeId: "count",
  where: 'state "count"',
  errorCode: "expression",
};

test("an instance that has failed tells where and why, and goes on once its data is mended", async () => {
  await using machine = await startMachine({ workflows: [COUNTING] });
  const [status, { id, ...failed }] = await call(machine, "POST", "/counting", { count: "x" });
  assert.deepEqual([status, failed], [400, FAILED]);
  const error = await call(machine, "GET", `${at("counting", id)}/error`);
  assert.deepEqual(error, [200, { id, failedNodeId: "count", message: NOT_ADDED }]);
  assert.deepEqual(await call(machine, "GET", `/counting/${id}`), [200, { id, workflowdata: { count: "x" } }]);
  assert.deepEqual(await call(machine, "POST", `${at("counting", id)}/retrigger`), [400, { ...FAILED, id }]);
  const mended = await call(machine, "PATCH", `/counting/${id}`, { count: 1 });
  assert.deepEqual(mended, [200, { id, workflowdata: { count: 1 } }]);
  assert.deepEqual(await call(machine, "PATCH", `/counting/${id}`, { count: 1 }), mended);
  const retriggered = await call(machine, "POST", `${at("counting", id)}/retrigger`);
  assert.deepEqual(retriggered, [200, { id, workflowdata: { count: 2 } }]);
  assert.equal((await call(machine, "GET", `/counting/${id}`))[0], 404);
});

test("what failed can be passed over", async () => {
  await using machine = await startMachine({ workflows: [COUNTING] });
  const id = await started(machine, "counting", { count: "x" });
  const skipped = await call(machine, "POST", `${at("counting", id)}/skip`);
  assert.deepEqual(skipped, [200, { id, workflowdata: { count: "x" } }]);
});

test("an instance that has failed can be given up, by either route", async () => {
  await using machine = await startMachine({ workflows: [COUNTING] });
  for (const path of [at("counting", ""), "/counting/"]) {
    const id = await started(machine, "counting", { count: "x" });
    const aborted = await call(machine, "DELETE", `${path}${id}`);
    assert.deepEqual(aborted, [200, { id, workflowdata: { count: "x" } }]);
    assert.equal((await call(machine, "GET", `/counting/${id}`))[0], 404);
  }
});

test("an instance that has not failed is neither tried again nor passed over", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const id = await started(machine, "callback");
  const detail = `instance ${id}: expected it to have failed, found it active`;
  for (const [method, what] of [
    ["GET", "error"],
    ["POST", "retrigger"],
    ["POST", "skip"],
  ] as const) {
    assert.deepEqual(await call(machine, method, `${at("callback", id)}/${what}`), [
      400,
      {
        type: "urn:antiphon:problem:instance-not-failed",
        title: "Instance not failed",
        status: 400,
        detail,
        message: detail,
        id,
        instanceStatus: "active",
      },
    ]);
  }
});

test("node instances are the visits of states, and their timers are told", async () => {
  const clock = new FakeClock(0);
  await using machine = await startMachine({ workflows: [STEPS], clock });
  const id = await started(machine, "steps");
  const visit = { id: "1", nodeId: "ask", name: "ask", type: "callback", status: "active" };
  assert.deepEqual(await call(machine, "GET", `${at("steps", id)}/nodeInstances`), [
    200,
    [{ ...visit, actions: [], waits: ["1.event"] }],
  ]);
  const timer = { timerId: "1.timeout", processId: "steps", processInstanceId: id, nodeInstanceId: "1" };
  const timers = [{ ...timer, dueAt: "1970-01-01T01:00:00.000Z" }];
  assert.deepEqual(await call(machine, "GET", `${at("steps", id)}/timers`), [200, timers]);
  assert.deepEqual(await call(machine, "GET", `${at("steps", id)}/nodeInstances/1/timers`), [200, timers]);
  const [status, { detail }] = await call(machine, "GET", `${at("steps", id)}/nodeInstances/2/timers`);
  const expected = `instance ${id}: expected a node instance that it is in, 1 (ask), found "2"`;
  assert.deepEqual([status, detail], [404, expected]);
});

test("a timer can be fired before its time", async () => {
  await using machine = await startMachine({ workflows: [STEPS] });
  const id = await started(machine, "steps");
  const timer = `/management/jobs/steps/instances/${id}/timers/1.timeout?limit=1`;
  assert.deepEqual(await call(machine, "POST", timer, { correlationId: "c" }), [
    200,
    { id, workflowdata: { after: true } },
  ]);
  const [status, { detail, timers }] = await call(machine, "POST", timer);
  assert.deepEqual(
    [status, detail, timers],
    [404, `instance ${id}: expected a timer that runs, found none "1.timeout"`, []],
  );
});

test("an instance can be moved to a state, and into the same state anew", async () => {
  await using machine = await startMachine({ workflows: [STEPS] });
  const id = await started(machine, "steps");
  const visits = async () => {
    const [, all] = await call(machine, "GET", `${at("steps", id)}/nodeInstances`);
    return all.map((one: { id: string; nodeId: string }) => [one.id, one.nodeId]);
  };
  assert.deepEqual(await call(machine, "POST", `${at("steps", id)}/nodes/after`), [
    200,
    { id, workflowdata: { after: true } },
  ]);
  assert.deepEqual(await visits(), [["3", "wait again"]]);
  assert.deepEqual(await call(machine, "POST", `${at("steps", id)}/nodeInstances/3`), [
    200,
    { id, workflowdata: { after: true } },
  ]);
  assert.deepEqual(await visits(), [["4", "wait again"]]);
  assert.equal((await call(machine, "POST", `${at("steps", id)}/nodeInstances/3`))[0], 404);
  const [status, { detail, states }] = await call(machine, "POST", `${at("steps", id)}/nodes/afte`);
  assert.deepEqual(
    [status, detail, states],
    [
      404,
      'node: expected the name of a state, one of "ask", "after", "wait again", found "afte"; did you mean "after"?',
      ["ask", "after", "wait again"],
    ],
  );
});

test("a node instance that is cancelled is left by its state's one transition, if it has one", async () => {
  await using machine = await startMachine({ workflows: [STEPS] });
  const id = await started(machine, "steps");
  assert.deepEqual(await call(machine, "DELETE", `${at("steps", id)}/nodeInstances/1`), [
    200,
    { id, workflowdata: { after: true } },
  ]);
  const [status, { title, detail }] = await call(machine, "DELETE", `${at("steps", id)}/nodeInstances/3`);
  const expected =
    `instance ${id}: expected a state with one transition to go on by, found "wait again", which has none; ` +
    "POST …/nodes/{node} moves the instance to a state, DELETE …/instances/{id} aborts it";
  assert.deepEqual([status, title, detail], [409, "No way on", expected]);
});

test("a node instance that failed is passed over when it is cancelled", async () => {
  await using machine = await startMachine({ workflows: [COUNTING] });
  const id = await started(machine, "counting", { count: "x" });
  const cancelled = await call(machine, "DELETE", `${at("counting", id)}/nodeInstances/1`);
  assert.deepEqual(cancelled, [200, { id, workflowdata: { count: "x" } }]);
});

test("there is no service level agreement to move, which is said", async () => {
  await using machine = await startMachine({ workflows: [STEPS] });
  const id = await started(machine, "steps");
  for (const path of ["sla", "nodeInstances/1/sla"]) {
    const [status, { title }] = await call(machine, "PATCH", `${at("steps", id)}/${path}`, {});
    assert.deepEqual([status, title], [501, "No service level agreement"]);
  }
});
