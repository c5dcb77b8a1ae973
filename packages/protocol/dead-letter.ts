import type { CloudEvent } from "./cloud-event.ts";
import type { Disposition, Stamp } from "./decision.ts";

/** A record on `antiphon.dead-letters`: something was put aside, or what had been put aside has been sent again. */
export type DeadLetterRecord = DeadLetter | Redriven;

/** What could not be used, why, and what is needed to send it through again. */
export interface DeadLetter {
  /** Follows from the event's source and id where there is an event, else from `from`: all copies of an event are one letter. */
  readonly id: string;
  readonly atMs: number;
  readonly reason: string;
  readonly disposition: Disposition;
  /** Which way it was going: to an instance, or out of the machine. Absent: in. */
  readonly direction?: "out";
  readonly instance?: string;
  readonly event?: CloudEvent;
  /** The record as it was read, when it was no event. */
  readonly value?: string;
  /** Only the beginning of the record was kept, or the event without its data, so it cannot be sent again. */
  readonly isCut?: true;
  /** Where it is sent again; absent: its event is matched like one that comes in. */
  readonly to?: LetterAddress;
  readonly from: Stamp;
}

/** A place for a record, or for an event on its way out. */
export type LetterAddress = (
  | { readonly topic: string; readonly key: string | null; readonly headers?: Readonly<Record<string, string>> }
  | { readonly url: string }
) & {
  /** How an event is written there; absent: structured on a topic, binary over HTTP. */
  readonly mode?: "binary" | "structured" | "data";
};

/** A letter has been sent through again. */
export interface Redriven {
  readonly type: "Redriven";
  /** The letter's. */
  readonly id: string;
  /** The offset of the letter that was sent: one that was put aside again has another. */
  readonly letter: number;
  readonly atMs: number;
  readonly outcome: RedriveOutcome;
}

/** What came of sending a letter again: the disposition of its event, or that it is where it was to go. */
export interface RedriveOutcome {
  readonly result: Disposition | "sent";
  readonly instance?: string;
  readonly reason?: string;
}
