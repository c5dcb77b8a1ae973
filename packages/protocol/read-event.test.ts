import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CloudEventError } from "./cloud-event.ts";
import { exactNumber, formatJson, type Json, JsonSyntaxError } from "./json.ts";
import { type Content, dataIn, readEvent } from "./read-event.ts";

const event = { specversion: "1.0", id: "1", source: "/s", type: "t" } as const;

function contentOf(bytes: string | Uint8Array): Content {
  const buffer = Buffer.from(bytes as Uint8Array);
  const text = buffer.toString("utf8");
  return { text: Buffer.from(text).equals(buffer) ? text : undefined, base64: () => buffer.toString("base64") };
}

/** The same event in each mode of each binding. */
function inEachMode(type: string, bytes: string | Uint8Array, data: { readonly [member: string]: Json }) {
  const binary = (prefix: string) => Object.fromEntries(Object.entries(event).map(([n, v]) => [`${prefix}${n}`, v]));
  const base64 = Buffer.from(bytes as Uint8Array).toString("base64");
  const structured = (version: object) => contentOf(formatJson({ ...event, datacontenttype: type, ...version }));
  const headers = { "content-type": "application/cloudevents+json" };
  return {
    "HTTP, binary": readEvent({ headers: { ...binary("ce-"), "content-type": type }, body: contentOf(bytes) }, "http"),
    "Kafka, binary": readEvent(
      { headers: { ...binary("ce_"), "Content-Type": type }, body: contentOf(bytes) },
      "kafka",
    ),
    structured: readEvent({ headers, body: structured(data) }, "http"),
    "structured, in base64": readEvent({ headers, body: structured({ data_base64: base64 }) }, "kafka"),
    "0.3, in base64": readEvent(
      { headers, body: structured({ specversion: "0.3", datacontentencoding: "base64", data: base64 }) },
      "kafka",
    ),
    "0.3, binary, in base64": readEvent(
      {
        headers: { ...binary("ce_"), ce_specversion: "0.3", ce_datacontentencoding: "base64", "content-type": type },
        body: contentOf(base64),
      },
      "kafka",
    ),
    "data alone": { ...event, datacontenttype: type, ...dataIn(contentOf(bytes), type) },
  };
}

describe("a payload reads alike over every binding, by its content type", () => {
  const xml = "<ä>1</ä>";
  for (const [type, bytes, data] of [
    ["application/json", '{"n":68.0,"t":"ä"}', { data: { n: exactNumber("68.0"), t: "ä" } }],
    ["application/vnd.acme+json; charset=utf-8", "[1]", { data: [1] }],
    ["text/json", "null", { data: null }],
    ["application/xml", xml, { data: xml }],
    ["application/soap+xml; charset=utf-8", xml, { data: xml }],
    ["image/svg+xml", xml, { data: xml }],
    ["application/x-www-form-urlencoded", "a=1&b=%20", { data: "a=1&b=%20" }],
    ["text/plain", "😀", { data: "😀" }],
    ["application/json-seq", "{}", { data: "{}" }],
    ["application/vnd.acme", "text", { data: "text" }],
    ["application/vnd.acme", Uint8Array.of(0xff, 0), { data_base64: "/wA=" }],
    ["application/octet-stream", "text", { data_base64: "dGV4dA==" }],
    ["image/png", Uint8Array.of(0x89, 0x50), { data_base64: "iVA=" }],
  ] as const) {
    test(`${type}, ${JSON.stringify(data)}`, () => {
      for (const [mode, read] of Object.entries(inEachMode(type, bytes, data))) {
        assert.deepEqual(read, { ...event, datacontenttype: type, ...data }, mode);
      }
    });
  }
});

test("without a content type data is JSON, and without a content there is none", () => {
  const headers = { ce_specversion: "1.0", "ce-id": "1", ce_source: "/s", "ce-type": "t" };
  assert.deepEqual(readEvent({ headers, body: contentOf("[1]") }, "http"), { ...event, data: [1] });
  assert.deepEqual(readEvent({ headers, body: contentOf("") }, "http"), event);
  assert.throws(() => readEvent({ headers, body: contentOf("{") }, "http"), JsonSyntaxError);
  assert.throws(() => readEvent({ headers, body: contentOf(Uint8Array.of(0xff)) }, "http"), CloudEventError);
});

test("HTTP has attributes percent-encoded, Kafka as they are; one that only looks encoded is left alone", () => {
  const headers = { ce_specversion: "1.0", ce_id: "1", ce_source: "/s", ce_type: "t", ce_a: "s%C3%BCd", ce_b: "100%" };
  const read = (binding: "http" | "kafka") => {
    const { a, b } = readEvent({ headers, body: contentOf("") }, binding);
    return [a, b];
  };
  assert.deepEqual(read("http"), ["süd", "100%"]);
  assert.deepEqual(read("kafka"), ["s%C3%BCd", "100%"]);
});

test("a content type of CloudEvents says that the event is in structured mode, whatever the headers carry", () => {
  const headers = { "content-type": "application/cloudevents+json", ce_id: "2", ce_type: "other" };
  assert.deepEqual(readEvent({ headers, body: contentOf(JSON.stringify(event)) }, "kafka"), event);
});
