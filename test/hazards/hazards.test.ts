import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const DOCS = join(import.meta.dirname, "..", "..", "docs");
const HAZARDS = 30;

/** The rows of the table of hazards, each with the tests that it names. */
const rows = readFileSync(join(DOCS, "hazards.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => [...line.matchAll(/\]\(([^)]+)\): “([^”]+)”/g)].map(([, path = "", name = ""]) => ({ path, name })));

test("every hazard has a test", () => {
  assert.deepEqual(
    rows.map(({ length }) => length > 0),
    Array.from({ length: HAZARDS }, () => true),
  );
});

test("every test that stands against a hazard is there by its name", () => {
  const missing = rows.flat().filter(({ path, name }) => !readFileSync(join(DOCS, path), "utf8").includes(name));
  assert.deepEqual(missing, []);
});
