import assert from "node:assert/strict";
import { test } from "node:test";
import { formatJson, type Json, topics } from "@antiphon/protocol";
import { changesOf } from "./changes-of.ts";

const event = { specversion: "1.0", id: "e1", source: "/s", type: "t", data: { big: true } };
const ref = { source: "/s", id: "e1", type: "t" };
const key = 'event/["/s","e1"]';

function history(...events: Json[]) {
  const fact = { offset: 7, key: "i1", value: formatJson({ atMs: 9, events }) };
  return changesOf(topics.history, fact).filter((change) => change.kind === "event");
}

function correlations(...events: Json[]) {
  return changesOf(topics.correlations, { offset: 7, key: "k", value: formatJson({ atMs: 9, events }) });
}

test("history says of each event that came to an instance what became of it", () => {
  const found = { by: "instance" };
  assert.deepEqual(
    history(
      { type: "InstanceStarted", startedBy: ref },
      { type: "EventReceived", wait: "1.callback", event, found },
      { type: "EventBuffered", event, expiresMs: 99 },
      { type: "EventIgnored", event, disposition: "unmatched", reason: "nobody", found },
      { type: "InstanceCompleted" },
    ),
    [
      { kind: "event", key, entry: { ...ref, disposition: "started", instance: "i1", atMs: 9 } },
      { kind: "event", key, entry: { ...ref, disposition: "resolved", instance: "i1", wait: "1.callback", atMs: 9 } },
      { kind: "event", key, entry: { ...ref, disposition: "buffered", instance: "i1", atMs: 9 } },
      { kind: "event", key, entry: { ...ref, disposition: "unmatched", reason: "nobody", instance: "i1", atMs: 9 } },
    ],
  );
});

test("an event that goes back to the correlator has no disposition from history", () => {
  const found = { by: "key", wait: "1.callback", key: "k" };
  assert.deepEqual(history({ type: "EventIgnored", event, disposition: "unmatched", reason: "closed", found }), []);
});

test("a record that names no instance says nothing of events", () => {
  const value = formatJson({ atMs: 9, events: [{ type: "InstanceStarted", startedBy: ref }] });
  assert.deepEqual(changesOf(topics.history, { offset: 7, key: null, value }), []);
});

test("a start by request has no entry in the ledger", () => {
  assert.deepEqual(history({ type: "InstanceStarted" }), []);
});

test("a copy that an instance has taken before is a duplicate, also if it was matched", () => {
  const found = { by: "key", wait: "1.callback", key: "k" };
  const [change] = history({ type: "EventIgnored", event, disposition: "duplicate", reason: "taken", found });
  const entry = { ...ref, disposition: "duplicate", reason: "taken", instance: "i1", atMs: 9 };
  assert.deepEqual(change, { kind: "event", key, entry });
});

test("correlations say what is held, matched and dropped, at which key", () => {
  const wait = { instance: "i1", wait: "1.callback" };
  const reason = "it was matched to a wait, whose instance has yet to take it";
  assert.deepEqual(
    correlations(
      { type: "WaitRegistered", wait },
      { type: "EventHeld", event, expiresMs: 99 },
      { type: "EventMatched", event, wait },
      { type: "EventDropped", event, disposition: "expired", reason: "in vain" },
      { type: "EventsForgotten" },
    ),
    [
      { kind: "event", key, at: "k", entry: { ...ref, disposition: "buffered", atMs: 9 } },
      {
        kind: "event",
        key,
        at: "k",
        entry: { ...ref, disposition: "buffered", reason, ...wait, isOnItsWay: true, atMs: 9 },
      },
      { kind: "event", key, at: "k", entry: { ...ref, disposition: "expired", reason: "in vain", atMs: 9 } },
    ],
  );
});

test("what could not get out has a row among the dead letters, and is in no ledger of what comes in", () => {
  const from = { topic: topics.history, partition: 2, offset: 5, index: 0 };
  const letter = { id: "d1", atMs: 9, reason: "no", disposition: "rejected", direction: "out", event, from };
  const row = {
    id: "d1",
    offset: 3,
    disposition: "rejected",
    atMs: 9,
    reason: "no",
    direction: "out",
    event: ref,
    from,
  };
  assert.deepEqual(changesOf(topics.deadLetters, { offset: 3, key: "d1", value: formatJson(letter) }), [
    { kind: "dead-letter", key: "dead-letter/d1", row },
  ]);
});

test("that a letter was sent again is said of its row", () => {
  const redriven = { type: "Redriven", id: "d1", letter: 3, atMs: 9, outcome: { result: "sent" } };
  assert.deepEqual(changesOf(topics.deadLetters, { offset: 4, key: "d1", value: formatJson(redriven) }), [
    { kind: "dead-letter", key: "dead-letter/d1", redriven },
  ]);
});

test("a dead letter has a row of its own, and its event an entry in the ledger that names it", () => {
  const from = { topic: topics.history, partition: 2, offset: 5, index: 0 };
  const letter = { id: "d1", atMs: 9, reason: "nobody", disposition: "unmatched", instance: "i1", event, from };
  const about = { disposition: "unmatched", atMs: 9, reason: "nobody", instance: "i1" };
  assert.deepEqual(changesOf(topics.deadLetters, { offset: 3, key: "s", value: formatJson(letter) }), [
    { kind: "dead-letter", key: "dead-letter/d1", row: { id: "d1", offset: 3, ...about, event: ref, from } },
    { kind: "event", key, entry: { ...ref, ...about, deadLetter: "d1" } },
  ]);
});

test("a dead letter that is no event is in no ledger", () => {
  const from = { topic: topics.commands, partition: 2, offset: 5, index: 0 };
  const letter = { id: "d1", atMs: 9, reason: "bad bytes", disposition: "rejected", value: "{", from };
  assert.deepEqual(changesOf(topics.deadLetters, { offset: 3, key: "s", value: formatJson(letter) }), [
    {
      kind: "dead-letter",
      key: "dead-letter/d1",
      row: { id: "d1", offset: 3, disposition: "rejected", atMs: 9, reason: "bad bytes", from },
    },
  ]);
});

test("a record that is none says what was expected and what was found", () => {
  const messageOf = (topic: (typeof topics)["history" | "deadLetters"], value: string | null): string => {
    try {
      changesOf(topic, { offset: 3, key: "i1", value });
      return "nothing thrown";
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.equal(messageOf(topics.history, "[]"), "expected a decision with atMs and events, found []");
  assert.equal(messageOf(topics.history, null), "expected a decision with atMs and events, found nothing");
  assert.equal(messageOf(topics.deadLetters, '{"id":3}'), 'expected a dead letter with id and atMs, found {"id":3}');
});
