import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems, readDefinition } from "./index.ts";

test("a member that nobody knows, and that looks like none, is read over, and told with its place", () => {
  const text = JSON.stringify({
    id: "w",
    start: "a",
    owner: "me",
    states: [{ name: "a", type: "inject", data: {}, end: true, colour: "red" }],
  });
  const read = readDefinition({ path: "w.sw.json", files: { "w.sw.json": text } }, {});
  assert.equal(read.definition?.id, "w");
  assert.deepEqual(read.definition === undefined ? "" : formatProblems(read.notes).split("\n"), [
    'w.sw.json:1:23 /owner: expected a member of a workflow, found "owner", which is read over',
    'w.sw.json:1:95 /states/0/colour: expected a member of an inject state, found "colour", which is read over',
  ]);
});

test("where SonataFlow is to be followed to the letter, nothing is told, and no name is taken for another", () => {
  const text = JSON.stringify({
    id: "w",
    start: "a",
    keepAlive: true,
    states: [{ name: "a", type: "inject", data: {}, end: true, colour: "red" }],
  });
  const files = { "w.sw.json": text, "application.properties": "antiphon.compatibility=sonataflow" };
  const read = readDefinition({ path: "w.sw.json", files }, {});
  assert.deepEqual([read.definition?.keepActive, read.definition === undefined ? [] : read.notes], [false, []]);
});
