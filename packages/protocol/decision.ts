import type { JsonObject } from "./json.ts";

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
  /** The offset of the decision that the key's entity began with; absent: that is this or the previous one, or not known. */
  readonly beginning?: number;
  /** When it was decided, epoch milliseconds. */
  readonly atMs: number;
  /** May be empty: then only the positions move. */
  readonly events: readonly Event[];
  /** Who is told once the store holds this. */
  readonly reply?: ReplyTo;
  /** The input could not be decided; it goes to the dead letters. */
  readonly rejected?: Rejection;
  /** Copied forward: what the key's entity is here. There are no events then, and nothing has changed. */
  readonly checkpoint?: Checkpoint<Event>;
  /** Copied forward: what the partition is here beside its entities; on a decision about none of them. */
  readonly partition?: PartitionCheckpoint;
  /** The keys of entities that ended long ago, and are forgotten; on a decision about none of them. */
  readonly forgotten?: readonly string[];
}

/** What an entity is, so that whoever folds from here on needs no earlier fact of it. */
export interface Checkpoint<Event> {
  readonly state: JsonObject;
  /** Its decisions before this one, the oldest first, as far back as a limit allows; absent: none is kept. */
  readonly history?: readonly PastDecision<Event>[];
}

/** A decision that the log may no longer hold. */
export interface PastDecision<Event> {
  readonly offset: number;
  readonly atMs: number;
  readonly events: readonly Event[];
}

/** What a partition is beside its entities. */
export interface PartitionCheckpoint {
  /** From this offset on the log holds, or has copied forward, all that is alive. */
  readonly from: number;
  /** The offset of the input that comes next. */
  readonly inputs: number;
  /** What has been taken in from relays: by `{topic}/{partition}` the newest place. */
  readonly sources: Readonly<Record<string, readonly [offset: number, index: number]>>;
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
