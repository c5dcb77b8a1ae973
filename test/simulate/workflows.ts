/** The workflows that are simulated. Each says in its data how it ended: `outcome`, and what it took. */
const ERRORS = [
  { name: "late", code: "TimedOut" },
  { name: "any", code: "java.lang.Exception" },
];
const OR_ELSE = [
  { errorRef: "late", transition: "Late" },
  { errorRef: "any", transition: "Failed" },
];
const ENDS = ["Done", "Late", "Failed"].map((name) => {
  return { name, type: "inject", data: { outcome: name.toLowerCase() }, end: true };
});
const byOrder = { correlation: [{ contextAttributeName: "order" }], metadata: { bufferFor: "PT5M" } };

function consumed(type: string, more: object = {}): object {
  return { name: type, type, kind: "consumed", source: "services", ...more };
}

function produced(type: string): object {
  return { name: type, type, kind: "produced" };
}

function workflow(id: string, document: object): object {
  return { id, version: "1.0", specVersion: "0.8", errors: ERRORS, ...document };
}

function asks(type: string, data: string): object {
  return { eventRef: { triggerEventRef: type, data } };
}

/** A service is called, and answers to the URL that it is given. */
const byToken = workflow("by-token", {
  start: "Ask",
  functions: [{ name: "ask", type: "custom", operation: "rest:post:http://oracle.example/ask" }],
  events: [consumed("by-token.answered")],
  states: [
    {
      name: "Ask",
      type: "callback",
      action: { functionRef: { refName: "ask", arguments: { url: "${ $WORKFLOW.callbackUrl }", type: "by-token.answered" } } },
      eventRef: "by-token.answered",
      eventDataFilter: { toStateData: "${ .answer }" },
      timeouts: { actionExecTimeout: "PT3M", eventTimeout: "PT2M" },
      onErrors: OR_ELSE,
      transition: "Done",
    },
    ...ENDS,
  ],
});

/** Two questions, one after the other, whose answers name the instance and come to one type: the second may come first. */
const byId = workflow("by-id", {
  start: "One",
  events: [produced("by-id.asked"), consumed("by-id.answered", { metadata: { bufferFor: "PT5M" } })],
  states: [
    ...["One", "Two"].map((name, i) => ({
      name,
      type: "callback",
      action: asks("by-id.asked", `\${ {type: "by-id.answered", to: "instance", nth: ${i}} }`),
      eventRef: "by-id.answered",
      eventDataFilter: { toStateData: `\${ .${name.toLowerCase()} }` },
      timeouts: { eventTimeout: "PT2M" },
      onErrors: OR_ELSE,
      transition: name === "One" ? "Two" : "Done",
    })),
    ...ENDS,
  ],
});

/** A service that knows the order alone. Several instances may have one order: each answer is for one of them. */
const byKey = workflow("by-key", {
  start: "Ask",
  events: [produced("by-key.asked"), consumed("by-key.answered", byOrder)],
  states: [
    {
      name: "Ask",
      type: "callback",
      action: asks("by-key.asked", '${ {type: "by-key.answered", to: "key", order: .order} }'),
      eventRef: "by-key.answered",
      eventDataFilter: { toStateData: "${ .answer }" },
      timeouts: { eventTimeout: "PT2M" },
      onErrors: OR_ELSE,
      transition: "Done",
    },
    ...ENDS,
  ],
});

/** An announcement is for all who wait for it. */
const announced = workflow("announced", {
  start: "Listen",
  events: [
    consumed("announced.opened", {
      correlation: [{ contextAttributeName: "order" }],
      metadata: { cardinality: "all", bufferFor: "PT3M" },
    }),
  ],
  states: [
    {
      name: "Listen",
      type: "callback",
      eventRef: "announced.opened",
      eventDataFilter: { toStateData: "${ .answer }" },
      timeouts: { eventTimeout: "PT2M" },
      onErrors: OR_ELSE,
      transition: "Done",
    },
    ...ENDS,
  ],
});

/** First the one or the other, whichever comes first; then both, in any order. */
const eitherThenBoth = workflow("either-then-both", {
  start: "Begin",
  events: [consumed("either.paid", byOrder), consumed("either.shipped", byOrder)],
  states: [
    { name: "Begin", type: "inject", data: {}, transition: "Either" },
    {
      name: "Either",
      type: "event",
      exclusive: true,
      onEvents: [
        { eventRefs: ["either.paid"], eventDataFilter: { toStateData: "${ .either }" } },
        { eventRefs: ["either.shipped"], eventDataFilter: { toStateData: "${ .either }" } },
      ],
      timeouts: { eventTimeout: "PT2M" },
      onErrors: OR_ELSE,
      transition: "Both",
    },
    {
      name: "Both",
      type: "event",
      exclusive: false,
      onEvents: [
        { eventRefs: ["either.paid"], eventDataFilter: { toStateData: "${ .paid }" } },
        { eventRefs: ["either.shipped"], eventDataFilter: { toStateData: "${ .shipped }" } },
      ],
      timeouts: { eventTimeout: "PT2M" },
      onErrors: OR_ELSE,
      transition: "Done",
    },
    ...ENDS,
  ],
});

/** Two bookings and a third, which may not be had: then the first two are undone. */
const trip = workflow("trip", {
  start: "Flight",
  retries: [{ name: "often", delay: "PT1S", multiplier: "2", maxAttempts: "4" }],
  functions: [
    { name: "book", type: "custom", operation: "rest:post:http://travel.example/book/{what}" },
    { name: "cancel", type: "custom", operation: "rest:delete:http://travel.example/book/{what}" },
  ],
  states: [
    ...["flight", "room", "car"].map((what, i, all) => {
      const name = capital(what);
      const action = { functionRef: { refName: "book", arguments: { what } }, retryRef: "often" };
      const next = all[i + 1];
      return {
        name,
        type: "operation",
        ...(next && { compensatedBy: `Cancel ${what}` }),
        actions: [{ ...action, actionDataFilter: { toStateData: `\${ .${what} }` } }],
        onErrors: [{ errorRef: "any", transition: { nextState: "Failed", compensate: true } }],
        transition: next === undefined ? "Done" : capital(next),
      };
    }),
    ...["flight", "room"].map((what) => ({
      name: `Cancel ${what}`,
      type: "operation",
      usedForCompensation: true,
      actions: [
        { functionRef: { refName: "cancel", arguments: { what } }, actionDataFilter: { toStateData: `\${ .no${what} }` } },
      ],
      onErrors: [{ errorRef: "any", transition: "Not cancelled" }],
    })),
    { name: "Not cancelled", type: "inject", usedForCompensation: true, data: { kept: true } },
    ...ENDS,
  ],
});

/** Branches, a subflow that waits for an answer, and an action for each of several items. */
const family = workflow("family", {
  start: "Both",
  retries: [{ name: "often", delay: "PT1S", maxAttempts: "6" }],
  functions: [{ name: "double", type: "custom", operation: "rest:post:http://sums.example/double" }],
  states: [
    {
      name: "Both",
      type: "parallel",
      branches: [
        {
          name: "child",
          actions: [{ subFlowRef: "child", actionDataFilter: { toStateData: "${ .child }" } }],
        },
        {
          name: "sum",
          actions: [
            {
              functionRef: { refName: "double", arguments: { number: 21 } },
              retryRef: "often",
              actionDataFilter: { toStateData: "${ .sum }" },
            },
          ],
        },
      ],
      onErrors: OR_ELSE,
      transition: "Each",
    },
    {
      name: "Each",
      type: "foreach",
      inputCollection: "${ [1, 2, 3] }",
      iterationParam: "number",
      outputCollection: "${ .doubled }",
      actions: [{ functionRef: { refName: "double", arguments: { number: "${ $number }" } }, retryRef: "often" }],
      onErrors: OR_ELSE,
      transition: "Done",
    },
    ...ENDS,
  ],
});

const child = workflow("child", {
  start: "Ask",
  events: [produced("child.asked"), consumed("child.answered", { metadata: { bufferFor: "PT1H" } })],
  states: [
    {
      name: "Ask",
      type: "callback",
      action: asks("child.asked", '${ {type: "child.answered", to: "instance", always: true} }'),
      eventRef: "child.answered",
      eventDataFilter: { toStateData: "${ .answer }" },
      stateDataFilter: { output: "${ .answer }" },
      end: true,
    },
  ],
});

/** It is started by an event, starts another by an event, and goes on when that one has ended. */
const chain = workflow("chain", {
  start: "Begun",
  events: [consumed("chain.begun", byOrder), produced("link.begun"), consumed("link.ended", byOrder)],
  states: [
    {
      name: "Begun",
      type: "event",
      onEvents: [{ eventRefs: ["chain.begun"] }],
      transition: "Link",
    },
    {
      name: "Link",
      type: "callback",
      action: { eventRef: { triggerEventRef: "link.begun", data: "${ {order: .order} }", contextAttributes: { order: "${ .order }" } } },
      eventRef: "link.ended",
      eventDataFilter: { toStateData: "${ .answer }" },
      transition: "Done",
    },
    ...ENDS.filter(({ name }) => name === "Done"),
  ],
});

const link = workflow("link", {
  start: "Begun",
  events: [consumed("link.begun"), produced("link.ended")],
  states: [
    { name: "Begun", type: "event", onEvents: [{ eventRefs: ["link.begun"] }], transition: "Rest" },
    { name: "Rest", type: "sleep", duration: "PT5S", transition: "End" },
    {
      name: "End",
      type: "inject",
      data: { outcome: "done" },
      end: {
        terminate: false,
        produceEvents: [{ eventRef: "link.ended", data: "${ {order: .order} }", contextAttributes: { order: "${ .order }" } }],
      },
    },
  ],
});

/** By their ids. */
export const WORKFLOWS: Readonly<Record<string, object>> = {
  "by-token": byToken,
  "by-id": byId,
  "by-key": byKey,
  announced,
  "either-then-both": eitherThenBoth,
  trip,
  family,
  child,
  chain,
  link,
};

/** The topics on which workflows ask services. */
export const QUESTION_TOPICS: readonly string[] = ["by-id.asked", "by-key.asked", "child.asked"];

function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
