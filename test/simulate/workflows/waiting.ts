import { asks, byOrder, consumed, ENDS, OR_ELSE, produced, workflow } from "./parts.ts";

/** A service is called, and answers to the URL that it is given. */
export const byToken = workflow("by-token", {
  start: "Ask",
  functions: [{ name: "ask", type: "custom", operation: "rest:post:http://oracle.example/ask" }],
  events: [consumed("by-token.answered")],
  states: [
    {
      name: "Ask",
      type: "callback",
      action: {
        functionRef: { refName: "ask", arguments: { url: "${ $WORKFLOW.callbackUrl }", type: "by-token.answered" } },
      },
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
export const byId = workflow("by-id", {
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
export const byKey = workflow("by-key", {
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
export const announced = workflow("announced", {
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
export const eitherThenBoth = workflow("either-then-both", {
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
