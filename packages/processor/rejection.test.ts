import assert from "node:assert/strict";
import { test } from "node:test";
import { eventIn } from "@antiphon/protocol";
import { DECISION_BYTES_MAX } from "./decide-batch.ts";
import { BEGINNING_BYTES_MAX, REASON_BYTES_MAX, REJECTED_BYTES_MAX, rejectionOf } from "./rejection.ts";

/** A text that takes so many bytes where it stands in JSON: each quote and each `ä` takes two. */
function spelling(bytes: number): string {
  const quotes = bytes % 2;
  return `${"x".repeat(quotes)}${'"ä'.repeat((bytes - 2 - quotes) / 4)}`;
}

test("a rejected input is kept whole up to a number of bytes as they stand in a record, quotes escaped; of a longer one the beginning", () => {
  const fits = spelling(REJECTED_BYTES_MAX - 2);
  assert.deepEqual(rejectionOf("no", `${fits}xx`), { reason: "no", value: `${fits}xx` });
  assert.deepEqual(rejectionOf("no", `${fits}x`), { reason: "no", value: `${fits}x` });
  const { value, isCut } = rejectionOf("no", `${fits}xxx`);
  assert.deepEqual([Buffer.byteLength(value) <= BEGINNING_BYTES_MAX, isCut], [true, true]);
});

test("of an event in a rejected input that is too long the attributes are kept", () => {
  const event = { specversion: "1.0", id: "e-1", source: "/shop", type: "paid", order: "4711" };
  const data = "x".repeat(REJECTED_BYTES_MAX);
  for (const order of [
    { type: "DeliverEvent", event: { ...event, data } },
    { type: "StartInstance", event: { name: "paid", event: { ...event, data_base64: data } } },
  ]) {
    const { value, isCut } = rejectionOf("no", JSON.stringify(order));
    assert.deepEqual([eventIn(value), isCut], [event, true]);
  }
});

test("a reason has an end, and the largest rejection is no larger than a decision may be", () => {
  const { reason, value } = rejectionOf("ä".repeat(REASON_BYTES_MAX), spelling(REJECTED_BYTES_MAX));
  assert.equal(Buffer.byteLength(reason), REASON_BYTES_MAX);
  assert.ok(Buffer.byteLength(JSON.stringify({ reason, value })) < DECISION_BYTES_MAX);
});
