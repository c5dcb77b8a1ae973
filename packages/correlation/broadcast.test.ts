import assert from "node:assert/strict";
import { test } from "node:test";
import { broadcastKey } from "@antiphon/protocol";
import { route } from "./index.ts";
import { deployed, event, ids, keysIn, reasonIn, startedBy, waitingFor } from "./testing/node/deployed.ts";

const ON = "antiphon.events.broadcast=true";
const paid = { type: "paid" };

test("an un-keyed event wakes nobody, unless the definition asks for SonataFlow's broadcast", () => {
  const reason = reasonIn(route(event("paid"), deployed(waitingFor("w", paid)), ids));
  assert.match(reason, /^workflow "w" awaits "paid" without correlation attributes, /);
});

test("with the switch on, an event that names no instance is for all that wait for its type, and is held for later ones", () => {
  assert.deepEqual(route(event("paid"), deployed(waitingFor("w", paid, ON)), ids), [
    {
      to: "correlation",
      input: {
        type: "OfferEvent",
        key: broadcastKey("", "paid"),
        event: event("paid"),
        cardinality: "all",
        bufferMs: 3_600_000,
      },
    },
  ]);
});

test("the switch of one workflow is not another's", () => {
  const subscriptions = deployed(waitingFor("w", paid, ON), waitingFor("v", { type: "shipped" }));
  assert.deepEqual(keysIn(route(event("paid"), subscriptions, ids)), [broadcastKey("", "paid")]);
  assert.match(reasonIn(route(event("shipped"), subscriptions, ids)), /without correlation attributes/);
});

test("an event that names an instance goes to that one alone, with the switch on as well", () => {
  const named = event("paid", { kogitoprocrefid: "i1" });
  assert.deepEqual(keysIn(route(named, deployed(waitingFor("w", paid, ON)), ids)), []);
});

test("an event that lacks the attributes of its definition is for nobody, with the switch on as well", () => {
  const keyed = { ...paid, correlation: [{ contextAttributeName: "orderid" }] };
  assert.match(reasonIn(route(event("paid"), deployed(waitingFor("w", keyed, ON)), ids)), /missing or empty/);
});

test("an event that starts a workflow starts it, and is not kept for its instances", () => {
  const destinations = route(event("order"), deployed(startedBy("w", { type: "order" }, ON)), ids);
  assert.deepEqual(
    destinations.map(({ to }) => to),
    ["commands"],
  );
});

test("an event that starts a workflow is not broadcast to those of its instances that wait for one more either", () => {
  const back = { transition: "Again" };
  const again = { name: "Again", type: "inject", data: {}, transition: "Begin" };
  const destinations = route(event("order"), deployed(startedBy("w", { type: "order" }, ON, back, again)), ids);
  assert.deepEqual(
    destinations.map(({ to }) => to),
    ["commands"],
  );
});
