import type { DiskPartition } from "./disk-partition.ts";
import { LogUnavailableError } from "./errors.ts";
import type { LogRecord } from "./port.ts";
import type { Tables } from "./sqlite-tables.ts";

interface Write {
  readonly place: DiskPartition;
  readonly records: readonly LogRecord[];
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Writes everything that was asked for within one turn of the event loop, for whatever topics, in one transaction:
 * one wait for the disk, however many asked.
 */
export class GroupCommit {
  readonly #tables: Tables;
  readonly #now: () => number;
  readonly #alongside: () => void;
  #writes: Write[] = [];
  #scheduled: NodeJS.Immediate | undefined;

  /** `alongside` is called within each transaction, to write what is in no hurry. */
  constructor(tables: Tables, now: () => number, alongside: () => void) {
    this.#tables = tables;
    this.#now = now;
    this.#alongside = alongside;
  }

  /** Appends records to a place; resolves when they are on disk. */
  write(place: DiskPartition, records: readonly LogRecord[]): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#writes.push({ place, records, done });
    this.#scheduled ??= setImmediate(() => this.flush());
    return done.promise;
  }

  /** Writes now what was asked for so far. */
  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const writes = this.#writes;
    this.#writes = [];
    const timestampMs = this.#now();
    try {
      this.#tables.transaction(() => {
        this.#insert(writes, timestampMs);
        this.#alongside();
      });
    } catch (cause) {
      for (const { place, done } of writes) {
        place.broke();
        done.reject(new LogUnavailableError("the embedded log could not be written", { cause }));
      }
      return;
    }
    for (const { place, records } of writes) place.landed(records, timestampMs);
    for (const { place, done } of writes) {
      place.growth.happened();
      done.resolve();
    }
  }

  #insert(writes: readonly Write[], timestampMs: number): void {
    const ends = new Map<DiskPartition, number>();
    for (const { place, records } of writes) {
      let offset = ends.get(place) ?? place.end;
      for (const record of records) this.#tables.insert(place.topic, place.partition, offset++, timestampMs, record);
      ends.set(place, offset);
    }
  }
}
