import assert from "node:assert/strict";
import { test } from "node:test";
import { type Disposition, topics } from "@antiphon/protocol";
import { memoryStore } from "@antiphon/store";
import { eventKey, type LedgerRow, ledgerLines } from "./ledger-row.ts";
import { ledgerRows, ledgerSpaces, mergedRow } from "./ledger-rows.ts";
import { knownOf } from "./letter-fates.ts";
import { lists } from "./lists.ts";
import { viewSpace } from "./view-space.ts";

const PARTITIONS = 2;

function row(id: string, disposition: Disposition, more: Partial<LedgerRow> = {}): LedgerRow {
  return { source: "/s", id, type: "t", disposition, atMs: 1, sinceMs: 1, ...more };
}

/** One event is known in two spaces, another in one. */
async function stored() {
  const store = memoryStore();
  const put = async (space: string, ...rows: readonly LedgerRow[]): Promise<void> => {
    const values = new Map(rows.map((one) => [eventKey(one), JSON.stringify(one)]));
    await store.commit(space, { expected: null, position: 1, values, added: [], removed: [] });
  };
  await put(viewSpace(topics.history, 1), row("a", "resolved"));
  await put(viewSpace(topics.correlations, 0), row("a", "expired"), row("b", "buffered"));
  return store;
}

test("what is known of several events is read from all spaces, each event's rows in the order of the spaces", async () => {
  const spaces = ledgerSpaces(PARTITIONS);
  const keys = ["b", "a", "never"].map((id) => eventKey({ source: "/s", id }));
  const rows = await ledgerRows(await stored(), spaces, keys);
  const none = undefined;
  assert.deepEqual(rows, [
    [none, none, row("b", "buffered"), none, none, none],
    [none, row("a", "resolved"), row("a", "expired"), none, none, none],
    Array(6).fill(none),
  ]);
  assert.deepEqual(rows.map(mergedRow), [row("b", "buffered"), row("a", "resolved"), none]);
});

test("of letters, what the ledger says is known of the events that were on their way in", async () => {
  const [a, b] = [row("a", "resolved"), row("b", "buffered")];
  const letters = [{ event: b }, { event: a, direction: "out" }, {}, undefined, { event: a }, { event: b }] as const;
  const known = await knownOf({ store: await stored(), partitions: PARTITIONS }, letters);
  assert.deepEqual(known, [b, undefined, undefined, undefined, a, b]);
});

test("an event stands in the lists of its type, its disposition, its instance and its keys, and in that of those held", () => {
  const indexes = (one: LedgerRow) => ledgerLines(one).map(({ index }) => index);
  const always = [lists.events, lists.eventsOfType("t")];
  assert.deepEqual(indexes(row("a", "resolved", { instance: "i" })), [
    ...always,
    lists.eventsThatWere("resolved"),
    lists.eventsAt("i"),
  ]);
  const buffered = [...always, lists.eventsThatWere("buffered")];
  const keys = [lists.eventsWithKey("k"), lists.eventsWithKey("l")];
  assert.deepEqual(indexes(row("a", "buffered", { keys: ["k", "l"] })), [...buffered, lists.eventsHeld, ...keys]);
  assert.deepEqual(indexes(row("a", "buffered", { isOnItsWay: true })), buffered);
});
