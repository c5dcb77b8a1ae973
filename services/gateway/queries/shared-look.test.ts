import assert from "node:assert/strict";
import { test } from "node:test";
import { SharedLook } from "./shared-look.ts";

test("those who ask at once share a look, and who asks during it has the next, so that all see what was there", async () => {
  let value = "before";
  let looks = 0;
  let release = Promise.withResolvers<void>();
  const shared = new SharedLook(async () => {
    looks += 1;
    const seen = value;
    await release.promise;
    return seen;
  });
  const first = [shared.see(), shared.see()];
  await new Promise((resolve) => setImmediate(resolve));
  value = "after";
  const second = [shared.see(), shared.see()];
  release.resolve();
  release = Promise.withResolvers<void>();
  assert.deepEqual(await Promise.all(first), ["before", "before"]);
  release.resolve();
  assert.deepEqual(await Promise.all(second), ["after", "after"]);
  assert.equal(looks, 2);
});

test("a look that fails fails for those who share it, and the next one looks again", async () => {
  const outcomes = [Promise.reject(new Error("away")), Promise.resolve("there")];
  outcomes[0]?.catch(() => {});
  const shared = new SharedLook(() => outcomes.shift() ?? assert.fail("expected no further look"));
  await assert.rejects(shared.see(), { message: "away" });
  assert.equal(await shared.see(), "there");
});
