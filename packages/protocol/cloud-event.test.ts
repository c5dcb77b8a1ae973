import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ATTRIBUTE_LENGTH_MAX,
  ATTRIBUTES_MAX,
  attributeOf,
  CloudEventError,
  readCloudEvent,
  refOf,
} from "./cloud-event.ts";
import { DATA_DEPTH_MAX } from "./data.ts";
import { instanceOf } from "./instance-attribute.ts";
import { type Json, parseJson } from "./json.ts";

const event = { specversion: "1.0", id: "1", source: "/shop", type: "paid" } as const;

test("an event is what its document says, with the attributes that are not null", () => {
  const document = { ...event, orderid: 7, express: true, subject: null, data: null };
  assert.deepEqual(readCloudEvent(document), { ...event, orderid: 7, express: true, data: null });
  assert.deepEqual(refOf(readCloudEvent(document)), { source: "/shop", id: "1", type: "paid" });
});

test("an empty source is let through, as SonataFlow's examples send one", () => {
  assert.equal(readCloudEvent({ ...event, source: "" }).source, "");
});

function nested(levels: number): Json {
  let value: Json = null;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

test("what the Java SDK and the examples of the specification write is taken", () => {
  for (const time of [
    "2018-04-05T17:31:00Z",
    "2018-04-26T14:48:09+02:00",
    "2026-11-24T11:19:23.247123456Z",
    "2016-12-31T23:59:60Z",
    "2024-02-29t00:00:00z",
  ]) {
    assert.equal(readCloudEvent({ ...event, time })["time"], time);
  }
  for (const datacontenttype of ["application/json", "text/xml; charset=utf-8", 'multipart/x;boundary="a b"']) {
    assert.equal(readCloudEvent({ ...event, datacontenttype })["datacontenttype"], datacontenttype);
  }
  assert.deepEqual(readCloudEvent({ ...event, data: nested(DATA_DEPTH_MAX) }), {
    ...event,
    data: nested(DATA_DEPTH_MAX),
  });
  assert.deepEqual(readCloudEvent({ ...event, data: "😀", data_base64: null }), { ...event, data: "😀" });
});

test("an event of 0.3 is one of 1.0: its schema has another name, and its data may be base64", () => {
  const old = { ...event, specversion: "0.3", schemaurl: "http://s", time: null };
  assert.deepEqual(readCloudEvent({ ...old, data: { a: 1 } }), { ...event, dataschema: "http://s", data: { a: 1 } });
  const type = { datacontenttype: "image/png" };
  assert.deepEqual(readCloudEvent({ ...old, ...type, datacontentencoding: "Base64", data: "/wA=" }), {
    ...event,
    ...type,
    dataschema: "http://s",
    data_base64: "/wA=",
  });
});

describe("what is no event is refused, with the attribute that is at fault", () => {
  const room = ATTRIBUTES_MAX - Object.keys(event).length;
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, "ä"]));
  const cases: readonly (readonly [string, Json, string])[] = [
    ["no object", [], ""],
    ["another version", { ...event, specversion: "0.2" }, "specversion"],
    ["no id", { ...event, id: null }, "id"],
    ["an empty id", { ...event, id: "" }, "id"],
    ["an id that is a number", { ...event, id: 1 }, "id"],
    ["no source", { specversion: "1.0", id: "1", type: "paid" }, "source"],
    ["an empty type", { ...event, type: "" }, "type"],
    ["a name with capitals", { ...event, orderId: "1" }, "orderId"],
    ["a name that is inherited", parseJson(JSON.stringify(event).replace("}", ',"__proto__":"x"}')), "__proto__"],
    ["an attribute that is an object", { ...event, order: {} }, "order"],
    ["an attribute that is an array", { ...event, order: [1] }, "order"],
    ["a fraction", { ...event, order: 1.5 }, "order"],
    ["a number beyond what is exact", parseJson(JSON.stringify(event).replace("}", ',"n":9007199254740993}')), "n"],
    ["an attribute that is too long", { ...event, order: "x".repeat(ATTRIBUTE_LENGTH_MAX + 1) }, "order"],
    ["one attribute too many", { ...event, ...many(room + 1) }, ""],
    ["an id that is not well-formed", { ...event, id: "a\ud800" }, "id"],
    ["an extension that is not well-formed", { ...event, order: "\udfff" }, "order"],
    ["data that is not well-formed", { ...event, data: { a: ["\ud800"] } }, "data/a/0"],
    ["a name in data that is not well-formed", { ...event, data: { "\ud800": 1 } }, "data/\ufffd"],
    ["data nested too deeply", { ...event, data: nested(DATA_DEPTH_MAX + 1) }, "data"],
    ["data in base64 that is a number", { ...event, data_base64: 5 }, "data_base64"],
    ["data in base64 that is none", { ...event, data_base64: "a b=" }, "data_base64"],
    ["data in base64 that is cut off", { ...event, data_base64: "abcde" }, "data_base64"],
    ["data and data in base64", { ...event, data: 1, data_base64: "AA==" }, "data_base64"],
    [
      "JSON in base64 that is no JSON",
      { ...event, datacontenttype: "application/json", data_base64: "AAAA" },
      "data_base64",
    ],
    ["a time that is a word", { ...event, time: "yesterday" }, "time"],
    ["a time without an offset", { ...event, time: "2026-11-24T11:19:23" }, "time"],
    ["a time on no day", { ...event, time: "2026-02-29T11:19:23Z" }, "time"],
    ["a time that is a number", { ...event, time: 1 }, "time"],
    ["a content type that is a number", { ...event, datacontenttype: 7 }, "datacontenttype"],
    ["a content type without a subtype", { ...event, datacontenttype: "json" }, "datacontenttype"],
    ["a subject that is a number", { ...event, subject: 7 }, "subject"],
    [
      "an older version's encoding that nobody knows",
      { ...event, specversion: "0.3", datacontentencoding: "gzip", data: "" },
      "datacontentencoding",
    ],
    [
      "an older version's base64 that is none",
      { ...event, specversion: "0.3", datacontentencoding: "base64", data: 1 },
      "data_base64",
    ],
  ];
  for (const [what, document, member] of cases) {
    test(what, () => {
      assert.throws(
        () => readCloudEvent(document),
        (error) => error instanceof CloudEventError && error.member === member,
      );
    });
  }
});

test("an attribute as text is as it would stand in a header; an empty one is none", () => {
  const read = readCloudEvent({ ...event, n: 7, b: false, e: "" });
  assert.deepEqual(
    ["n", "b", "e", "missing", "type"].map((name) => attributeOf(read, name)),
    ["7", "false", undefined, undefined, "paid"],
  );
  // What every object inherits is no attribute of an event.
  for (const name of ["constructor", "toString", "valueOf"]) assert.equal(attributeOf(event, name), undefined);
});

test("SonataFlow's attribute names the instance before ours does", () => {
  assert.equal(instanceOf(readCloudEvent({ ...event, antiphoninstance: "b", kogitoprocrefid: "a" })), "a");
  assert.equal(instanceOf(readCloudEvent({ ...event, antiphoninstance: "b", kogitoprocrefid: "" })), "b");
  assert.equal(instanceOf(event), undefined);
});
