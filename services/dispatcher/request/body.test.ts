import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenApiBody } from "@antiphon/definition";
import { exactNumber, type Json } from "@antiphon/protocol";
import { ActionError } from "../perform/action-error.ts";
import { bodyOf } from "./body.ts";

/** A body as it is sent, its bytes as a text with a byte in each character. */
function sent(body: OpenApiBody | string, value: Json): readonly [type: string, content: string] | undefined {
  const { contentType, content } = bodyOf(typeof body === "string" ? { mediaType: body } : body, value) ?? {};
  if (contentType === undefined || content === undefined) return undefined;
  return [contentType, typeof content === "string" ? content : Buffer.from(content).toString("latin1")];
}

function refused(body: OpenApiBody | string, value: Json): string {
  let found: unknown;
  try {
    found = sent(body, value);
  } catch (error) {
    if (error instanceof ActionError && error.error.code === "400") return error.message;
    throw error;
  }
  throw new Error(`expected no body, found ${JSON.stringify(found)}`);
}

/** The parts of a body, without what separates them. */
function partsOf(body: OpenApiBody, value: Json): readonly string[] {
  const [type, content] = sent(body, value) ?? ["", ""];
  const boundary = /^multipart\/form-data; boundary=([\da-f]{64})$/.exec(type)?.[1];
  assert.ok(boundary !== undefined && content.endsWith(`--${boundary}--\r\n`), content);
  return content.slice(0, -`--${boundary}--\r\n`.length).split(`--${boundary}\r\n`).slice(1);
}

test("JSON keeps the media type that the document has for it", () => {
  assert.deepEqual(sent("application/merge-patch+json", { a: exactNumber("1.0") }), [
    "application/merge-patch+json",
    '{"a":1.0}',
  ]);
});

test("a form has a pair for each member, lists several, objects as JSON", () => {
  const value = { name: "Ada & Co", tags: ["a", "b"], at: { x: 1 }, none: null, n: 2 };
  assert.deepEqual(sent("application/x-www-form-urlencoded", value), [
    "application/x-www-form-urlencoded",
    "name=Ada+%26+Co&tags=a&tags=b&at=%7B%22x%22%3A1%7D&n=2",
  ]);
});

test("a form's member is written in the style that the document gives it", () => {
  const parts = {
    at: { style: "deepObject", explode: true },
    tags: { style: "form", explode: false },
    to: { style: "form", explode: true, allowReserved: true },
  } as const;
  const value = { at: { x: 1 }, tags: ["a", "b"], to: "http://x/y" };
  assert.deepEqual(
    sent({ mediaType: "application/x-www-form-urlencoded", parts }, value)?.[1],
    "at%5Bx%5D=1&tags=a,b&to=http://x/y",
  );
});

test("several parts are texts, JSON, or bytes with a file name", () => {
  const parts = { file: { binary: true, contentType: "image/png" }, note: { contentType: "text/markdown" } } as const;
  const value = { n: 1, at: { x: 1 }, tags: ["a", "b"], file: "AP8=", note: "# é", none: null };
  assert.deepEqual(partsOf({ mediaType: "multipart/form-data", parts }, value), [
    'Content-Disposition: form-data; name="n"\r\n\r\n1\r\n',
    'Content-Disposition: form-data; name="at"\r\nContent-Type: application/json\r\n\r\n{"x":1}\r\n',
    'Content-Disposition: form-data; name="tags"\r\n\r\na\r\n',
    'Content-Disposition: form-data; name="tags"\r\n\r\nb\r\n',
    'Content-Disposition: form-data; name="file"; filename="file"\r\nContent-Type: image/png\r\n\r\n\x00\xff\r\n',
    'Content-Disposition: form-data; name="note"\r\nContent-Type: text/markdown\r\n\r\n# \xc3\xa9\r\n',
  ]);
});

test("bytes may have a name and a type of their own, and a text may stand for them", () => {
  const parts = { 'f"\r\n': { binary: true } } as const;
  const value = {
    'f"\r\n': [{ base64: "AAE=", fileName: "a.bin", contentType: "application/zip" }, { text: "aaaa" }, "a b"],
  };
  const name = 'Content-Disposition: form-data; name="f%22%0D%0A"; filename=';
  assert.deepEqual(partsOf({ mediaType: "multipart/form-data", parts }, value), [
    `${name}"a.bin"\r\nContent-Type: application/zip\r\n\r\n\x00\x01\r\n`,
    `${name}"f%22%0D%0A"\r\nContent-Type: application/octet-stream\r\n\r\naaaa\r\n`,
    `${name}"f%22%0D%0A"\r\nContent-Type: application/octet-stream\r\n\r\na b\r\n`,
  ]);
});

test("a request of several parts is the same whenever it is made", () => {
  const body = { mediaType: "multipart/form-data" };
  assert.deepEqual(sent(body, { a: 1 }), sent(body, { a: 1 }));
  assert.notDeepEqual(sent(body, { a: 1 })?.[0], sent(body, { a: 2 })?.[0]);
});

test("a text is sent as it is, other values as JSON, one member as its value", () => {
  assert.deepEqual(sent("text/plain", "é"), ["text/plain; charset=utf-8", "é"]);
  assert.deepEqual(sent("text/plain", 7), ["text/plain; charset=utf-8", "7"]);
  assert.deepEqual(sent("application/xml", { doc: "<a/>" }), ["application/xml; charset=utf-8", "<a/>"]);
  assert.deepEqual(sent("text/csv; charset=iso-8859-1", "a;b"), ["text/csv; charset=iso-8859-1", "a;b"]);
});

test("bytes are given as base64, or as a text", () => {
  const type = "application/octet-stream";
  assert.deepEqual(sent(type, "AP8="), [type, "\x00\xff"]);
  assert.deepEqual(sent(type, "no base64"), [type, "no base64"]);
  assert.deepEqual(sent(type, { data: { text: "aaaa" } }), [type, "aaaa"]);
  assert.equal(refused(type, 7), `${type}: expected bytes as base64, or a text, found neither`);
  assert.equal(refused(type, { data: { base64: "?" } }), `${type}: expected bytes as base64, or a text, found neither`);
});

test("nothing is sent where nothing is given", () => {
  assert.equal(sent("text/plain", {}), undefined);
  assert.equal(sent("application/octet-stream", null), undefined);
});

test("what does not fit the media type makes no body", () => {
  assert.equal(
    refused("text/plain", { a: 1, b: 2 }),
    "a body of text/plain: expected one value beside the parameters, found something else",
  );
  const form = "application/x-www-form-urlencoded";
  assert.equal(refused(form, "a"), `a body of ${form}: expected an object of its members, found something else`);
});
