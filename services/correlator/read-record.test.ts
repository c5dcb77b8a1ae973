import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Fact } from "@antiphon/log";
import { formatJson } from "@antiphon/protocol";
import { readRecord } from "./read-record.ts";

const paid = { specversion: "1.0", id: "1", source: "/shop", type: "paid", orderid: "4711", data: { total: 5 } };

function record(fact: Partial<Fact>): Fact {
  return { key: null, value: null, offset: 0, timestampMs: 0, ...fact };
}

describe("a record of a user's topic", () => {
  test("is a CloudEvent in structured mode", () => {
    assert.deepEqual(readRecord(record({ value: JSON.stringify(paid) })), paid);
  });

  test("keeps the digits of its numbers", () => {
    const value = '{"specversion":"1.0","id":"1","source":"/s","type":"t","data":{"n":9223372036854775807,"d":68.0}}';
    assert.equal(formatJson(readRecord(record({ value })) ?? null), value);
  });

  const ce = { ce_specversion: "1.0", ce_id: "1", ce_source: "/shop", ce_type: "paid", ce_orderid: "4711" };
  const attributes = { specversion: "1.0", id: "1", source: "/shop", type: "paid", orderid: "4711" };

  test("is one in binary mode, its data read by its content type", () => {
    const json = record({
      headers: { ...ce, "content-type": "application/json; charset=utf-8" },
      value: '{"total":5}',
    });
    assert.deepEqual(readRecord(json), {
      ...attributes,
      datacontenttype: "application/json; charset=utf-8",
      data: { total: 5 },
    });
    const text = record({ headers: { ...ce, "content-type": "text/plain" }, value: "hello" });
    assert.deepEqual(readRecord(text), { ...attributes, datacontenttype: "text/plain", data: "hello" });
    const other = record({ headers: { ...ce, "content-type": "image/png" }, value: "png" });
    assert.deepEqual(readRecord(other), { ...attributes, datacontenttype: "image/png", data_base64: "cG5n" });
    assert.deepEqual(readRecord(record({ headers: ce, value: null })), attributes);
    assert.deepEqual(readRecord(record({ headers: ce, value: null, malformedHeaders: ["trace"] })), attributes);
  });

  test("is nothing if it is a tombstone", () => {
    assert.equal(readRecord(record({})), undefined);
  });

  const wrong: [string, Partial<Fact>, RegExp][] = [
    ["bytes that are no text", { value: "\ufffd", malformed: true }, /expected a CloudEvent in UTF-8/],
    [
      "an attribute in a header that is no text",
      { headers: { ...ce, ce_id: "\ufffd" }, malformedHeaders: ["trace", "ce_id"] },
      /^Error: header "ce_id": expected UTF-8, found other bytes$/,
    ],
    ["no JSON", { value: "{" }, /JSON/],
    ["an empty value", { value: "" }, /expected a CloudEvent, found nothing/],
    ["another document", { value: "[]" }, /expected an object, found an array/],
    [
      "no id",
      { value: '{"specversion":"1.0","source":"","type":"t"}' },
      /"id": expected a non-empty text, found nothing/,
    ],
    ["an attribute's name in capitals", { value: JSON.stringify({ ...paid, orderId: 1 }) }, /"orderId"/],
    ["JSON as its content type and not as its value", { headers: ce, value: "{" }, /JSON/],
    ["another version", { headers: { ...ce, ce_specversion: "0.2" } }, /expected "1.0" or "0.3", found "0.2"/],
  ];
  for (const [what, fact, expected] of wrong) {
    test(`is refused for ${what}`, () => {
      assert.throws(() => readRecord(record(fact)), expected);
    });
  }
});
