import type { EventProduced } from "@antiphon/protocol";

/** A produced event that its sink has not taken yet. */
export interface Undelivered {
  /** Whose it is; absent: it is of no instance. */
  readonly instance?: string;
  readonly produced: EventProduced;
  readonly url: string;
  /** Where the fact stands, and which of its messages this one is. */
  readonly offset: number;
  readonly index: number;
  /** When it was decided. */
  readonly atMs: number;
  /** Of the event as JSON. */
  readonly bytes: number;
}
