import assert from "node:assert/strict";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { parse } from "yaml";
import { type Machine, startMachine } from "../testing/start-machine.ts";
import { BY_EVENT, CALLBACK, GREET, STEPS } from "../testing/workflows.ts";

/** Has a schema for what it takes and for what it comes to, which refers to a part of itself and to itself. */
const ORDER = {
  "order.sw.json": JSON.stringify({
    id: "order(v1)",
    name: "Order",
    start: "end",
    dataInputSchema: "schemas/order.json",
    extensions: [{ extensionid: "workflow-output-schema", outputSchema: "schemas/order.json" }],
    states: [{ name: "end", type: "inject", data: {}, end: true }],
  }),
  "schemas/order.json": JSON.stringify({
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "https://acme.com/order",
    title: "An order",
    type: "object",
    required: ["to"],
    properties: {
      to: { $ref: "#/definitions/address" },
      parts: { type: "array", items: { $ref: "#" } },
    },
    definitions: { address: { type: "object", properties: { street: { type: "string" } } } },
  }),
};

async function document(machine: Machine, url = "/q/openapi?format=json") {
  const { statusCode, headers, payload } = await machine.app.inject({ url, headers: { host: "example.org" } });
  assert.deepEqual([statusCode, headers["content-type"]], [200, "application/json; charset=utf-8"]);
  return JSON.parse(payload);
}

test("the document is valid by the schema of OpenAPI 3.1, whatever is deployed", async () => {
  for (const workflows of [[], [GREET, CALLBACK, BY_EVENT, STEPS, ORDER]]) {
    await using machine = await startMachine({ workflows });
    const { valid, errors } = await new Validator().validate(await document(machine));
    assert.deepEqual([valid, errors], [true, undefined]);
  }
});

test("every reference of the document leads somewhere in it", async () => {
  await using machine = await startMachine({ workflows: [GREET, ORDER] });
  const all = await document(machine);
  const broken: string[] = [];
  JSON.stringify(all, (key, value) => {
    if (key === "$ref" && resolve(all, value) === undefined) broken.push(value);
    return value;
  });
  assert.deepEqual(broken, []);
});

function resolve(within: unknown, reference: string): unknown {
  const steps = reference.split("/").slice(1);
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], within);
}

test("the document has the operations of each workflow and of the gateway, each once", async () => {
  await using machine = await startMachine({ workflows: [GREET, BY_EVENT] });
  const { paths, tags, servers } = await document(machine);
  const operations = Object.entries<Record<string, { operationId: string; tags: readonly string[] }>>(paths).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, one]) => `${one.tags[0]}: ${method} ${path} ${one.operationId}`),
  );
  assert.deepEqual(
    operations.filter((one) => one.startsWith("Process - ")),
    [
      "Process - by-event: get /by-event getAllProcessInstances_by-event",
      "Process - by-event: get /by-event/schema getResourceSchema_by-event",
      "Process - by-event: get /by-event/{id} getProcessInstance_by-event",
      "Process - by-event: put /by-event/{id} updateProcessInstance_by-event",
      "Process - by-event: patch /by-event/{id} patchProcessInstance_by-event",
      "Process - by-event: delete /by-event/{id} deleteProcessInstance_by-event",
      "Process - by-event: get /by-event/{id}/tasks getTasks_by-event",
      "Process - greet: post /greet createProcessInstance_greet",
      "Process - greet: get /greet getAllProcessInstances_greet",
      "Process - greet: get /greet/schema getResourceSchema_greet",
      "Process - greet: get /greet/{id} getProcessInstance_greet",
      "Process - greet: put /greet/{id} updateProcessInstance_greet",
      "Process - greet: patch /greet/{id} patchProcessInstance_greet",
      "Process - greet: delete /greet/{id} deleteProcessInstance_greet",
      "Process - greet: get /greet/{id}/tasks getTasks_greet",
    ],
  );
  const ids = operations.map((one) => one.split(" ").at(-1));
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(servers, [{ url: "http://example.org" }]);
  assert.deepEqual(tags, [
    { name: "Process - by-event", description: "by-event" },
    { name: "Process - greet", description: "greet" },
    ...["Events", "Instances", "Definitions", "Process Management", "Observation"].map((name) => ({ name })),
  ]);
});

test("every operation of the document is one that the gateway has", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const { paths } = await document(machine);
  const missing: string[] = [];
  for (const [path, methods] of Object.entries<object>(paths)) {
    for (const method of Object.keys(methods) as ("GET" | "PUT")[]) {
      const url = path.replace(/\{\w+\}/g, "x");
      // Nothing keeps the views here.
      const headers = { "cache-control": "max-stale" };
      const { statusCode, payload } = await machine.app.inject({ method, url, payload: "{}", headers });
      if (statusCode === 404 && JSON.parse(payload).title === "No such route") missing.push(`${method} ${path}`);
    }
  }
  assert.deepEqual(missing, []);
});

test("the parameters of lists, and of what is done to what they list, are those that the gateway reads", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const { paths } = await document(machine);
  const calls = [
    ["get", "/v1/instances"],
    ["get", "/v1/waits"],
    ["get", "/v1/events"],
    ["get", "/v1/dead-letters"],
    ["post", "/v1/dead-letters/redrive"],
    ["get", "/v1/audit"],
  ] as const;
  for (const [method, path] of calls) {
    const { parameters = [] } = paths[path][method] as { parameters?: readonly { name: string; in: string }[] };
    const names = parameters.filter((one) => one.in === "query").map(({ name }) => name);
    const answer = await machine.app.inject({ method: method === "get" ? "GET" : "POST", url: `${path}?nonsense=1` });
    const expected = names.length === 0 ? "no parameter" : `one of ${names.join(", ")}`;
    assert.deepEqual([answer.statusCode, answer.json().expected], [400, expected], path);
  }
});

test("channels of workflows are among the paths that take events", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const { paths } = await document(machine);
  const { operationId, tags, requestBody } = paths["/wait"].post;
  assert.deepEqual(
    [operationId, tags, Object.keys(requestBody.content)],
    [
      "receiveEvents_POST_20_2fwait",
      ["Events"],
      ["application/cloudevents+json", "application/cloudevents-batch+json", "*/*"],
    ],
  );
});

test("a workflow's schemas are components, and what they refer to is found there", async () => {
  await using machine = await startMachine({ workflows: [ORDER] });
  const { components, paths } = await document(machine);
  const schema = (at: string) => ({
    title: "An order",
    type: "object",
    required: ["to"],
    properties: {
      to: { $ref: `#/components/schemas/${at}/definitions/1` },
      parts: { type: "array", items: { $ref: `#/components/schemas/${at}` } },
    },
    definitions: { 1: { type: "object", properties: { street: { type: "string" } } } },
  });
  assert.deepEqual(components.schemas["An_order"], schema("An_order"));
  assert.deepEqual(components.schemas["order_28v1_29_output"], {
    title: "Order Output",
    type: "object",
    required: ["id", "workflowdata"],
    properties: {
      id: { type: "string" },
      workflowdata: { anyOf: [{ $ref: "#/components/schemas/order_28v1_29_output/$defs/data" }, {}] },
    },
    $defs: { data: schema("order_28v1_29_output/$defs/data") },
  });
  assert.deepEqual(paths["/order(v1)"].post.requestBody.content, {
    "application/json": {
      schema: {
        anyOf: [
          { $ref: "#/components/schemas/An_order" },
          {
            type: "object",
            required: ["workflowdata"],
            properties: { workflowdata: { $ref: "#/components/schemas/An_order" } },
          },
        ],
      },
    },
  });
});

test("schemas of one title are one component if they are the same, and else are called by their workflows", async () => {
  const taking = (id: string, type: string, title: string) =>
    JSON.stringify({
      ...JSON.parse(GREET),
      id,
      dataInputSchema: { schema: { title, type: "object", properties: { a: { type } } } },
    });
  const workflows = [
    taking("a", "string", "Expression Input"),
    taking("b", "string", "Expression Input"),
    taking("c", "number", "Expression Input"),
    taking("d", "number", " Größe "),
    GREET,
  ];
  await using machine = await startMachine({ workflows });
  const { components } = await document(machine);
  const inputs = Object.keys(components.schemas).filter((name) => /input|gr/i.test(name));
  assert.deepEqual(inputs.filter((name) => !name.endsWith("_output")).sort(), [
    "Expression_Input",
    "Gr_f6_dfe",
    "c_input",
    "greet_input",
  ]);
});

test("the document is YAML unless JSON is asked for", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const expected = await document(machine);
  const headers = { host: "example.org" };
  const yaml = await machine.app.inject({ url: "/q/openapi", headers });
  assert.deepEqual([yaml.statusCode, yaml.headers["content-type"]], [200, "application/yaml; charset=utf-8"]);
  assert.match(yaml.payload, /^openapi: 3\.1\.0\ninfo:\n {2}title: Antiphon\n/);
  assert.deepEqual(parse(yaml.payload), expected);
  const json = await machine.app.inject({ url: "/q/openapi", headers: { ...headers, accept: "application/json" } });
  assert.deepEqual(json.json(), expected);
  const wrong = await machine.app.inject({ url: "/q/openapi?format=xml" });
  const detail = 'parameter "format": expected json, yaml, JSON or YAML, found "xml"';
  assert.deepEqual([wrong.statusCode, wrong.json().detail], [400, detail]);
});
