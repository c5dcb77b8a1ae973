import assert from "node:assert/strict";
import { test } from "node:test";
import type { Disposition } from "@antiphon/protocol";
import { dispositionOf } from "./disposition-of.ts";
import { evolveLedger, type LedgerRow } from "./ledger-row.ts";

function row(disposition: Disposition, atMs: number): LedgerRow {
  return { source: "/s", id: "e", type: "t", disposition, atMs, sinceMs: atMs };
}

/** What all orders of the rows say, in which the partitions may be asked. */
function said(...rows: readonly LedgerRow[]): readonly string[] {
  return [...new Set(orders(rows).map((order) => dispositionOf(order)?.disposition ?? "nothing"))];
}

function orders<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => orders(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

test("nothing is said of an event that no partition knows", () => {
  assert.deepEqual(said(), ["nothing"]);
});

test("an event that was taken somewhere is resolved, whatever else was said later", () => {
  assert.deepEqual(said(row("resolved", 1), row("unmatched", 2), row("duplicate", 3), row("expired", 4)), ["resolved"]);
  assert.deepEqual(said(row("started", 1), row("buffered", 2)), ["started"]);
});

test("of what was taken twice the newest counts", () => {
  assert.deepEqual(said(row("started", 1), row("resolved", 2)), ["resolved"]);
  assert.deepEqual(said(row("started", 2), row("resolved", 1)), ["started"]);
});

test("an event that nobody took and that is held somewhere is buffered, whatever was said elsewhere", () => {
  assert.deepEqual(said(row("buffered", 1), row("expired", 2)), ["buffered"]);
  assert.deepEqual(said(row("unmatched", 1), row("buffered", 2)), ["buffered"]);
});

test("an event that is held nowhere is what was said of it last", () => {
  const onItsWay = { ...row("buffered", 2), isOnItsWay: true } as const;
  assert.deepEqual(said(row("unmatched", 1), row("expired", 2)), ["expired"]);
  assert.deepEqual(said(row("unmatched", 1), onItsWay), ["buffered"]);
  assert.deepEqual(said(onItsWay, row("expired", 3)), ["expired"]);
  assert.deepEqual(said(onItsWay, row("resolved", 1)), ["resolved"]);
});

test("that it came again does not hide what became of it", () => {
  assert.deepEqual(said(row("buffered", 1), row("duplicate", 2)), ["buffered"]);
  assert.deepEqual(said(row("expired", 1), row("duplicate", 2)), ["expired"]);
  assert.deepEqual(said(row("duplicate", 2)), ["duplicate"]);
});

test("of two at the same time the later in the order of the spaces counts", () => {
  assert.equal(dispositionOf([row("unmatched", 1), row("expired", 1)])?.disposition, "expired");
});

test("within a partition the log says what is newer, and the row keeps its place", () => {
  const say = (before: LedgerRow | undefined, disposition: Disposition, atMs: number): LedgerRow => {
    return evolveLedger(before, { kind: "event", key: "k", entry: { ...row(disposition, atMs) } });
  };
  const held = say(undefined, "buffered", 5);
  const expired = say(held, "expired", 4);
  assert.deepEqual(expired, { ...row("expired", 4), sinceMs: 5 });
  const resolved = say(expired, "resolved", 6);
  assert.deepEqual(resolved, { ...row("resolved", 6), sinceMs: 5 });
  assert.deepEqual(say(resolved, "unmatched", 7), resolved);
});

test("an event that several keys of a partition hold is held until the last of them lets go of it", () => {
  const say = (before: LedgerRow | undefined, at: string, disposition: Disposition, atMs: number): LedgerRow => {
    const { sinceMs: _, ...entry } = row(disposition, atMs);
    return evolveLedger(before, { kind: "event", key: "k", entry, at });
  };
  const both = say(say(undefined, "one", "buffered", 1), "other", "buffered", 2);
  const one = say(both, "other", "expired", 3);
  assert.deepEqual(one, { ...row("buffered", 2), sinceMs: 1, keys: ["one", "other"], heldAt: ["one"] });
  assert.deepEqual(say(one, "one", "expired", 4), { ...row("expired", 4), sinceMs: 1, keys: ["one", "other"] });
});

test("copies are counted, and change nothing", () => {
  const say = (before: LedgerRow, disposition: Disposition, atMs: number): LedgerRow =>
    evolveLedger(before, { kind: "event", key: "k", entry: row(disposition, atMs) });
  const again = say(say(row("resolved", 1), "duplicate", 2), "duplicate", 3);
  assert.deepEqual(again, { ...row("resolved", 1), duplicates: 2 });
});

test("a copy that comes while an event is held, or after it was put aside, leaves that as it is", () => {
  const say = (before: LedgerRow | undefined, disposition: Disposition, atMs: number, at?: string): LedgerRow => {
    const { sinceMs: _, ...entry } = row(disposition, atMs);
    return evolveLedger(before, { kind: "event", key: "k", entry, ...(at !== undefined && { at }) });
  };
  const held = say(say(undefined, "buffered", 1, "one"), "duplicate", 2, "one");
  assert.deepEqual(held, { ...row("buffered", 1), keys: ["one"], heldAt: ["one"], duplicates: 1 });
  const kept = say(say(undefined, "buffered", 1), "duplicate", 2);
  assert.deepEqual(kept, { ...row("buffered", 1), duplicates: 1 });
  const aside = say(say(undefined, "unmatched", 1), "duplicate", 2);
  assert.deepEqual(aside, { ...row("unmatched", 1), duplicates: 1 });
  assert.deepEqual(say(say(undefined, "duplicate", 1), "duplicate", 2), {
    ...row("duplicate", 2),
    sinceMs: 1,
    duplicates: 2,
  });
});
