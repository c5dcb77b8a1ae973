import assert from "node:assert/strict";
import { test } from "node:test";
import { writeEvent } from "./write-event.ts";

const event = {
  specversion: "1.0",
  id: "i-1-1.publish",
  source: "/process/orders",
  type: "order.placed",
  kogitoprocid: "orders",
  region: 'süd "a"',
  attempt: 2,
  data: { total: 68 },
} as const;

test("in structured mode an event is one document", () => {
  assert.deepEqual(writeEvent(event, "structured", "ce_"), {
    headers: { "content-type": "application/cloudevents+json; charset=UTF-8" },
    body: JSON.stringify(event),
  });
});

const attributes = {
  ce_specversion: "1.0",
  ce_id: "i-1-1.publish",
  ce_source: "/process/orders",
  ce_type: "order.placed",
  ce_kogitoprocid: "orders",
  ce_region: 'süd "a"',
  ce_attempt: "2",
};

test("in binary mode its attributes are headers, which HTTP has percent-encoded", () => {
  assert.deepEqual(writeEvent(event, "binary", "ce_"), {
    headers: { ...attributes, "content-type": "application/json" },
    body: '{"total":68}',
  });
  const { headers } = writeEvent(event, "binary", "ce-");
  assert.equal(headers["ce-region"], "s%C3%BCd%20%22a%22");
});

test("data alone has nothing with it but its content type", () => {
  assert.deepEqual(writeEvent(event, "data", "ce-"), {
    headers: { "content-type": "application/json" },
    body: '{"total":68}',
  });
  const text = { ...event, datacontenttype: "text/plain", data: "hello" };
  assert.deepEqual(writeEvent(text, "data", "ce_"), { headers: { "content-type": "text/plain" }, body: "hello" });
  const { data: _, ...without } = event;
  assert.equal(writeEvent(without, "binary", "ce_").body, "");
});

test("an event of bytes is one document in whatever mode", () => {
  const { data: _, ...rest } = event;
  const bytes = { ...rest, data_base64: "AAE=" };
  assert.equal(writeEvent(bytes, "data", "ce_").body, JSON.stringify(bytes));
});
