import assert from "node:assert/strict";
import { test } from "node:test";
import type { Disposition, RedriveOutcome } from "@antiphon/protocol";
import { type DeadLetterRow, deadLetterLines, deadLetterState, evolveDeadLetter } from "./dead-letter-row.ts";
import type { LedgerRow } from "./ledger-row.ts";
import { lists } from "./lists.ts";

const event = { source: "/s", id: "e", type: "t" };
const key = "dead-letter/d1";

function letter(offset: number, more: Partial<DeadLetterRow> = {}): DeadLetterRow {
  const from = { topic: "antiphon.history", partition: 0, offset, index: 0 };
  return { id: "d1", offset, atMs: offset, disposition: "unmatched", reason: "nobody", event, from, ...more };
}

function written(row: DeadLetterRow | undefined, next: DeadLetterRow): DeadLetterRow {
  return evolveDeadLetter(row, { kind: "dead-letter", key, row: next }) as DeadLetterRow;
}

function redriven(row: DeadLetterRow, outcome: RedriveOutcome): DeadLetterRow {
  const sent = { type: "Redriven", id: "d1", letter: row.offset, atMs: 50, outcome } as const;
  return evolveDeadLetter(row, { kind: "dead-letter", key, redriven: sent }) as DeadLetterRow;
}

function ledger(disposition: Disposition): LedgerRow {
  return { ...event, disposition, atMs: 1, sinceMs: 1 };
}

test("a letter is open as long as its event is dead", () => {
  assert.equal(deadLetterState(letter(1), undefined), "open");
  for (const disposition of ["unmatched", "rejected", "expired", "duplicate"] as const) {
    assert.equal(deadLetterState(letter(1), ledger(disposition)), "open");
  }
});

test("a letter whose event was taken or is held meanwhile is settled", () => {
  for (const disposition of ["resolved", "started", "buffered"] as const) {
    assert.equal(deadLetterState(letter(1), ledger(disposition)), "settled");
  }
});

test("what could not get out does not ask what became of the same event on its way in", () => {
  assert.equal(deadLetterState(letter(1, { direction: "out" }), ledger("resolved")), "open");
});

test("a letter that was sent again with success is redriven, and one in vain is open", () => {
  const results = (
    ["resolved", "started", "buffered", "duplicate", "sent", "unmatched", "rejected", "expired"] as const
  ).map((result) => deadLetterState(redriven(letter(1), { result }), undefined));
  assert.deepEqual(results, [...Array(5).fill("redriven"), ...Array(3).fill("open")]);
});

test("a letter that is put aside again is open again, whichever of the two is written down first", () => {
  const sent = redriven(letter(1), { result: "buffered" });
  const again = written(sent, letter(2));
  assert.equal(deadLetterState(again, undefined), "open");
  assert.deepEqual(again.redriven, { result: "buffered", atMs: 50, times: 1, letter: 1 });
  const late = evolveDeadLetter(written(letter(1), letter(2)), {
    kind: "dead-letter",
    key,
    redriven: { type: "Redriven", id: "d1", letter: 1, atMs: 50, outcome: { result: "buffered" } },
  });
  assert.equal(late && deadLetterState(late, undefined), "open");
});

test("a letter that a relay writes a second time stays as it is", () => {
  const sent = redriven(letter(1), { result: "resolved" });
  assert.equal(written(sent, letter(1, { offset: 9 })), sent);
});

test("a letter of the same event from anywhere else, or from another time, is a new one", () => {
  const sent = redriven(letter(1), { result: "resolved" });
  const { from } = letter(1);
  const others = [
    letter(1, { from: { ...from, topic: "antiphon.correlations" } }),
    letter(1, { from: { ...from, partition: 3 } }),
    letter(1, { from: { ...from, offset: 7 } }),
    letter(1, { from: { ...from, index: 2 } }),
    letter(1, { atMs: 8 }),
  ];
  for (const other of others) {
    const again = { ...other, offset: 9 };
    assert.deepEqual(written(sent, again), { ...again, redriven: sent.redriven });
  }
});

test("the first letter of an event is as it was written", () => {
  assert.deepEqual(written(undefined, letter(1)), letter(1));
});

test("letters that need a look are in a list of their own", () => {
  const indexes = (row: DeadLetterRow) => deadLetterLines(row).map(({ index }) => index);
  assert.deepEqual(indexes(letter(1)), [lists.deadLetters, lists.deadLettersToLookAt]);
  assert.deepEqual(indexes(redriven(letter(1), { result: "resolved" })), [lists.deadLetters]);
});

test("that a letter was sent which nobody knows is passed over", () => {
  const sent = { type: "Redriven", id: "d1", letter: 1, atMs: 50, outcome: { result: "sent" } } as const;
  assert.equal(evolveDeadLetter(undefined, { kind: "dead-letter", key, redriven: sent }), undefined);
});
