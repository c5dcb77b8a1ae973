import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bucket, emptyBucket, evolve as evolveBucket } from "@antiphon/correlation";
import { absent, evolve, type Instance } from "@antiphon/engine";
import {
  type CloudEvent,
  type CorrelationEvent,
  formatJson,
  type InstanceEvent,
  type Json,
  topics,
} from "@antiphon/protocol";
import { changesOf } from "./changes-of.ts";
import { eventKey, evolveLedger, type LedgerRow } from "./ledger-row.ts";
import type { ViewedTopic } from "./view-space.ts";

const event: CloudEvent = { specversion: "1.0", id: "e1", source: "/s", type: "t", data: { big: true } };
const wait = (instance: string) => ({ instance, wait: "1.a" });
const held: CorrelationEvent = { type: "EventHeld", event, expiresMs: 99_000 };
const dropped: CorrelationEvent = { type: "EventDropped", event, disposition: "expired", reason: "in vain" };
const again: CorrelationEvent = { type: "EventDropped", event, disposition: "duplicate", reason: "again" };
const shared = { event, expiresMs: 99_000, shared: true } as const;

/** What is decided about a key or an instance, one decision a second. */
type Told = readonly [key: string, ...events: (CorrelationEvent | InstanceEvent)[]];

/** A log: what is decided, and copies of what its keys or instances are by then. */
function logOf(topic: ViewedTopic, told: readonly (Told | { readonly copyOf: string })[]) {
  const states = new Map<string, Instance | Bucket>();
  return told.map((one, offset) => {
    const atMs = 1_000 * (offset + 1);
    if ("copyOf" in one) {
      const checkpoint = { state: states.get(one.copyOf) as unknown as Json };
      return { offset, key: one.copyOf, value: formatJson({ atMs, events: [], checkpoint }) };
    }
    const [key, ...events] = one;
    for (const fact of events) {
      const before = states.get(key);
      const after =
        topic === topics.history
          ? evolve((before as Instance | undefined) ?? absent, fact as InstanceEvent, atMs)
          : evolveBucket((before as Bucket | undefined) ?? emptyBucket, fact as CorrelationEvent, atMs);
      states.set(key, after);
    }
    return { offset, key, value: formatJson({ atMs, events: events as unknown as Json }) };
  });
}

/** The event's row by the log from an offset on. */
function rowFrom(topic: ViewedTopic, log: ReturnType<typeof logOf>, start: number): LedgerRow | undefined {
  const changes = log.slice(start).flatMap((record) => changesOf(topic, record));
  const ours = changes.filter((change) => change.kind === "event" && change.key === eventKey(event));
  return ours.reduce<LedgerRow | undefined>((row, change) => {
    return change.kind === "event" ? evolveLedger(row, change) : row;
  }, undefined);
}

/** Logs whose copies tell all, each cut off at some place. */
const told: Readonly<Record<string, readonly [ViewedTopic, start: number, ...(Told | { readonly copyOf: string })[]]>> =
  {
    "that a key holds": [topics.correlations, 1, ["k", held], { copyOf: "k" }],
    "that two keys hold, of which one lets go of it": [
      topics.correlations,
      2,
      ["k", held],
      ["l", held],
      ["l", dropped],
      { copyOf: "k" },
    ],
    "that a key holds and that has come again since": [
      topics.correlations,
      1,
      ["k", held],
      ["k", again],
      { copyOf: "k" },
      ["k", again],
    ],
    "that one of several waits got and that is held for more": [
      topics.correlations,
      2,
      ["k", { type: "EventHeld", ...shared }],
      ["k", { type: "EventMatched", ...shared, wait: wait("i1") }],
      { copyOf: "k" },
    ],
    "that is let go of after it was copied": [topics.correlations, 1, ["k", held], { copyOf: "k" }, ["k", dropped]],
    "that an instance keeps": [
      topics.history,
      1,
      ["i1", { type: "EventBuffered", event, expiresMs: 99_000 }],
      { copyOf: "i1" },
    ],
  };

for (const [what, [topic, start, ...decided]] of Object.entries(told)) {
  test(`the ledger has an event ${what}, from where the log is cut off as from its beginning`, () => {
    const log = logOf(topic, decided);
    const { keys: allKeys, ...all } = rowFrom(topic, log, 0) ?? assert.fail("expected a row");
    const { keys, atMs, reason, ...left } = rowFrom(topic, log, start) ?? assert.fail("expected a row");
    // Not told by a copy are the time of a match, and what another key did with the event.
    const { atMs: when, reason: why, ...rest } = all;
    assert.deepEqual(left, rest);
    assert.equal(reason, why);
    if (left.isOnItsWay === undefined && (allKeys?.length ?? 0) < 2) assert.equal(atMs, when);
    assert.ok(allKeys === undefined || keys?.every((key) => allKeys.includes(key)));
  });

  test(`where all is known already of an event ${what}, a copy changes nothing`, () => {
    const log = logOf(topic, decided);
    const withoutCopies = log.filter(({ value }) => !value.includes("checkpoint"));
    assert.deepEqual(rowFrom(topic, log, 0), rowFrom(topic, withoutCopies, 0));
  });
}

test("an event that was taken elsewhere stays taken, whoever holds a copy of it", () => {
  const log = logOf(topics.history, [
    ["i1", { type: "EventBuffered", event, expiresMs: 99_000 }],
    ["i2", { type: "EventIgnored", event, disposition: "duplicate", reason: "again", found: { by: "instance" } }],
    { copyOf: "i1" },
  ]);
  const row = rowFrom(topics.history, log, 1);
  assert.deepEqual([row?.disposition, row?.instance, row?.sinceMs, row?.duplicates], ["buffered", "i1", 1_000, 1]);
  const taken: LedgerRow = {
    source: "/s",
    id: "e1",
    type: "t",
    disposition: "resolved",
    instance: "i2",
    atMs: 2_000,
    sinceMs: 2_000,
  };
  const [, copy] = changesOf(topics.history, log[2] ?? assert.fail("expected a copy"));
  assert.ok(copy?.kind === "event");
  assert.equal(evolveLedger(taken, copy), taken);
});
