import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsIn } from "../testing/read-text.ts";
import { PROTO_FILES_MAX } from "./proto.ts";

const HEAD = 'syntax = "proto3";\nimport "google/protobuf/empty.proto";\n';
const SERVICE = "service S { rpc M (google.protobuf.Empty) returns (google.protobuf.Empty); }";

function importing(names: readonly string[]): string {
  return HEAD + names.map((name) => `import "${name}";\n`).join("");
}

/** What is wrong with a call of the service in `s.proto`, which has these files beside it. */
function problemsWith(files: Readonly<Record<string, string>>): readonly string[] {
  const workflow = `id: a
start: s
functions: [{ name: f, type: rpc, operation: "s.proto#S#M" }]
states: [{ name: s, type: operation, actions: [{ functionRef: f }], end: true }]`;
  return problemsIn(workflow, { files });
}

/** `s.proto` imports the first of so many files, and each of them the next. */
function inARow(count: number): readonly string[] {
  const names = Array.from({ length: count }, (_, i) => `größe-${i + 1}.proto`);
  const texts = ["s.proto", ...names].map((name, i) => [name, importing(names.slice(i, i + 1))]);
  const files = Object.fromEntries(texts) as Record<string, string>;
  return problemsWith({ ...files, "s.proto": `${files["s.proto"]}${SERVICE}` });
}

/** `s.proto` imports so many files. */
function atOnce(count: number): readonly string[] {
  const names = Array.from({ length: count }, (_, i) => `größe-${i + 1}.proto`);
  const files = names.map((name) => [name, 'syntax = "proto3";']);
  return problemsWith({ ...Object.fromEntries(files), "s.proto": importing(names) + SERVICE });
}

test("so many files may be imported one by another, beside the well-known ones, and no more", () => {
  for (const count of [PROTO_FILES_MAX - 1, PROTO_FILES_MAX]) assert.deepEqual(inARow(count), []);
  assert.deepEqual(inARow(PROTO_FILES_MAX + 1), [
    `größe-${PROTO_FILES_MAX}.proto:3:1: expected at most ${PROTO_FILES_MAX} imported files, found more`,
  ]);
});

test("so many files may be imported by one, and no more", () => {
  for (const count of [PROTO_FILES_MAX - 2, PROTO_FILES_MAX - 1]) assert.deepEqual(atOnce(count), []);
  // The well-known one is among its imports.
  assert.deepEqual(atOnce(PROTO_FILES_MAX), [
    `s.proto:1:1: expected at most ${PROTO_FILES_MAX} imports, found ${PROTO_FILES_MAX + 1}`,
  ]);
});
