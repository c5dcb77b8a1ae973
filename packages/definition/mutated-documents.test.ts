import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { formatJson, type Json } from "@antiphon/protocol";
import { jsonOf } from "./document/node.ts";
import { parseFile } from "./document/parse.ts";
import { Problems } from "./document/problems.ts";
import type { Problem } from "./model.ts";
import { readDefinition } from "./read-definition.ts";
import { readFolder } from "./read-folder.ts";
import { type Mutation, mutate, randomFrom } from "./testing/mutate.ts";
import { DOCUMENTS, FILES } from "./testing/whole-language.ts";

const PATH = "test.sw.json";
const MUTATIONS = 1500;
const MUTATIONS_OF_EACH = 10;
const CORPUS = join(import.meta.dirname, "../../test/definitions");

/** Below these a document may say what it likes. */
const FREE = [
  /\/(?:metadata|constants|contextAttributes|arguments|data)\//,
  /^\/(?:dataInputSchema|extensions\/0\/outputSchema)\/schema\//,
  /^\/extensions\/1\/definitions\//,
];

function read(document: Json) {
  return readDefinition({ path: PATH, files: { ...FILES, [PATH]: JSON.stringify(document) } }, {});
}

/**
 * Whether a problem is told at the member, or at or within what has it; at what needs it, which is then told; or where
 * something is named that is no more.
 */
function namesThePlace({ file, pointer, expected, found }: Problem, { pointers, was }: Mutation): boolean {
  const parents = pointers.map((one) => one.slice(0, one.lastIndexOf("/")));
  const isThere = parents.some((one) => pointer === one || (one !== "" && pointer.startsWith(`${one}/`)));
  const isIt = pointers.some((one) => pointer === one || pointer.startsWith(`${one}/`));
  const isNeeded = pointers.some((one) => expected.includes(one.slice(one.lastIndexOf("/") + 1)));
  return file === PATH && (isThere || isIt || isNeeded || namesIn(was).some((name) => found.startsWith(`"${name}`)));
}

/** The names that something may have been referred to by. */
function namesIn(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => [name, ...namesIn(one as Json)]);
}

test("documents with every member of the language are read", () => {
  for (const document of DOCUMENTS) assert.deepEqual(read(document).problems, []);
});

test("a document with a member removed, retyped or misspelt is refused with its place, or read", () => {
  const random = randomFrom(8);
  const counts = { read: 0, refused: 0 };
  for (let i = 0; i < MUTATIONS; i++) {
    const mutation = mutate(DOCUMENTS[i % DOCUMENTS.length] ?? null, random);
    const result = read(mutation.document);
    const { definition, problems } = result;
    counts[definition === undefined ? "refused" : "read"] += 1;
    const { kind, pointers, was } = mutation;
    const about = `${kind} ${pointers.join(" ")} (${JSON.stringify(was)}): ${JSON.stringify(problems, null, 1)}`;
    if (definition === undefined)
      assert.ok(
        problems.some((one) => namesThePlace(one, mutation)),
        about,
      );
    const isFree = FREE.some((form) => form.test(pointers[0] ?? ""));
    // What is misspelt past recognition is read over, and told.
    const isTold = definition === undefined || result.notes.some(({ pointer }) => pointers.includes(pointer));
    if (kind === "misspelt" && !isFree) assert.ok(isTold, about);
  }
  assert.ok(counts.read > MUTATIONS / 20 && counts.refused > MUTATIONS / 2, JSON.stringify(counts));
});

test("each definition of the corpus, with a member removed, retyped or misspelt, is refused with a place, or read", () => {
  const random = randomFrom(9);
  const counts = { read: 0, refused: 0 };
  for (const { path, files } of readFolder(corpus()).bundles) {
    const document = parseFile(path, files[path] ?? "", new Problems());
    assert.ok(document, path);
    for (let i = 0; i < MUTATIONS_OF_EACH; i++) {
      const { kind, pointers, document: mutated } = mutate(jsonOf(document), random);
      const name = path.replace(/ya?ml$/, "json");
      const { problems } = readDefinition({ path: name, files: { ...files, [name]: formatJson(mutated) } }, {});
      counts[problems.length === 0 ? "read" : "refused"] += 1;
      for (const problem of problems) assert.ok(problem.line > 0 && problem.column > 0, `${path}: ${kind} ${pointers}`);
    }
  }
  assert.ok(counts.refused > counts.read && counts.read > 0, JSON.stringify(counts));
});

function corpus(): ReadonlyMap<string, string> {
  const entries = readdirSync(CORPUS, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name));
  return new Map(paths.map((path) => [path.slice(CORPUS.length + 1), readFileSync(path, "utf8")]));
}

test("a document that was cut anywhere is refused with a place", () => {
  for (const document of DOCUMENTS) {
    const text = JSON.stringify(document);
    for (let length = 0; length < text.length; length += 37) {
      for (const path of [PATH, "test.sw.yaml"]) {
        const { problems } = readDefinition({ path, files: { ...FILES, [path]: text.slice(0, length) } }, {});
        assert.ok((problems[0]?.line ?? 0) > 0, `${path} cut to ${length} characters`);
      }
    }
  }
});
