import { asks, consumed, ENDS, OR_ELSE, produced, workflow } from "./parts.ts";

/** Two bookings and a third, which may not be had: then the first two are undone. */
export const trip = workflow("trip", {
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
        {
          functionRef: { refName: "cancel", arguments: { what } },
          actionDataFilter: { toStateData: `\${ .no${what} }` },
        },
      ],
      onErrors: [{ errorRef: "any", transition: "Not cancelled" }],
    })),
    { name: "Not cancelled", type: "inject", usedForCompensation: true, data: { kept: true } },
    ...ENDS,
  ],
});

/** Branches, a subflow that waits for an answer, and an action for each of several items. */
export const family = workflow("family", {
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

export const child = workflow("child", {
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

/** It leaves everything to another one, and fails with it; somebody outside has both tried again, in any order. */
export const mended = workflow("mended", {
  start: "Leave it",
  states: [
    {
      name: "Leave it",
      type: "operation",
      actions: [{ subFlowRef: "fragile", actionDataFilter: { toStateData: "${ .child }" } }],
      transition: "Done",
    },
    ...ENDS.filter(({ name }) => name === "Done"),
  ],
});

/** Does one thing, and then another one at which it fails now and then. */
export const fragile = workflow("fragile", {
  start: "One",
  functions: [
    { name: "double", type: "custom", operation: "rest:post:http://sums.example/double" },
    { name: "break", type: "custom", operation: "rest:post:http://sums.example/break" },
  ],
  states: [
    {
      name: "One",
      type: "operation",
      actions: [{ functionRef: { refName: "double", arguments: { number: 4 } } }],
      transition: "Other",
    },
    { name: "Other", type: "operation", actions: [{ functionRef: { refName: "break", arguments: {} } }], end: true },
  ],
});

function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
