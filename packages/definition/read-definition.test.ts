import assert from "node:assert/strict";
import { test } from "node:test";
import { exactNumber, formatJson } from "@antiphon/protocol";
import { durationMs, readDefinition } from "./index.ts";
import { definitionIn } from "./testing/read-text.ts";

const end = { kind: "end", terminate: false, produce: [] };

test("the least workflow has its defaults filled in", () => {
  assert.deepEqual(
    definitionIn('{"id":"least","start":"only","states":[{"name":"only","type":"inject","data":{},"end":true}]}'),
    {
      id: "least",
      version: "1.0",
      name: "least",
      start: "only",
      states: { only: { name: "only", onErrors: [], metadata: {}, type: "inject", data: {}, next: end } },
      events: {},
      functions: {},
      errors: {},
      retries: {},
      auth: {},
      secrets: [],
      constants: {},
      keepActive: false,
      annotations: [],
      metadata: {},
      workflows: [],
      properties: {},
      secretValues: {},
    },
  );
});

test("everything at the level of the document is read", () => {
  const definition = definitionIn(`
$schema: https://serverlessworkflow.io/schemas/0.8/workflow.json
id: full
key: shop
specVersion: "0.8"
version: 1.10
name: All of it
description: A workflow
expressionLang: jq
keepActive: "true"
annotations: [one, two]
metadata: { team: { name: orders }, tries: 3 }
x-owner: { anybody: may write here }
autoRetries: false
secrets: [vault, keys]
constants: { pi: 3.140, greeting: hello }
dataInputSchema: { schema: { type: object }, failOnValidationErrors: "false" }
start: { stateName: only }
states: [{ name: only, type: sleep, duration: P1D, end: true }]
`);
  const { states: _, ...document } = definition;
  assert.deepEqual(document, {
    id: "full",
    key: "shop",
    version: "1.10",
    name: "All of it",
    description: "A workflow",
    start: "only",
    events: {},
    functions: {},
    errors: {},
    retries: {},
    auth: {},
    secrets: ["vault", "keys"],
    constants: { pi: exactNumber("3.140"), greeting: "hello" },
    dataInputSchema: { schema: { type: "object" }, failOnValidationErrors: false },
    keepActive: true,
    annotations: ["one", "two"],
    metadata: { team: { name: "orders" }, tries: 3 },
    workflows: [],
    properties: {},
    secretValues: {},
  });
});

const EVENTS = `
events:
  - { name: ordered, type: order.placed, source: "", correlation: [{ contextAttributeName: orderid }] }
  - { name: paid, type: order.paid, kind: consumed, dataOnly: "false", metadata: { cardinality: all } }
  - { name: shipped, type: order.shipped, kind: produced, source: shop }
functions:
  - { name: log, type: custom, operation: "sysout:WARN", metadata: { shown: true } }
  - { name: post, type: custom, operation: "rest:post:http://localhost/orders/{id}" }
  - { name: total, type: expression, operation: ".items | map(.price) | add" }
errors: [{ name: timeout, code: TimedOut, description: too late }, { name: broken }]
`;

const ordered = {
  name: "ordered",
  type: "order.placed",
  kind: "consumed",
  dataOnly: true,
  correlation: [{ name: "orderid" }],
  metadata: {},
};
const paid = {
  name: "paid",
  type: "order.paid",
  kind: "consumed",
  dataOnly: false,
  correlation: [],
  metadata: { cardinality: "all" },
};
const shipped = {
  name: "shipped",
  type: "order.shipped",
  source: "shop",
  kind: "produced",
  dataOnly: true,
  correlation: [],
  metadata: {},
};
const log = { kind: "sysout", name: "log", metadata: { shown: true }, level: "warn" };
const post = { kind: "http", name: "post", metadata: {}, method: "POST", url: "http://localhost/orders/{id}" };
const total = { kind: "expression", name: "total", metadata: {}, expression: ".items | map(.price) | add" };

test("events, functions and errors are read by their names", () => {
  const { events, functions, errors } = definitionIn(
    `id: a\nstart: s\nstates: [{ name: s, type: inject, data: {}, end: true }]${EVENTS}`,
  );
  assert.deepEqual(
    { events, functions, errors },
    {
      events: { ordered, paid, shipped },
      functions: { log, post, total },
      errors: { timeout: { name: "timeout", code: "TimedOut" }, broken: { name: "broken" } },
    },
  );
});

/** The state of a workflow that has this one and another, `done`. */
function stateIn(state: string, more = ""): unknown {
  const text = `id: a\nstart: s\nstates:\n  - ${state}\n  - { name: done, type: inject, data: {}, end: true }${EVENTS}${more}`;
  return definitionIn(text).states.s;
}

const base = { name: "s", onErrors: [], metadata: {} };

test("an inject state keeps its data as it is, exact numbers too", () => {
  assert.deepEqual(
    stateIn(
      '{ name: s, type: inject, data: { a: 68.0, b: 12345678901234567890, c: [1, null, "fn:total"] }, transition: done }',
    ),
    {
      ...base,
      type: "inject",
      data: { a: exactNumber("68.0"), b: exactNumber("12345678901234567890"), c: [1, null, "fn:total"] },
      next: { kind: "transition", to: "done", produce: [] },
    },
  );
});

test("an operation state has its actions spelled out", () => {
  const state = stateIn(`name: s
    type: operation
    actionMode: sequential
    stateDataFilter: { input: "\${ .order }", output: . }
    metadata: { errorMessage: .error }
    actions:
      - functionRef: total
      - name: announce
        condition: .loud
        sleep: { before: PT1S, after: "$CONST.pause" }
        functionRef: { refName: log, invoke: sync, arguments: { message: "fn:total" } }
        actionDataFilter: { fromStateData: .a, useResults: "false", results: .b, toStateData: .c }
      - name: announce
        eventRef: { triggerEventRef: shipped, data: { sum: "\${ fn:total }" }, contextAttributes: { kogitoprocrefid: .id } }
    onErrors:
      - { errorRef: timeout, transition: done }
      - { errorRefs: [timeout, broken], end: { terminate: "true" } }
    end: { produceEvents: [{ eventRef: shipped }] }`);
  const timeout = { name: "timeout", code: "TimedOut" };
  assert.deepEqual(state, {
    ...base,
    type: "operation",
    actionMode: "sequential",
    input: "${ .order }",
    output: ".",
    metadata: { errorMessage: ".error" },
    actions: [
      { name: "1", call: { kind: "function", function: total }, useResults: true },
      {
        name: "announce",
        condition: ".loud",
        sleepBefore: "PT1S",
        sleepAfter: "$CONST.pause",
        call: { kind: "function", function: log, arguments: { message: total.expression } },
        useResults: false,
        fromStateData: ".a",
        results: ".b",
        toStateData: ".c",
      },
      {
        name: "3",
        call: {
          kind: "produce",
          produce: { event: shipped, data: { sum: total.expression }, contextAttributes: { kogitoprocrefid: ".id" } },
        },
        useResults: true,
      },
    ],
    onErrors: [
      { errors: [timeout], next: { kind: "transition", to: "done", produce: [] } },
      { errors: [timeout, { name: "broken" }], next: { kind: "end", terminate: true, produce: [] } },
    ],
    next: { kind: "end", terminate: false, produce: [{ event: shipped, contextAttributes: {} }] },
  });
});

test("a callback state knows its action, its event and its own timeout", () => {
  const state = stateIn(
    `name: s
    type: callback
    action: { name: ask, functionRef: { refName: post, arguments: .order } }
    eventRef: paid
    eventDataFilter: { data: .data, toStateData: .payment }
    timeouts: { eventTimeout: PT10M }
    transition: { nextState: done, produceEvents: [{ eventRef: shipped, data: .order }], compensate: false }`,
    "timeouts: { eventTimeout: PT1H }",
  );
  assert.deepEqual(state, {
    ...base,
    type: "callback",
    action: { name: "ask", call: { kind: "function", function: post, arguments: ".order" }, useResults: true },
    event: paid,
    eventFilter: { useData: true, data: ".data", toStateData: ".payment" },
    eventTimeout: "PT10M",
    next: { kind: "transition", to: "done", produce: [{ event: shipped, data: ".order", contextAttributes: {} }] },
  });
});

test("a callback state without an action and a timeout has the workflow's timeout", () => {
  assert.deepEqual(
    stateIn("{ name: s, type: callback, eventRef: paid, end: true }", "timeouts: { eventTimeout: PT1H }"),
    {
      ...base,
      type: "callback",
      event: paid,
      eventFilter: { useData: true },
      eventTimeout: "PT1H",
      next: end,
    },
  );
});

test("an event state names the actions of all its entries apart", () => {
  const state = stateIn(`name: s
    type: event
    exclusive: "false"
    onEvents:
      - { eventRefs: [ordered, paid], actions: [{ name: say, functionRef: total }], eventDataFilter: { useData: false } }
      - { eventRefs: [paid], actions: [{ name: say, functionRef: total }] }
    end: "true"`);
  const call = { kind: "function", function: total };
  assert.deepEqual(state, {
    ...base,
    type: "event",
    exclusive: false,
    onEvents: [
      {
        events: [ordered, paid],
        actionMode: "sequential",
        actions: [{ name: "say", call, useResults: true }],
        eventFilter: { useData: false },
      },
      {
        events: [paid],
        actionMode: "sequential",
        actions: [{ name: "2", call, useResults: true }],
        eventFilter: { useData: true },
      },
    ],
    next: end,
  });
});

test("a switch state has its conditions in their order", () => {
  const state = stateIn(`name: s
    type: switch
    dataConditions:
      - { name: rich, condition: "\${ .total > 100 }", transition: done, metadata: { any: thing } }
      - { condition: "fn:total", end: true }
    defaultCondition: { end: { terminate: true } }`);
  assert.deepEqual(state, {
    ...base,
    type: "switch",
    conditions: [
      { name: "rich", condition: "${ .total > 100 }", next: { kind: "transition", to: "done", produce: [] } },
      { condition: total.expression, next: end },
    ],
    otherwise: { kind: "end", terminate: true, produce: [] },
  });
});

test("a sleep state has a duration or an expression", () => {
  assert.deepEqual(stateIn("{ name: s, type: sleep, duration: PT0.5S, end: true }"), {
    ...base,
    type: "sleep",
    duration: "PT0.5S",
    next: end,
  });
  assert.deepEqual(stateIn('{ name: s, type: sleep, duration: "${ $CONST.pause }", end: true }'), {
    ...base,
    type: "sleep",
    duration: "${ $CONST.pause }",
    next: end,
  });
});

test("constants in a file may stand under their name, as lists do; written in the workflow they stand as they are", () => {
  const constantsIn = (constants: string, file: string) => {
    const text = `id: a\nstart: s\nconstants: ${constants}\nstates: [{ name: s, type: inject, data: {}, end: true }]`;
    const files = { "a.sw.yaml": text, "c.json": file };
    return readDefinition({ path: "a.sw.yaml", files }, {}).definition?.constants;
  };
  assert.deepEqual(constantsIn("c.json", '{"constants":{"wait":"PT1S"}}'), { wait: "PT1S" });
  assert.deepEqual(constantsIn("c.json", '{"constants":{"a":1},"b":2}'), { constants: { a: 1 }, b: 2 });
  assert.deepEqual(constantsIn("{ constants: { a: 1 } }", "{}"), { constants: { a: 1 } });
});

test("lists, constants and schemas may stand in files, beside the workflow, at the root or in the usual folders", () => {
  const path = "flows/orders.sw.json";
  const { definition } = readDefinition(
    {
      path,
      files: {
        [path]: JSON.stringify({
          id: "orders",
          start: "s",
          functions: "shared/functions.json",
          events: "classpath:/shared/events.yaml",
          errors: "file:///home/me/shop/src/main/resources/shared/errors.yml",
          constants: "../constants.json",
          timeouts: "timeouts.json",
          dataInputSchema: "input.json",
          states: [{ name: "s", type: "callback", action: { functionRef: "log2" }, eventRef: "paid", end: true }],
        }),
        "flows/shared/functions.json": '{"functions":[{"name":"log2","type":"expression","operation":"."}]}',
        "shared/functions.json": "[]",
        "shared/events.yaml": "- { name: paid, type: order.paid }",
        "shared/errors.yml": "errors: [{ name: late, code: TimedOut }]",
        "constants.json": '{"id":12345678901234567890}',
        "flows/timeouts.json": '{"eventTimeout":"PT5S"}',
        "schemas/input.json": '{"type":"object","properties":{"at":{"$ref":"point.json#/definitions/point"}}}',
        "schemas/point.json": '{"definitions":{"point":{"type":"string"}}}',
      },
    },
    {},
  );
  assert.deepEqual(Object.keys(definition?.functions ?? {}), ["log2"]);
  assert.deepEqual(Object.keys(definition?.events ?? {}), ["paid"]);
  assert.deepEqual(Object.keys(definition?.errors ?? {}), ["late"]);
  assert.equal(formatJson(definition?.constants ?? null), '{"id":12345678901234567890}');
  assert.deepEqual(definition?.dataInputSchema, {
    schema: {
      type: "object",
      properties: { at: { $ref: "#/definitions/1" } },
      definitions: { "1": { type: "string" } },
    },
    failOnValidationErrors: true,
  });
  const state = definition?.states.s;
  assert.equal(state?.type === "callback" && durationMs(state.eventTimeout ?? ""), 5000);
});

test("properties are filled from the environment, for the profile prod", () => {
  const { properties } = definitionIn("{ id: a, start: s, states: [{ name: s, type: inject, data: {}, end: true }] }", {
    files: { "application.properties": "url=http://${HOST:localhost}\n%dev.url=no\n%prod.port=1" },
    env: { HOST: "shop", ANTIPHON_SECRETS: "HOST" },
  });
  assert.deepEqual(properties, { url: "http://shop", port: "1" });
});

test("a name like that of a method of objects is a name like any other", () => {
  const definition = definitionIn(`
id: a
start: constructor
constants: { __proto__: { a: 1 } }
states:
  - { name: constructor, type: inject, data: {}, transition: __proto__ }
  - { name: __proto__, type: inject, data: {}, end: true }
`);
  assert.deepEqual(Object.keys(definition.states), ["constructor", "__proto__"]);
  assert.equal(JSON.stringify(definition.constants), '{"__proto__":{"a":1}}');
});

test("a workflow in JSONPath has its expressions in that language", () => {
  const text = (condition: string) => `id: a
start: s
expressionLang: jsonpath
states: [{ name: s, type: switch, dataConditions: [{ condition: ${JSON.stringify(condition)}, end: true }] }]`;
  const definition = definitionIn(text("$.items[?(@.price > 10)]"));
  assert.equal(definition.expressionLang, "jsonpath");
  const { problems } = readDefinition({ path: "a.sw.yaml", files: { "a.sw.yaml": text("${ $.items[?(] }") } }, {});
  assert.deepEqual(
    problems.map(({ pointer, expected }) => [pointer, expected]),
    [["/states/0/dataConditions/0/condition", "an expression"]],
  );
  assert.equal(definitionIn(text("$.a").replace("jsonpath", "jq").replace("$.a", ".a")).expressionLang, undefined);
});
