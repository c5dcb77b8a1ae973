import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenHarness } from "./harness.ts";
import { commitOf, lines } from "./steps.ts";

const MANY_KEYS = 1_000;
const MANY_CHANGES = 5_000;
const COMMITTERS = 20;

/** Commits, what a load sees of them, and what forgets them. */
export function testCommits(open: OpenHarness): void {
  test("a space of which nothing is held has no position and no values", async () => {
    await using harness = await open();
    assert.deepEqual(await harness.store.load("s/0", ["a", "b"]), { position: null, values: [null, null] });
    assert.deepEqual(await harness.store.load("s/0", []), { position: null, values: [] });
    assert.deepEqual(await harness.store.scan("s/0", "due", { limit: 10 }), []);
  });

  test("a load gives what was committed, in the order of the keys asked for, even twice", async () => {
    await using harness = await open();
    const values = new Map([
      ["a", "1"],
      ["б", "две"],
      ["", "empty key"],
      ["😀\u0000", ""],
    ]);
    assert.equal(await harness.store.commit("s/0", commitOf(null, 7, { values })), "committed");
    assert.deepEqual(await harness.store.load("s/0", ["б", "none", "😀\u0000", "", "a", "a"]), {
      position: 7,
      values: ["две", null, "", "empty key", "1", "1"],
    });
  });

  test("a commit that expects another position conflicts and changes nothing", async () => {
    await using harness = await open();
    await harness.store.commit("s/0", commitOf(null, 7, { values: new Map([["a", "1"]]), added: lines("due", "x") }));
    const changes = {
      values: new Map([
        ["a", null],
        ["b", "2"],
      ]),
      added: lines("due", "y"),
      removed: lines("due", "x"),
    };
    for (const expected of [null, 0, 6, 8, 70]) {
      assert.equal(await harness.store.commit("s/0", commitOf(expected, 9, changes)), "conflict");
    }
    assert.deepEqual(await harness.store.load("s/0", ["a", "b"]), { position: 7, values: ["1", null] });
    assert.deepEqual(await harness.store.scan("s/0", "due", { limit: 10 }), ["x"]);
  });

  test("a commit to a space of which nothing is held conflicts unless it expects just that", async () => {
    await using harness = await open();
    assert.equal(await harness.store.commit("s/0", commitOf(0, 1, { values: new Map([["a", "1"]]) })), "conflict");
    assert.deepEqual(await harness.store.load("s/0", ["a"]), { position: null, values: [null] });
    assert.equal(await harness.store.commit("s/0", commitOf(null, 0)), "committed");
    assert.equal(await harness.store.commit("s/0", commitOf(0, Number.MAX_SAFE_INTEGER)), "committed");
    assert.deepEqual(await harness.store.load("s/0", []), { position: Number.MAX_SAFE_INTEGER, values: [] });
  });

  test("a value of null takes the key away", async () => {
    await using harness = await open();
    await harness.store.commit(
      "s/0",
      commitOf(null, 1, {
        values: new Map([
          ["a", "1"],
          ["b", "2"],
        ]),
      }),
    );
    await harness.store.commit(
      "s/0",
      commitOf(1, 2, {
        values: new Map([
          ["a", null],
          ["never", null],
        ]),
      }),
    );
    assert.deepEqual(await harness.store.load("s/0", ["a", "b", "never"]), { position: 2, values: [null, "2", null] });
  });

  test("a position that went back is seen by the next load", async () => {
    await using harness = await open();
    await harness.store.commit("s/0", commitOf(null, 100, { values: new Map([["a", "new"]]) }));
    await harness.store.wipe("s/0");
    await harness.store.commit("s/0", commitOf(null, 40, { values: new Map([["a", "old"]]) }));
    assert.deepEqual(await harness.store.load("s/0", ["a"]), { position: 40, values: ["old"] });
    assert.equal(await harness.store.commit("s/0", commitOf(100, 101)), "conflict");
  });

  test("of concurrent commits that expect the same position exactly one takes effect", async () => {
    await using harness = await open();
    const stores = [harness.store, harness.another ?? harness.store];
    const outcomes = await Promise.all(
      Array.from({ length: COMMITTERS }, (_, i) =>
        stores[i % 2]?.commit(
          "s/0",
          commitOf(null, i, {
            values: new Map([
              ["a", `${i}`],
              [`only ${i}`, "x"],
            ]),
          }),
        ),
      ),
    );
    const winners = outcomes.flatMap((outcome, i) => (outcome === "committed" ? [i] : []));
    assert.equal(winners.length, 1, `committed: ${winners}`);
    const loaded = await harness.store.load("s/0", ["a", ...outcomes.map((_, i) => `only ${i}`)]);
    assert.deepEqual(loaded, {
      position: winners[0],
      values: [`${winners[0]}`, ...outcomes.map((outcome) => (outcome === "committed" ? "x" : null))],
    });
  });

  test("a load beside commits sees each of them whole or not at all", async () => {
    await using harness = await open();
    const reader = harness.another ?? harness.store;
    const loads = [];
    const commits = [];
    for (let i = 0; i < COMMITTERS; i++) {
      const values = new Map([
        ["a", `${i}`],
        ["b", `${i}`],
      ]);
      commits.push(harness.store.commit("s/0", commitOf(i === 0 ? null : i - 1, i, { values })));
      loads.push(reader.load("s/0", ["a", "b"]));
    }
    assert.deepEqual(new Set(await Promise.all(commits)), new Set(["committed"]));
    for (const { position, values } of await Promise.all(loads)) {
      assert.deepEqual(values, position === null ? [null, null] : [`${position}`, `${position}`]);
    }
  });

  test("two spaces do not see each other, nor does a wipe of one reach the other", async () => {
    await using harness = await open();
    for (const space of ["s/1", "s/11", "s/1}"]) {
      const changes = { values: new Map([["a", space]]), added: lines("due", space) };
      assert.equal(await harness.store.commit(space, commitOf(null, 1, changes)), "committed");
    }
    await harness.store.wipe("s/1");
    assert.deepEqual(await harness.store.load("s/1", ["a"]), { position: null, values: [null] });
    assert.deepEqual(await harness.store.scan("s/1", "due", { limit: 10 }), []);
    for (const space of ["s/11", "s/1}"]) {
      assert.deepEqual(await harness.store.load(space, ["a"]), { position: 1, values: [space] });
      assert.deepEqual(await harness.store.scan(space, "due", { limit: 10 }), [space]);
    }
  });

  test("a wiped space takes up from nothing, whatever indexes it had", async () => {
    await using harness = await open();
    const added = [...lines("due", "x"), ...lines("waits", "y"), ...lines("", "z")];
    await harness.store.commit("s/0", commitOf(null, 5, { values: new Map([["a", "1"]]), added }));
    await harness.store.wipe("s/0");
    await harness.store.wipe("never held");
    assert.equal(await harness.store.commit("s/0", commitOf(null, 1)), "committed");
    assert.deepEqual(await harness.store.load("s/0", ["a"]), { position: 1, values: [null] });
    for (const index of ["due", "waits", ""])
      assert.deepEqual(await harness.store.scan("s/0", index, { limit: 9 }), []);
  });

  test(`${MANY_CHANGES} changes fit in one commit, and ${MANY_KEYS} keys in one load`, async () => {
    await using harness = await open();
    const numbers = Array.from({ length: MANY_CHANGES }, (_, i) => `${i}`.padStart(6, "0"));
    const values = new Map(numbers.map((number) => [`key ${number}`, `value ${number}`]));
    await harness.store.commit("s/0", commitOf(null, 1, { values, added: lines("due", ...numbers) }));
    const asked = numbers.filter((_, i) => i % (MANY_CHANGES / MANY_KEYS) === 0);
    assert.deepEqual(
      await harness.store.load(
        "s/0",
        asked.map((number) => `key ${number}`),
      ),
      {
        position: 1,
        values: asked.map((number) => `value ${number}`),
      },
    );
    assert.deepEqual(await harness.store.scan("s/0", "due", { limit: MANY_CHANGES }), numbers);

    const gone = new Map(numbers.map((number) => [`key ${number}`, null]));
    await harness.store.commit("s/0", commitOf(1, 2, { values: gone, removed: lines("due", ...numbers) }));
    assert.deepEqual(await harness.store.load("s/0", ["key 000000"]), { position: 2, values: [null] });
    assert.deepEqual(await harness.store.scan("s/0", "due", { limit: 1 }), []);
  });
}
