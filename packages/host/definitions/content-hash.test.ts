import assert from "node:assert/strict";
import { test } from "node:test";
import { contentHash } from "./content-hash.ts";

const bundle = { path: "a.sw.json", files: { "a.sw.json": "{}", "specs/b.yaml": "x" } };

test("the same files have the same hash, in whatever order they were read", () => {
  assert.equal(contentHash(bundle), "9c88a66f39ba03e594403365da724a9f2972f6149e3d7a61c5fc9bef14bc0f79");
  assert.equal(
    contentHash({ path: "a.sw.json", files: { "specs/b.yaml": "x", "a.sw.json": "{}" } }),
    contentHash(bundle),
  );
});

test("another text, name, or main file is another hash", () => {
  const others = [
    { ...bundle, path: "specs/b.yaml" },
    { ...bundle, files: { "a.sw.json": "{} ", "specs/b.yaml": "x" } },
    { ...bundle, files: { "a.sw.json": "{}", "specs/c.yaml": "x" } },
    { ...bundle, files: { "a.sw.json": "{}" } },
  ];
  assert.equal(new Set([bundle, ...others].map(contentHash)).size, 5);
});
