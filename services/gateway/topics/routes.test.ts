import assert from "node:assert/strict";
import { test } from "node:test";
import { startMachine } from "../testing/start-machine.ts";
import { BY_EVENT } from "../testing/workflows.ts";

test("a topic that no definition reads or writes is not found, and neither is one of the machine's own", async () => {
  await using machine = await startMachine({ workflows: [BY_EVENT] });
  for (const topic of ["other", "antiphon.commands"]) {
    const { statusCode, payload } = await machine.app.inject({ url: `/v1/topics/${topic}` });
    assert.deepEqual(
      [statusCode, JSON.parse(payload)],
      [
        404,
        {
          type: "urn:antiphon:problem:no-such-topic",
          title: "No such topic",
          status: 404,
          detail: `topic: expected one of order.placed, found "${topic}"`,
          topics: ["order.placed"],
        },
      ],
    );
  }
});

test("a position that the topic cannot have is refused", async () => {
  await using machine = await startMachine({ workflows: [BY_EVENT] });
  for (const position of ["1", "1.2.3", "a.b", "-1.0"]) {
    const headers = { "last-event-id": position };
    const { statusCode, payload } = await machine.app.inject({ url: "/v1/topics/order.placed", headers });
    const detail = `header Last-Event-ID: expected 2 offsets with dots between, found "${position}"`;
    assert.deepEqual([statusCode, JSON.parse(payload).detail], [400, detail]);
  }
});
