/**
 * The value of one record on a compare-and-append topic: everything about one instance (or one correlation key, the
 * record's key) that followed from one input. Input and output move together, so a decision is never half there.
 */
export interface Decision<Event> {
  /** The offset of the input in the partition of the same number; absent: a timer, or nothing at all. */
  readonly input?: number;
  /** Where a relay had the input from. The fold remembers the newest of each source, and drops what is not newer. */
  readonly from?: Stamp;
  /** The offset of the same key's previous decision; absent: this is its first. */
  readonly previous?: number;
  /** When it was decided, epoch milliseconds. */
  readonly atMs: number;
  /** May be empty: then only the positions move. */
  readonly events: readonly Event[];
  /** Who is told once the store holds this. */
  readonly reply?: ReplyTo;
  /** The input could not be decided; it goes to the dead letters. */
  readonly rejected?: Rejection;
}

/** The place of a message's origin: the record, and which of the record's messages it is. */
export interface Stamp {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly index: number;
}

/** Somebody who waits for an answer: a request of a gateway. */
export interface ReplyTo {
  readonly gateway: string;
  readonly request: string;
}

export interface Rejection {
  readonly reason: string;
  /** The input's value as it was read. */
  readonly value: string;
  /** Only the beginning of it, or its event without the data, or nothing: it was too long. */
  readonly isCut?: true;
}

/** What happened to a result event, in one word. */
export type Disposition = "resolved" | "started" | "buffered" | "duplicate" | "unmatched" | "rejected" | "expired";
