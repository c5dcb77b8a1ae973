import type { Fact } from "@antiphon/log";
import { type DeadLetterRecord, isJsonObject, parseJson, readDecision, refOf, topics } from "@antiphon/protocol";
import { correlationChanges } from "./correlation-changes.ts";
import { type DeadLetterChange, deadLetterKey } from "./dead-letter-row.ts";
import type { InstanceChange } from "./evolve-instance.ts";
import { historyChanges } from "./history-changes.ts";
import { eventKey, type LedgerChange } from "./ledger-row.ts";
import { shortText } from "./short-text.ts";
import type { ViewedTopic } from "./view-space.ts";

/** What a record says of one row. */
export type Change = InstanceChange | LedgerChange | DeadLetterChange;

/** What a record of a topic says of rows; throws what is wrong with it. */
export function changesOf(topic: ViewedTopic, fact: Pick<Fact, "offset" | "key" | "value">): readonly Change[] {
  switch (topic) {
    case topics.history:
      return historyChanges(fact.offset, fact.key, readDecision(fact.value));
    case topics.correlations:
      return correlationChanges(fact.key, readDecision(fact.value));
    case topics.deadLetters:
      return deadLetterChanges(fact.offset, readDeadLetter(fact));
  }
}

/** A record of the dead letters as it stands in the log; throws what is wrong with it. */
export function readDeadLetter({ value }: Pick<Fact, "value">): DeadLetterRecord {
  const read = parseJson(value ?? "null");
  if (!isJsonObject(read) || typeof read.id !== "string" || typeof read.atMs !== "number") {
    throw new Error(`expected a dead letter with id and atMs, found ${shortText(value ?? "nothing")}`);
  }
  return read as unknown as DeadLetterRecord;
}

function deadLetterChanges(offset: number, record: DeadLetterRecord): readonly Change[] {
  if ("type" in record) return [{ kind: "dead-letter", key: deadLetterKey(record.id), redriven: record }];
  const { id, atMs, disposition, direction, instance, event, from } = record;
  const reason = shortText(record.reason);
  const ref = event && refOf(event);
  const about = { disposition, atMs, reason, ...(instance !== undefined && { instance }) };
  const row = { id, offset, ...about, ...(direction && { direction }), ...(ref && { event: ref }), from };
  const written: Change = { kind: "dead-letter", key: deadLetterKey(id), row };
  // The ledger is of what comes in.
  if (ref === undefined || direction === "out") return [written];
  return [written, { kind: "event", key: eventKey(ref), entry: { ...ref, ...about, deadLetter: id } }];
}
