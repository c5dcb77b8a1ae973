import assert from "node:assert/strict";
import { test } from "node:test";
import { Entities } from "./entities.ts";

type State = { readonly text: string };
const domain = { absent: { text: "" }, dueMs: () => undefined };
const unlimited = { count: 1_000, units: 1_000_000 };

function stored(text: string): string {
  return JSON.stringify({ state: { text } });
}

test("the cache holds so much text, and not a unit more, of what was used last", () => {
  const one = stored("ä値🙂");
  for (const [units, left] of [
    [3 * one.length, ["a", "b", "c"]],
    [3 * one.length - 1, ["a", "c"]],
    [one.length - 1, []],
  ] as const) {
    const entities = new Entities<State>(domain, { count: 3, units });
    for (const key of ["a", "b", "c"]) entities.remember(key, one);
    entities.get("a");
    entities.trim();
    assert.deepEqual(
      ["a", "b", "c"].filter((key) => entities.get(key) !== undefined),
      left,
    );
  }
});

test("the cache holds so many entities, however small they are", () => {
  const entities = new Entities<State>(domain, { count: 2, units: 1_000 });
  for (const key of ["a", "b", "c"]) entities.remember(key, null);
  entities.trim();
  assert.deepEqual(
    ["a", "b", "c"].map((key) => entities.get(key) !== undefined),
    [false, true, true],
  );
});

test("what is unsaved counts by what it was and what its facts have brought, until the store has it", () => {
  const entities = new Entities<State>(domain, unlimited);
  const text = stored("値".repeat(50));
  entities.remember("a", text);
  const isOver = (units: number) => entities.exceeds({ count: 10, units });
  assert.equal(isOver(0), false, "what is saved does not count");
  entities.change("a", { state: { text: "1" } }, 7);
  entities.change("a", { state: { text: "2" } }, 5);
  assert.deepEqual([isOver(text.length + 12), isOver(text.length + 11)], [false, true]);
  const { values, done } = entities.prepareCommit();
  const written = values.get("=a")?.length ?? 0;
  entities.change("a", { state: { text: "3" } }, 100);
  done();
  assert.deepEqual([isOver(written + 100), isOver(written + 99)], [false, true]);
  entities.prepareCommit().done();
  assert.equal(isOver(0), false);
  entities.trim();
  assert.deepEqual(entities.get("a"), { state: { text: "3" } });
});

test("so many entities may be unsaved", () => {
  const entities = new Entities<State>(domain, unlimited);
  for (const key of ["a", "b"]) {
    entities.remember(key, null);
    entities.change(key, { state: { text: key } }, 1);
  }
  const limit = (count: number) => ({ count, units: 100 });
  assert.deepEqual([entities.exceeds(limit(2)), entities.exceeds(limit(1))], [false, true]);
});
