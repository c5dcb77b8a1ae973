import assert from "node:assert/strict";
import { test } from "node:test";
import { broadcastKey } from "@antiphon/protocol";
import * as make from "../testing/build.ts";
import { given } from "../testing/index.ts";

const properties = { "antiphon.events.broadcast": "true" };
const paid = make.consumed("paid");
const key = broadcastKey("", "paid");

function awaitedWith(properties: Record<string, string>, event = paid) {
  const { events } = given(make.workflowOf([make.callback("wait", event)], { properties })).when(
    make.start({ orderid: "1" }),
  );
  return events.flatMap((one) => (one.type === "EventAwaited" ? one.events : []));
}

test("a wait without correlation attributes is found by id or token alone", () => {
  assert.deepEqual(awaitedWith({}), [{ name: "paid", eventType: "paid" }]);
});

test("where SonataFlow's broadcast is switched on, it is registered for every event of its type", () => {
  const registered = [{ name: "paid", eventType: "paid", key, cardinality: "all" }];
  assert.deepEqual(awaitedWith(properties), registered);
  assert.deepEqual(awaitedWith({ ANTIPHON_EVENTS_BROADCAST: "true" }), registered);
});

test("a wait that has correlation attributes keeps its own key", () => {
  const keyed = make.consumed("paid", { correlation: [{ name: "orderid" }] });
  assert.deepEqual(awaitedWith(properties, keyed), awaitedWith({}, keyed));
});

test("what is broadcast resolves the wait, and closes it under its key", () => {
  const started = given(make.workflowOf([make.callback("wait", paid)], { properties })).when(make.start());
  const event = make.cloudEvent("paid", "e-1");
  const found = { by: "key", wait: "1.event", key } as const;
  assert.deepEqual(started.and.when(make.deliver(event, found)).events[0], {
    type: "EventReceived",
    wait: "1.event",
    event,
    found,
    keys: [key],
  });
});
