import { byOrder, consumed, ENDS, produced, workflow } from "./parts.ts";

/** It is started by an event, starts another by an event, and goes on when that one has ended. */
export const chain = workflow("chain", {
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
      action: {
        eventRef: {
          triggerEventRef: "link.begun",
          data: "${ {order: .order} }",
          contextAttributes: { order: "${ .order }" },
        },
      },
      eventRef: "link.ended",
      eventDataFilter: { toStateData: "${ .answer }" },
      transition: "Done",
    },
    ...ENDS.filter(({ name }) => name === "Done"),
  ],
});

export const link = workflow("link", {
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
        produceEvents: [
          { eventRef: "link.ended", data: "${ {order: .order} }", contextAttributes: { order: "${ .order }" } },
        ],
      },
    },
  ],
});
