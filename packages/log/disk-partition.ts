import { FactWindow, factOf } from "./fact-window.ts";
import type { GroupCommit } from "./group-commit.ts";
import { Growth } from "./growth.ts";
import type { LocalPartition } from "./local-log.ts";
import type { Batch, LogRecord } from "./port.ts";
import type { Tables } from "./sqlite-tables.ts";

/** What of a partition's newest facts is kept in memory, so that tails that keep up never touch the disk. */
export const RECENT_LIMITS = { records: 1_000, units: 1_000_000 };

/** How much text, in UTF-16 units, one read from disk takes; it ends with the record that goes beyond. */
export const READ_UNITS_MAX = 4_000_000;

/** A partition on disk, with its newest facts in memory. */
export class DiskPartition implements LocalPartition {
  readonly topic: number;
  readonly partition: number;
  readonly growth = new Growth();
  readonly #tables: Tables;
  readonly #commit: GroupCommit;
  readonly #recent: FactWindow;
  #start: number;
  #promised: number;
  #landing = Promise.resolve();

  constructor(tables: Tables, commit: GroupCommit, topic: number, partition: number) {
    const { start, end } = tables.bounds(topic, partition);
    this.topic = topic;
    this.partition = partition;
    this.#tables = tables;
    this.#commit = commit;
    this.#recent = new FactWindow(end, RECENT_LIMITS);
    this.#start = start;
    this.#promised = end;
  }

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#recent.end;
  }

  get promised(): number {
    return this.#promised;
  }

  get landing(): Promise<void> {
    return this.#landing;
  }

  write(records: readonly LogRecord[]): Promise<void> {
    this.#promised += records.length;
    const written = this.#commit.write(this, records);
    this.#landing = written.catch(() => {});
    return written;
  }

  /** The records are on disk at the end; from now on they can be read. */
  landed(records: readonly LogRecord[], timestampMs: number): void {
    const at = this.end;
    this.#recent.push(records.map((record, i) => factOf(record, at + i, timestampMs)));
  }

  /** Nothing of what is still promised will come. */
  broke(): void {
    this.#promised = this.end;
  }

  read(from: number, max: number): Batch {
    const end = this.end;
    const first = Math.max(from, this.#start);
    if (first >= this.#recent.start) {
      const records = this.#recent.slice(first, max);
      return { records, next: first + records.length, end };
    }
    const records = this.#tables.read(this.topic, this.partition, first, max, READ_UNITS_MAX);
    const last = records.at(-1);
    return { records, next: last === undefined ? end : last.offset + 1, end };
  }

  truncate(before: number): void {
    if (before <= this.#start) return;
    // The records themselves go with the upkeep, a few at a time.
    this.#tables.transaction(() => this.#tables.putBounds(this.topic, this.partition, before, this.end));
    this.startsAt(before);
  }

  /** What lies below an offset is gone from the disk. */
  startsAt(offset: number): void {
    this.#start = offset;
    this.#recent.dropBefore(offset);
  }
}
