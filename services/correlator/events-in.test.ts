import assert from "node:assert/strict";
import { test } from "node:test";
import type { Intake } from "@antiphon/correlation";
import type { Fact } from "@antiphon/log";
import { eventsIn } from "./events-in.ts";

const place = { topic: "orders", partition: 2 };
const event = { specversion: "1.0", id: "1", source: "/shop", type: "paid", data: { total: 5 } };

function record(fact: Partial<Fact>): Fact {
  return { key: null, value: null, offset: 41, timestampMs: 1_000, ...fact };
}

function intake(bareTypes: readonly string[], cloudEvents = false): Intake {
  return { types: new Map(), bareTypes, cloudEvents };
}

function bare(type: string, data: object) {
  const time = "1970-01-01T00:00:01.000Z";
  return { specversion: "1.0", id: `2/41/1000/${type}`, source: "orders", type, time, ...data };
}

test("a topic carries CloudEvents unless it is said to carry data alone", () => {
  const value = JSON.stringify(event);
  assert.deepEqual(eventsIn(record({ value }), place, undefined), [event]);
  assert.deepEqual(eventsIn(record({ value }), place, intake([], true)), [event]);
  assert.deepEqual(eventsIn(record({ value }), place, intake(["paid"])), [bare("paid", { data: event })]);
});

test("data alone is an event of every type that is taken from its topic, the same when it is read again", () => {
  const fact = record({ value: '{"total":5}' });
  const expected = [bare("paid", { data: { total: 5 } }), bare("placed", { data: { total: 5 } })];
  assert.deepEqual(eventsIn(fact, place, intake(["paid", "placed"])), expected);
  assert.deepEqual(eventsIn(fact, place, intake(["paid", "placed"])), expected);
});

test("data alone is read by its content type, and is JSON without one", () => {
  const text = record({ value: "hello", headers: { "Content-Type": "text/plain" } });
  assert.deepEqual(eventsIn(text, place, intake(["paid"])), [
    bare("paid", { datacontenttype: "text/plain", data: "hello" }),
  ]);
  assert.deepEqual(eventsIn(record({ value: "7" }), place, intake(["paid"])), [bare("paid", { data: 7 })]);
  assert.deepEqual(eventsIn(record({ value: "" }), place, intake(["paid"])), [bare("paid", {})]);
  assert.deepEqual(eventsIn(record({}), place, intake(["paid"])), []);
  assert.throws(() => eventsIn(record({ value: "hello" }), place, intake(["paid"])), /JSON/);
  assert.throws(() => eventsIn(record({ value: "\ufffd", malformed: true }), place, intake(["paid"])), /UTF-8/);
});

test("attributes in headers make a CloudEvent of any record", () => {
  const headers = { ce_specversion: "1.0", ce_id: "1", ce_source: "/shop", ce_type: "paid" };
  assert.deepEqual(eventsIn(record({ headers, value: '{"total":5}' }), place, intake(["paid"])), [event]);
});

test("on a topic that some read as CloudEvents and some as data, what is no CloudEvent is data", () => {
  const both = intake(["paid"], true);
  assert.deepEqual(eventsIn(record({ value: JSON.stringify(event) }), place, both), [event]);
  assert.deepEqual(eventsIn(record({ value: '{"total":5}' }), place, both), [bare("paid", { data: { total: 5 } })]);
});
