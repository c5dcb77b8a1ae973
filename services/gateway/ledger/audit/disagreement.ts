import type { JsonObject } from "@antiphon/protocol";

/** What can be found not to agree. */
export const KINDS = {
  "event-without-trace": "an event came in and was handled, and no fact tells what became of it",
  "ledger-row-missing": "the facts tell what became of an event, and the ledger has no row of it",
  "ledger-row-differs": "the ledger says something else of an event than the facts do",
  "wait-not-registered": "a wait is open, and not registered under its key",
  "wait-registered-not-open": "a wait is registered under a key, and not open",
  "match-without-answer": "a match has reached its instance, which tells nothing of it",
  "action-without-end": "an action is under way, and the answer to it was rejected",
  "held-event-not-buffered": "an event is held at a key, and the ledger does not say so",
  "buffered-event-not-held": "the ledger says that an event is kept, and nobody keeps it",
  "bucket-differs": "the store has something else at a key than the facts say",
  "instance-differs": "the store has another instance than the facts say",
  "timer-of-ended-instance": "a timer is set for an instance that has ended",
  "copy-differs": "a copy of a key or an instance says something else than the facts before it",
  "alive-without-facts": "the store has something alive that neither facts nor a copy in the logs lead to",
  "dead-letter-missing": "an event was put aside, and there is no dead letter of it",
} as const;

export type Kind = keyof typeof KINDS;

/** One thing that does not agree. `subject` names it: two findings of the same subject and kind are one. */
export interface Disagreement {
  readonly kind: Kind;
  readonly subject: JsonObject;
  readonly expected?: string;
  readonly found?: string;
}
