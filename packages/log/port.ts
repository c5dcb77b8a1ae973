/** The most bytes that keys, values and headers of one batch may have together. */
export const BATCH_BYTES_MAX = 4_000_000;

/** The most records that one batch may have, so that what a log adds to each stays small beside what they hold. */
export const BATCH_RECORDS_MAX = 10_000;

/** What a writer hands over. A value of null is a tombstone. */
export interface LogRecord {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A record for a topic that has no writer's position. Without a partition the key chooses one, and chance without a key. */
export interface Message extends LogRecord {
  readonly topic: string;
  readonly partition?: number;
}

/** A record as readers see it: it is in the log, and its batch landed where its writer meant it to. */
export interface Fact extends LogRecord {
  readonly offset: number;
  readonly timestampMs: number;
  /** The value's bytes were not UTF-8; `value` is what could be made of them. */
  readonly malformed?: true;
  /** Names of headers whose bytes were not UTF-8; `headers` has what could be made of them. Absent: there are none. */
  readonly malformedHeaders?: readonly string[];
}

/** Facts of one partition in their order. There may be none: then only the positions have moved. */
export interface Batch {
  readonly records: readonly Fact[];
  /** The offset to read from next: past everything looked at, facts or not. */
  readonly next: number;
  /** The end of the log as it was known when this was read; `next === end` means that the reader has caught up. */
  readonly end: number;
}

export type Appended =
  | { readonly status: "appended"; readonly next: number }
  /** Somebody else wrote first; nothing of the batch counts. Read on, decide again. */
  | { readonly status: "conflict" };

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** How long records are kept, in milliseconds; "compact" keeps the last record of each key; "forever" keeps all. */
  readonly retention: number | "compact" | "forever";
  /** Nobody misses its records after a restart, so a log may keep them in memory only. */
  readonly ephemeral?: true;
  /** Its records are facts, each decided where the fold of those before it ends: it takes `append`, and `publish` is refused. */
  readonly factual?: true;
}

/** Where a group had got to in a partition. `note` is the owner's own, at most 1,000 characters. */
export interface Committed {
  readonly offset: number;
  readonly note: string;
}

/** A partition that a group has handed to this member. Ownership is a hint: for some moments two may believe that they own it. */
export interface Owned {
  readonly topic: string;
  readonly partition: number;
  /** What the last owner committed; undefined if nobody ever did. */
  readonly committed: Committed | undefined;
  /** Aborts when the partition is taken away or the member leaves. */
  readonly signal: AbortSignal;
  /** Remembers a position for the next owner. May fail quietly: the next owner then begins earlier. */
  commit(position: Committed): Promise<void>;
}

export interface Membership extends AsyncDisposable {
  /** Rejects when the group cannot go on (a run failed, the broker refused it for good); resolves after disposal. */
  readonly stopped: Promise<void>;
  /**
   * From now on it works on these topics instead. A partition that it has and that is still among them goes on undisturbed.
   * Throws if there is no such topic. Absent: one can only leave, and join again.
   */
  follow?(topics: readonly string[]): Promise<void>;
}

/** A record by which a partition is known again: where it is, and its time. */
export type LastRead = Pick<Fact, "offset" | "timestampMs">;

export interface TailOptions {
  readonly signal: AbortSignal;
  /** The last record that the reader has read before. */
  readonly after?: LastRead;
}

/**
 * Partitioned, durable, append-only. An adapter is right when it passes `@antiphon/log/contract`.
 * Every call waits and retries by itself while the log cannot be reached, up to the adapter's limit,
 * then throws `LogUnavailableError`.
 */
export interface Log extends AsyncDisposable {
  /** What the name of a topic has to be that this one is not, in words of an error; undefined, or no such method: it will do. */
  topicNameProblem?(name: string): string | undefined;

  /** Creates what is missing; throws `TopicMismatchError` if a topic has another number of partitions than it should or once had. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>;

  /** How many partitions a topic has; undefined if there is no such topic. */
  partitions(topic: string): Promise<number | undefined>;

  /**
   * Appends all of `records` at offset `at`, or nothing. An answer that got lost is settled before this returns:
   * "appended" means that every reader sees the batch, "conflict" that none ever will.
   * Over `BATCH_BYTES_MAX`: throws `RecordTooLargeError`, nothing appended; no record at all or more than
   * `BATCH_RECORDS_MAX`: throws a RangeError. At most one call at a time per partition.
   */
  append(
    topic: string,
    partition: number,
    records: readonly LogRecord[],
    options: { readonly at: number },
  ): Promise<Appended>;

  /**
   * Appends at the end of whatever partition, at least once: after an error some may be in the log, and a retry of the
   * adapter's may have put a record there twice. Messages to one partition keep the order they have in `messages`;
   * of two calls that overlap, none is promised. Before anything is sent it throws `RecordTooLargeError`, and an Error
   * if one of the topics was ensured here as `factual`.
   */
  publish(messages: readonly Message[]): Promise<void>;

  /**
   * What is there from an offset on, at most `max` records, without waiting for more; maybe fewer than there are.
   * `from` below the start reads from the start. From beyond the end there is nothing: `next` is `from`, and `end` below it.
   */
  read(topic: string, partition: number, from: number, max: number): Promise<Batch>;

  /**
   * Follows a partition from an offset until the signal aborts (then it ends, without an error). The reader's pace is
   * kept: what it does not take is not read, and a slow reader never stalls another.
   * The first batch is yielded even if it is empty, so that a reader learns where the end is. Throws `PlaceLostError` if
   * it finds that the partition ends before the reader's place, or holds another record where it has read one.
   */
  tail(topic: string, partition: number, from: number, options: TailOptions): AsyncIterable<Batch>;

  /** The first offset still there, and the one that the next record will get. */
  bounds(topic: string, partition: number): Promise<{ readonly start: number; readonly end: number }>;

  /**
   * Deletes what lies below an offset, for good: nobody needs it any more. Below the start, or beyond the end, it means the
   * start, or the end. A reader from below reads on from the new start. On disk the room is given back some time later.
   */
  truncate(topic: string, partition: number, before: number): Promise<void>;

  /** Where a group had got to in a partition, as its owner committed it; undefined if nobody ever did. */
  committed(group: string, topic: string, partition: number): Promise<Committed | undefined>;

  /**
   * Joins a group that shares out the partitions of `topics`. `run` is called for each partition that is handed over and
   * works on it until its signal aborts; a partition is not handed over again within this process before its `run` has
   * returned, and not given up voluntarily before that either (up to the adapter's limit).
   */
  join(group: string, topics: readonly string[], run: (owned: Owned) => Promise<void>): Promise<Membership>;
}
