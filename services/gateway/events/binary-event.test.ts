import assert from "node:assert/strict";
import { test } from "node:test";
import { exactNumber } from "@antiphon/protocol";
import { binaryEvent } from "./binary-event.ts";

const HEADERS = { "ce-specversion": "1.0", "ce-id": "1", ce_source: "/s", "ce-type": "t" };
const ATTRIBUTES = { specversion: "1.0", id: "1", source: "/s", type: "t" };

test("JSON data keeps its numbers' own digits, with any JSON type and with none", () => {
  for (const type of ["application/json; charset=utf-8", "application/vnd.x+json", "text/json"]) {
    const document = binaryEvent({ ...HEADERS, "content-type": type }, Buffer.from('{"n":68.0}'));
    assert.deepEqual(document, { ...ATTRIBUTES, datacontenttype: type, data: { n: exactNumber("68.0") } });
  }
  assert.deepEqual(binaryEvent(HEADERS, Buffer.from("[1]")), { ...ATTRIBUTES, data: [1] });
});

test("other data is a text where it is one, else base64", () => {
  const text = binaryEvent({ ...HEADERS, "content-type": "text/plain" }, Buffer.from("hé"));
  assert.deepEqual(text, { ...ATTRIBUTES, datacontenttype: "text/plain", data: "hé" });
  const bytes = binaryEvent({ ...HEADERS, "content-type": "image/png" }, Buffer.from([0xff, 0x00]));
  assert.deepEqual(bytes, { ...ATTRIBUTES, datacontenttype: "image/png", data_base64: "/wA=" });
});

test("an event without a body has no data", () => {
  assert.deepEqual(binaryEvent(HEADERS, Buffer.alloc(0)), ATTRIBUTES);
});

test("an attribute that only looks percent-encoded is left as it is", () => {
  const document = binaryEvent({ ...HEADERS, "ce-subject": "100%" }, Buffer.alloc(0));
  assert.deepEqual(document, { ...ATTRIBUTES, subject: "100%" });
});
