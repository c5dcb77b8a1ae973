import type { Json } from "@antiphon/protocol";

/** Files that the documents below refer to. */
export const FILES: Readonly<Record<string, string>> = {
  "specs/orders.yaml": `openapi: 3.1.0
info: { title: Orders, version: 1.0.0 }
servers: [{ url: "http://localhost:8080" }]
paths:
  /orders/{id}:
    post:
      operationId: order
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { "200": { description: done } }`,
  "functions/math.ts": "export async function add() {}",
};

const end = {
  terminate: true,
  produceEvents: [{ eventRef: "shipped", data: "${ .order }", contextAttributes: { a: ".id" } }],
};

const onErrors = [
  { errorRef: "late", transition: { nextState: "done", produceEvents: [{ eventRef: "shipped" }] } },
  { errorRefs: ["broken", "other"], end: true },
];

const names = {
  functions: [
    { name: "log", type: "custom", operation: "sysout:INFO", metadata: { shown: true } },
    { name: "post", type: "custom", operation: "rest:post:http://localhost/orders/{id}", authRef: "who" },
    { name: "order", operation: "orders#order" },
    { name: "total", type: "expression", operation: ".items | length" },
  ],
  events: [
    { name: "paid", type: "order.paid", source: "shop", kind: "consumed", dataOnly: false, metadata: { a: "b" } },
    {
      name: "keyed",
      type: "order.keyed",
      correlation: [{ contextAttributeName: "orderid", contextAttributeValue: ".id" }],
    },
    { name: "shipped", type: "order.shipped", kind: "produced" },
  ],
  errors: [
    { name: "late", code: "TimedOut", description: "too late" },
    { name: "broken", code: "HTTP:500" },
    { name: "other" },
  ],
};

/** Definitions that together have every member of the language. All of them are good. */
export const DOCUMENTS: readonly Json[] = [
  {
    id: "document",
    key: "shop",
    name: "The document",
    description: "Everything at its top",
    version: "1.0",
    specVersion: "0.8",
    annotations: ["one", "two"],
    expressionLang: "jq",
    keepActive: true,
    autoRetries: true,
    metadata: { anything: { goes: 1 } },
    constants: { pi: 3.14 },
    secrets: ["vault"],
    dataInputSchema: { schema: { type: "object" }, failOnValidationErrors: false },
    extensions: [
      { extensionid: "workflow-output-schema", outputSchema: { schema: { type: "object" } } },
      { extensionid: "workflow-uri-definitions", definitions: { orders: "specs/orders.yaml" } },
      { extensionid: "workflow-function-namespaces", namespaces: ["math"] },
    ],
    start: {
      stateName: "work",
      schedule: { cron: { expression: "0 9 * * MON", validUntil: "2027-01-01T00:00:00Z" }, timezone: "Europe/Berlin" },
    },
    timeouts: {
      workflowExecTimeout: { duration: "PT1H", interrupt: false, runBefore: "done" },
      stateExecTimeout: { total: "PT30M", single: "PT10M" },
      actionExecTimeout: "PT10S",
      branchExecTimeout: "PT1M",
      eventTimeout: "PT5M",
    },
    retries: [
      {
        name: "patient",
        delay: "PT1S",
        maxDelay: "PT1M",
        increment: "PT1S",
        multiplier: 1.5,
        maxAttempts: 3,
        jitter: 0.1,
      },
      { name: "other", maxAttempts: "${ .tries }", jitter: "PT1S" },
    ],
    auth: [
      { name: "who", scheme: "basic", properties: { username: "me", password: "$SECRET.vault", metadata: { a: "b" } } },
      { name: "bearer", scheme: "bearer", properties: { token: "t" } },
      {
        name: "oauth2",
        scheme: "oauth2",
        properties: {
          authority: "https://example.com/token",
          grantType: "password",
          clientId: "c",
          clientSecret: "s",
          scopes: ["read"],
          username: "me",
          password: "p",
          audiences: ["a"],
          subjectToken: "t",
          requestedSubject: "s",
          requestedIssuer: "i",
        },
      },
      { name: "secret", properties: "$SECRET.vault" },
    ],
    ...names,
    states: [
      {
        id: "1",
        name: "work",
        type: "operation",
        actionMode: "parallel",
        stateDataFilter: { input: ".", output: "${ . }" },
        metadata: { errorMessage: "none" },
        timeouts: { stateExecTimeout: "PT1M", actionExecTimeout: "PT1S" },
        compensatedBy: "undo",
        actions: [
          {
            id: "1",
            name: "order",
            functionRef: { refName: "order", arguments: { id: ".id", deep: [{ a: "${ .b }" }] }, invoke: "async" },
            sleep: { before: "PT1S", after: "${ .pause }" },
            retryRef: "patient",
            retryableErrors: ["broken"],
            nonRetryableErrors: ["late"],
            condition: ".id != null",
            actionDataFilter: { fromStateData: ".", useResults: true, results: ".a", toStateData: ".b" },
          },
          { functionRef: "total" },
          { functionRef: { refName: "math:add", selectionSet: "{ id }" } },
          { functionRef: { refName: "log", arguments: { message: "hello" } } },
          {
            eventRef: {
              triggerEventRef: "shipped",
              resultEventRef: "paid",
              resultEventTimeout: "PT1M",
              data: { a: ".b" },
              contextAttributes: { c: "d" },
              invoke: "sync",
            },
          },
          { subFlowRef: { workflowId: "other", version: "2", invoke: "async", onParentComplete: "continue" } },
          { subFlowRef: "other" },
        ],
        onErrors,
        transition: { nextState: "done", produceEvents: [{ eventRef: "shipped", data: { a: 1 } }], compensate: true },
      },
      {
        name: "done",
        type: "inject",
        data: { a: 1 },
        end: {
          compensate: true,
          continueAs: {
            workflowId: "other",
            version: "1",
            data: { a: ".b" },
            workflowExecTimeout: { duration: "PT1H" },
          },
        },
      },
      { name: "undo", type: "operation", actions: [], usedForCompensation: true, transition: "undoMore" },
      { name: "undoMore", type: "sleep", duration: "PT1S", usedForCompensation: true },
    ],
  },
  {
    id: "states",
    ...names,
    functions: names.functions.map(({ authRef: _, ...one }) => one).filter(({ name }) => name !== "order"),
    start: "wait",
    states: [
      {
        name: "wait",
        type: "callback",
        action: { name: "ask", functionRef: { refName: "post", arguments: "${ {id: .id} }" } },
        eventRef: "keyed",
        eventDataFilter: { useData: true, data: ".a", toStateData: ".b" },
        timeouts: { eventTimeout: "PT1H", stateExecTimeout: { total: "PT2H" }, actionExecTimeout: "PT1S" },
        onErrors,
        transition: "either",
      },
      {
        name: "either",
        type: "event",
        exclusive: false,
        onEvents: [
          {
            eventRefs: ["paid", "keyed"],
            actionMode: "parallel",
            actions: [{ functionRef: "total" }],
            eventDataFilter: {},
          },
        ],
        timeouts: { eventTimeout: "${ .time }" },
        transition: "choose",
      },
      {
        name: "choose",
        type: "switch",
        dataConditions: [
          { name: "large", condition: ".total > 10", transition: "fork", metadata: { a: "b" } },
          { condition: "fn:total", end },
        ],
        defaultCondition: { transition: { nextState: "wake" } },
      },
      {
        name: "wake",
        type: "switch",
        eventConditions: [
          { name: "paid", eventRef: "paid", eventDataFilter: { data: ".a" }, transition: "fork", metadata: {} },
          { eventRef: "keyed", end: true },
        ],
        timeouts: { eventTimeout: "PT1M" },
        defaultCondition: { end: { terminate: false } },
      },
      {
        name: "fork",
        type: "parallel",
        completionType: "atLeast",
        numCompleted: 1,
        branches: [
          {
            name: "one",
            actions: [{ functionRef: "total" }],
            timeouts: { actionExecTimeout: "PT1S", branchExecTimeout: "PT1M" },
          },
          { name: "two", actions: [{ subFlowRef: "other" }] },
        ],
        timeouts: { stateExecTimeout: "PT1H", branchExecTimeout: "PT1M" },
        transition: "each",
      },
      {
        name: "each",
        type: "foreach",
        inputCollection: "${ .items }",
        outputCollection: ".results",
        iterationParam: "item",
        batchSize: 2,
        mode: "sequential",
        actions: [{ functionRef: { refName: "log", arguments: { message: "$item" } } }],
        end,
      },
      { name: "done", type: "inject", data: {}, end: true },
    ],
  },
];
