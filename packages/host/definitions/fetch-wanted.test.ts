import assert from "node:assert/strict";
import { test } from "node:test";
import type { WantedDocument } from "@antiphon/definition";
import { DOCUMENT_ROUNDS_MAX, DOCUMENTS_MAX, fetchWanted } from "./fetch-wanted.ts";

function wanted(url: string): WantedDocument {
  const place = { file: "a.sw.json", line: 1, column: 2, pointer: `/${url}` };
  return { url, place, referrer: place };
}

test("what a document refers to is fetched after it, each document once", async () => {
  const asked: string[] = [];
  const { texts, problems } = await fetchWanted(
    (found) => (found.has("b") ? [] : found.has("a") ? [wanted("b")] : [wanted("a"), wanted("a")]),
    async ({ url }) => {
      asked.push(url);
      return { text: `text of ${url}` };
    },
  );
  assert.deepEqual(
    [asked, [...texts], problems],
    [
      ["a", "b"],
      [
        ["a", "text of a"],
        ["b", "text of b"],
      ],
      [],
    ],
  );
});

test("a document that cannot be had is a problem where it is referred to, and is not asked for again", async () => {
  const asked: string[] = [];
  const { texts, problems } = await fetchWanted(
    (found) => (found.has("b") ? [wanted("a"), wanted("c")] : [wanted("a"), wanted("b")]),
    async ({ url }) => {
      asked.push(url);
      return url === "a" ? { reason: "it answers 404" } : { text: "" };
    },
  ).catch((error: unknown) => assert.fail(String(error)));
  assert.deepEqual(asked, ["a", "b", "c"]);
  assert.deepEqual([...texts.keys()], ["b", "c"]);
  assert.deepEqual(problems, [
    {
      file: "a.sw.json",
      line: 1,
      column: 2,
      pointer: "/a",
      expected: "a document that can be fetched",
      found: '"a": it answers 404',
    },
  ]);
});

test("documents without an end, or too many of them, are given up on", async () => {
  const endless = await fetchWanted(
    (found) => [wanted(`d${found.size}`)],
    async () => ({ text: "" }),
  );
  assert.equal(endless.texts.size, DOCUMENT_ROUNDS_MAX);
  assert.deepEqual(
    endless.problems.map(({ found }) => found),
    [`"d${DOCUMENT_ROUNDS_MAX}": there are too many before it`],
  );
  const all = Array.from({ length: DOCUMENTS_MAX + 1 }, (_, i) => wanted(`d${i}`));
  const many = await fetchWanted(
    (found) => (found.size === 0 ? all : []),
    async () => ({ text: "" }),
  );
  assert.deepEqual([many.texts.size, many.problems.length], [0, DOCUMENTS_MAX + 1]);
});
