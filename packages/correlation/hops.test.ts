import assert from "node:assert/strict";
import { test } from "node:test";
import { HOPS_MAX } from "@antiphon/protocol";
import { route } from "./index.ts";
import { deployed, event, ids, startedBy, waitingFor } from "./testing/node/deployed.ts";

const subscriptions = deployed(
  startedBy("w", { type: "order" }),
  waitingFor("v", { type: "order", correlation: [{ contextAttributeName: "orderid" }] }),
);

function placesOf(more: object): readonly string[] {
  return route(event("order", { orderid: "1", ...more }), subscriptions, ids).map(({ to }) => to);
}

test("an event that comes around for the hundredth time goes on; the next time it is a dead letter that says why", () => {
  assert.deepEqual(placesOf({ antiphonhops: HOPS_MAX }), ["correlation", "commands"]);
  assert.deepEqual(route(event("order", { orderid: "1", antiphonhops: HOPS_MAX + 1 }), subscriptions, ids), [
    {
      to: "dead-letters",
      disposition: "rejected",
      reason: "antiphonhops: expected at most 100 instances that started each other by events, found 101",
    },
  ]);
});

test("the count is read from a text as well, as headers carry it", () => {
  assert.deepEqual(placesOf({ antiphonhops: "101" }), ["dead-letters"]);
  assert.deepEqual(placesOf({ antiphonhops: "9".repeat(400) }), ["dead-letters"]);
});

test("what is no count counts for nothing", () => {
  for (const antiphonhops of ["", "many", "-5", "1e9", "0x65", true]) {
    assert.deepEqual(placesOf({ antiphonhops }), ["correlation", "commands"], `${antiphonhops}`);
  }
});

test("an event over the limit does not reach the instance that it names either", () => {
  assert.deepEqual(placesOf({ antiphonhops: "101", kogitoprocrefid: "i1" }), ["dead-letters"]);
});
