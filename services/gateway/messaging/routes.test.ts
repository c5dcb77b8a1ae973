import assert from "node:assert/strict";
import { test } from "node:test";
import { startMachine } from "../testing/start-machine.ts";
import { BY_EVENT, GREET } from "../testing/workflows.ts";

/** Answers an event of the type that `BY_EVENT` takes, by a topic of its own. */
const REPLYING = {
  "replying.sw.json": JSON.stringify({
    id: "replying",
    start: "begin",
    events: [
      { name: "placed", type: "order.placed", source: "/shop" },
      { name: "confirmed", type: "order.confirmed", kind: "produced" },
    ],
    states: [
      {
        name: "begin",
        type: "event",
        onEvents: [{ eventRefs: ["placed"], actions: [] }],
        end: { produceEvents: [{ eventRef: "confirmed" }] },
      },
    ],
  }),
  "application.properties": "mp.messaging.outgoing.kogito_outgoing_stream.topic=answers",
};

test("the topics that workflows read and write are listed, with the event types on them", async () => {
  await using machine = await startMachine({ workflows: [GREET, BY_EVENT, REPLYING] });
  const { statusCode, payload } = await machine.app.inject({ url: "/messaging/topics" });
  assert.deepEqual(
    [statusCode, JSON.parse(payload)],
    [
      200,
      [
        {
          name: "answers",
          type: "OUTGOING",
          eventsMeta: [{ type: "order.confirmed", source: "/process/replying", kind: "PRODUCED" }],
        },
        {
          name: "order.placed",
          type: "INCOMING",
          eventsMeta: [
            { type: "order.placed", source: "", kind: "CONSUMED" },
            { type: "order.placed", source: "/shop", kind: "CONSUMED" },
          ],
        },
      ],
    ],
  );
});
