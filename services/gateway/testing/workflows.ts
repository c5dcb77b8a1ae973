/** Ends at once. */
export const GREET = JSON.stringify({
  id: "greet",
  start: "greet",
  states: [{ name: "greet", type: "inject", data: { greeting: "hello" }, end: true }],
});

/** Waits for an event of type `wait`, whose channel takes events at `/wait`. */
export const CALLBACK = {
  "callback.sw.json": JSON.stringify({
    id: "callback",
    start: "ask",
    events: [{ name: "answer", type: "wait", source: "" }],
    states: [{ name: "ask", type: "callback", eventRef: "answer", end: true }],
  }),
  "application.properties": [
    "mp.messaging.incoming.wait.connector=quarkus-http",
    "mp.messaging.incoming.wait.path=/wait",
    "mp.messaging.incoming.deep.path=/events/in/",
  ].join("\n"),
};

/** Asks a service whose document says how it answers. */
export const ORDER = {
  "order.sw.yaml": `
id: order
start: ask
events:
  - { name: answered, type: order.answered, source: "" }
functions:
  - { name: ask, operation: "specs/service.json#ask" }
states:
  - name: ask
    type: callback
    action: { name: ask, functionRef: { refName: ask, arguments: { amount: "\${ .amount }" } } }
    eventRef: answered
    end: true
`,
  "specs/service.json": JSON.stringify({
    openapi: "3.0.3",
    info: { title: "service", version: "1" },
    paths: {
      "/ask": {
        post: {
          operationId: "ask",
          requestBody: { content: { "application/json": { schema: { type: "object" } } } },
          responses: { 202: { description: "later" } },
          callbacks: {
            answer: {
              "{$request.body#/callbackUrl}": {
                post: {
                  requestBody: {
                    content: {
                      "application/json": {
                        schema: {
                          type: "object",
                          required: ["approved"],
                          properties: { approved: { type: "boolean" }, rate: { type: "number" } },
                        },
                      },
                    },
                  },
                  responses: { 200: { description: "taken" } },
                },
              },
            },
          },
        },
      },
    },
  }),
};

/** Started by events of type `order.placed` alone. */
export const BY_EVENT = JSON.stringify({
  id: "by-event",
  start: "begin",
  events: [{ name: "placed", type: "order.placed", source: "" }],
  states: [{ name: "begin", type: "event", onEvents: [{ eventRefs: ["placed"], actions: [] }], end: true }],
});

/** Fails as its data says. */
export const FAILING = JSON.stringify({
  id: "failing",
  start: "fail",
  states: [{ name: "fail", type: "inject", data: {}, end: true, metadata: { errorMessage: "${ .problem }" } }],
});

/** Has a schema for its input. */
export const CHECKED = JSON.stringify({
  id: "checked",
  start: "end",
  dataInputSchema: {
    schema: {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      required: ["name"],
      properties: { name: { type: "string" }, amount: { type: "number" } },
    },
  },
  states: [{ name: "end", type: "inject", data: {}, end: true }],
});

/** Waits for an event for an hour, then ends in a further state. Has all that management tells of. */
export const STEPS = JSON.stringify({
  id: "steps",
  name: "Steps",
  version: "3",
  description: "One after the other",
  annotations: ["a tag"],
  metadata: { owner: "us" },
  start: "ask",
  dataInputSchema: { schema: { type: "object" }, failOnValidationErrors: false },
  events: [{ name: "answer", type: "steps.answer", source: "" }],
  states: [
    {
      name: "ask",
      type: "callback",
      eventRef: "answer",
      timeouts: { eventTimeout: "PT1H" },
      metadata: { color: "red" },
      transition: "after",
    },
    { name: "after", type: "inject", data: { after: true }, transition: "wait again" },
    { name: "wait again", type: "callback", eventRef: "answer", end: true },
  ],
});

/** Adds one to `count`, which fails if that is no number. */
export const COUNTING = JSON.stringify({
  id: "counting",
  start: "count",
  functions: [{ name: "increment", type: "expression", operation: "{ count: (.count + 1) }" }],
  states: [{ name: "count", type: "operation", actions: [{ functionRef: "increment" }], end: true }],
});

/** Takes what stands beside the data of its start into its data. */
export const VARIABLE = JSON.stringify({
  id: "variable",
  start: "take",
  functions: [{ name: "take", type: "expression", operation: "{ limit: $limit, who: $who }" }],
  states: [{ name: "take", type: "operation", actions: [{ functionRef: "take" }], end: true }],
});
