import assert from "node:assert/strict";
import { test } from "node:test";
import type { Harness, OpenHarness } from "./harness.ts";
import { commitOf, lines } from "./steps.ts";

/** In the order of their bytes. JavaScript's own order would put the emoji before U+FF01. */
const SORTED = ["", "1", "10", "2", "z", "z\u0000", "zz", "é", "я", "\ud7ff", "\ue000", "！", "😀", "😀!", "🙂"];

/** Ordered lists. */
export function testScans(open: OpenHarness): void {
  const opened = async (): Promise<Harness> => {
    const harness = await open();
    await harness.store.commit("s/0", commitOf(null, 1, { added: lines("due", ...SORTED.toReversed()) }));
    return harness;
  };

  test("a scan gives entries in the order of their UTF-8 bytes, either way", async () => {
    await using harness = await opened();
    assert.deepEqual(await harness.store.scan("s/0", "due", { limit: 100 }), SORTED);
    assert.deepEqual(await harness.store.scan("s/0", "due", { limit: 100, reverse: true }), SORTED.toReversed());
  });

  test("a scan gives at most as many as its limit, from the end it starts at", async () => {
    await using harness = await opened();
    assert.deepEqual(await harness.store.scan("s/0", "due", { limit: 3 }), ["", "1", "10"]);
    assert.deepEqual(await harness.store.scan("s/0", "due", { limit: 2, reverse: true }), ["🙂", "😀!"]);
    assert.deepEqual(await harness.store.scan("s/0", "due", { limit: 0 }), []);
  });

  test("after and before are exclusive, and need not be entries themselves", async () => {
    await using harness = await opened();
    const { store } = harness;
    assert.deepEqual(await store.scan("s/0", "due", { after: "z", before: "é", limit: 100 }), ["z\u0000", "zz"]);
    assert.deepEqual(await store.scan("s/0", "due", { after: "11", before: "y", limit: 100 }), ["2"]);
    assert.deepEqual(await store.scan("s/0", "due", { after: "", before: "2", limit: 100 }), ["1", "10"]);
    assert.deepEqual(await store.scan("s/0", "due", { after: "！", limit: 100 }), ["😀", "😀!", "🙂"]);
    assert.deepEqual(await store.scan("s/0", "due", { before: "", limit: 100 }), []);
    assert.deepEqual(await store.scan("s/0", "due", { after: "z", before: "2", limit: 100 }), []);
    assert.deepEqual(await store.scan("s/0", "due", { after: "2", before: "я", reverse: true, limit: 2 }), ["é", "zz"]);
  });

  test("pages that each begin after the last one's end give every entry once", async () => {
    await using harness = await opened();
    const seen: string[] = [];
    let page = await harness.store.scan("s/0", "due", { limit: 4 });
    while (page.length > 0 && seen.length <= SORTED.length) {
      seen.push(...page);
      page = await harness.store.scan("s/0", "due", { limit: 4, after: seen.at(-1) ?? "" });
    }
    assert.deepEqual(seen, SORTED);
  });

  test("an entry is in its list once, however often it is added, until it is removed", async () => {
    await using harness = await open();
    const { store } = harness;
    await store.commit("s/0", commitOf(null, 1, { added: lines("due", "x", "x", "y") }));
    await store.commit("s/0", commitOf(1, 2, { added: lines("due", "x") }));
    assert.deepEqual(await store.scan("s/0", "due", { limit: 100 }), ["x", "y"]);
    await store.commit("s/0", commitOf(2, 3, { removed: lines("due", "x", "never there") }));
    assert.deepEqual(await store.scan("s/0", "due", { limit: 100 }), ["y"]);
  });

  test("an entry that one commit both removes and adds is there afterwards", async () => {
    await using harness = await open();
    const { store } = harness;
    await store.commit("s/0", commitOf(null, 1, { added: lines("due", "x"), removed: lines("due", "x") }));
    await store.commit("s/0", commitOf(1, 2, { added: lines("due", "x", "y"), removed: lines("due", "x", "y") }));
    assert.deepEqual(await store.scan("s/0", "due", { limit: 100 }), ["x", "y"]);
  });

  test("the lists of a space do not see each other, even if one's name begins with the other's", async () => {
    await using harness = await open();
    const { store } = harness;
    const added = [...lines("due", "a", "2:b"), ...lines("due2", "b"), ...lines("d", "ue"), ...lines("", "due")];
    await store.commit("s/0", commitOf(null, 1, { added }));
    await store.commit("s/0", commitOf(1, 2, { removed: lines("due2", "a") }));
    assert.deepEqual(await store.scan("s/0", "due", { limit: 100 }), ["2:b", "a"]);
    assert.deepEqual(await store.scan("s/0", "due2", { limit: 100 }), ["b"]);
    assert.deepEqual(await store.scan("s/0", "d", { limit: 100 }), ["ue"]);
    assert.deepEqual(await store.scan("s/0", "", { limit: 100 }), ["due"]);
  });
}
