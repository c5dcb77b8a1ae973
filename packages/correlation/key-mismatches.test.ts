import assert from "node:assert/strict";
import { test } from "node:test";
import { broadcastKey, correlationKey } from "@antiphon/protocol";
import { keyMismatches } from "./key-mismatches.ts";
import type { Awaited } from "./subscribe.ts";
import { event } from "./testing/node/deployed.ts";

/** A workflow that awaits by attributes, one of which it finds elsewhere. */
function reading(workflow: string, attributes: readonly string[], found: string): Awaited {
  const readers = { orderid: { expression: "${ .x }", read: () => ({ value: found }) } };
  return { workflow, attributes, readers, cardinality: "one", bufferMs: 1 };
}

const paid = event("paid", { orderid: "1", region: "eu" });
const key = (attributes: Readonly<Record<string, string>>): string => correlationKey("", "paid", attributes) ?? "";

test("against a wait speaks each attribute of its key that the event has otherwise, or not at all", () => {
  const wait = { workflow: "w", key: key({ orderid: "2", region: "eu", shop: "a" }) };
  assert.deepEqual(keyMismatches(paid, { awaited: [] }, wait), [
    { attribute: "orderid", expected: "2", found: "1" },
    { attribute: "shop", expected: "a", missing: "missing or empty in the event" },
  ]);
});

test("nothing speaks against a wait for what is broadcast", () => {
  assert.deepEqual(keyMismatches(paid, { awaited: [] }, { workflow: "w", key: broadcastKey("", "paid") }), []);
});

test("a value is read where the workflow of the wait says, for the attributes of the wait's key", () => {
  const awaited = [
    reading("other", ["orderid"], "of another workflow"),
    reading("w", ["orderid", "region"], "of more attributes"),
    reading("w", ["region"], "of another attribute"),
    reading("w", ["orderid"], "read"),
  ];
  assert.deepEqual(keyMismatches(paid, { awaited }, { workflow: "w", key: key({ orderid: "read" }) }), []);
});
