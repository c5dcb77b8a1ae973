import assert from "node:assert/strict";
import { test } from "node:test";
import { exactNumber, JsonSyntaxError } from "@antiphon/protocol";
import { readBody, readBodyLeniently } from "./response-body.ts";

const bytes = (text: string) => Buffer.from(text, "utf8");

test("JSON is read by its content type, numbers in their digits", () => {
  assert.deepEqual(readBody("application/json;charset=UTF-8", bytes('{"n":68.0}')), { n: exactNumber("68.0") });
  assert.deepEqual(readBody("application/problem+json", bytes('{"status":404}')), { status: 404 });
});

test("texts are texts, in the charset that they name", () => {
  assert.equal(readBody("text/plain", bytes('{"n":1}')), '{"n":1}');
  assert.equal(readBody('text/csv; charset="ISO-8859-1"', Buffer.from([0x5a, 0x6f, 0xeb])), "Zoë");
  assert.equal(readBody("text/plain; charset=nobody-knows", bytes("Zoë")), "Zoë");
  assert.equal(readBody("application/atom+xml", bytes("<a/>")), "<a/>");
});

test("anything else is base64", () => {
  assert.equal(readBody("application/octet-stream", Buffer.from([0, 255])), "AP8=");
  assert.equal(readBody("application/zip", bytes("{}")), "e30=");
});

test("no content is no output", () => {
  assert.equal(readBody("application/json", bytes("")), undefined);
  assert.equal(readBody(undefined, bytes("")), undefined);
});

test("without a content type it is what it looks like", () => {
  assert.deepEqual(readBody(undefined, bytes("[1]")), [1]);
  assert.equal(readBody(undefined, bytes("hello")), "hello");
  assert.equal(readBody(undefined, Buffer.from([0xff, 0xfe])), "//4=");
});

test("what calls itself JSON and is none is refused, or taken as a text where that must not hide a status", () => {
  assert.throws(() => readBody("application/json", bytes("<html>")), JsonSyntaxError);
  assert.equal(readBodyLeniently("application/json", bytes("<html>")), "<html>");
});
