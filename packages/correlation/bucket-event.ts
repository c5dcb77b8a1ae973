import type { CorrelationEvent, KeyedWait } from "@antiphon/protocol";

type Matched = Extract<CorrelationEvent, { type: "EventMatched" }>;
type Held = Extract<CorrelationEvent, { type: "EventHeld" }>;

/**
 * A fact about one correlation key: those of the protocol, with what the fold needs beside them. An event that is
 * `shared` goes to every wait (cardinality `all`), and to each instance once.
 */
export type BucketEvent =
  | Exclude<CorrelationEvent, Matched | Held>
  /** `expiresMs`: until when the event may be held if the wait does not take it. */
  | (Matched & { readonly expiresMs: number; readonly shared?: true })
  /** `refused`: the wait that it is back from, where other waits may have it still. */
  | (Held & { readonly shared?: true; readonly refused?: KeyedWait })
  /** The wait is not registered: its workflow must not wait here. */
  | { readonly type: "WaitRefused"; readonly wait: KeyedWait; readonly reason: string }
  /** Time has passed: what was remembered to tell duplicates by is forgotten. */
  | { readonly type: "EventsForgotten" };
