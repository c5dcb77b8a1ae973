import assert from "node:assert/strict";
import { test } from "node:test";
import { notesIn } from "../testing/read-text.ts";

const FILES = {
  "shop.yaml": `openapi: 3.0.3
info: { title: Shop, version: "1" }
servers: [{ url: http://shop.example }]
paths:
  /items/{id}:
    get:
      operationId: look
      parameters: [{ name: lang, in: query, schema: { type: string } }]
      responses: { "200": { description: found } }
    put:
      operationId: keep
      requestBody: { content: { application/json: { schema: {} } } }
      responses: { "200": { description: kept } }
`,
};

function notesOn(name: string, args: string): readonly string[] {
  const text = `id: a
start: s
functions:
  - { name: get, type: custom, operation: "rest:GET:http://shop.example/items/{id}?size={size}" }
  - { name: post, type: custom, operation: "rest:POST:http://shop.example/items/{id}" }
  - { name: look, operation: "shop.yaml#look" }
  - { name: keep, operation: "shop.yaml#keep" }
  - { name: total, type: expression, operation: .total }
  - { name: log, type: custom, operation: sysout }
states:
  - name: s
    type: operation
    actions: [{ functionRef: { refName: ${name}, arguments: ${args} } }]
    end: true`;
  return notesIn(text, { files: FILES }).map((note) => note.replace(/^.*\/arguments/, ""));
}

test("an argument that its function has no place for is noted where it stands", () => {
  assert.deepEqual(notesOn("get", "{ id: 1, size: 2, HEADER_x: a, QUERY_y: b, ignorée: true }"), [
    '/ignorée: expected an argument in {…} of the URL, HEADER_… or QUERY_…, as GET has no body, found "ignorée", which is passed over',
  ]);
  assert.deepEqual(notesOn("look", "{ id: 1, lang: en, size: 2 }"), [
    '/size: expected the name of a parameter of "look", which has no body, found "size", which is passed over',
  ]);
  assert.deepEqual(notesOn("total", "{ of: 1 }"), [
    '/of: expected no arguments of an expression, which is evaluated on the data, found "of", which is passed over',
  ]);
  assert.deepEqual(notesOn("log", "{ message: hello, level: info }"), [
    '/level: expected a "message" alone for sysout, found "level", which is passed over',
  ]);
});

test("nothing is noted where there is a body, or where an expression says what the arguments are", () => {
  for (const name of ["post", "keep"]) assert.deepEqual(notesOn(name, "{ id: 1, more: true }"), []);
  assert.deepEqual(notesOn("get", '"${ {id: 1, more: true} }"'), []);
});
