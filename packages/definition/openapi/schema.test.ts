import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsIn } from "../testing/read-text.ts";
import { SCHEMA_PARTS_MAX } from "./schema.ts";

const SHARED = 1_000;

/** An array of schemas is a part, and so is each of them. */
function partsOf(count: number): object {
  return { allOf: Array.from({ length: count - 1 }, () => ({})) };
}

function answered(schema: object): object {
  return { post: { requestBody: { content: { "application/json": { schema } } } } };
}

/** What is wrong with an operation that has callbacks whose schemas have so many parts together; most share them. */
function problemsWith(parts: number): readonly string[] {
  const sharing = Math.floor(parts / SHARED) - 1;
  const shared = Array.from({ length: sharing }, (_, i) => [
    `größe ${i}`,
    { "{$request.body#/uri}": answered({ $ref: "#/components/schemas/Größe" }) },
  ]);
  const own = { "{$request.body#/uri}": answered(partsOf(parts - sharing * SHARED)) };
  const document = {
    openapi: "3.0.0",
    servers: [{ url: "http://x" }],
    components: { schemas: { Größe: partsOf(SHARED) } },
    paths: { "/p": { post: { operationId: "o", callbacks: { ...Object.fromEntries(shared), own } } } },
  };
  const workflow = `id: a
start: s
functions: [{ name: f, operation: "d.json#o" }]
states: [{ name: s, type: operation, actions: [{ functionRef: f }], end: true }]`;
  return problemsIn(workflow, { files: { "d.json": JSON.stringify(document) } });
}

test("schemas may have so many parts with all that they refer to, and no more", () => {
  for (const parts of [SCHEMA_PARTS_MAX - 1, SCHEMA_PARTS_MAX]) assert.deepEqual(problemsWith(parts), []);
  const [problem = "", ...others] = problemsWith(SCHEMA_PARTS_MAX + 1);
  assert.deepEqual(others, []);
  assert.match(
    problem,
    /^d\.json:1:\d+ \/paths\/~1p\/post\/callbacks\/own\/.*\/schema\/allOf\/999: expected at most 1000000 parts of schemas, with all that they refer to, found more$/,
  );
});
