import type { DiskPartition } from "./disk-partition.ts";
import type { Tables } from "./sqlite-tables.ts";

/** How many records one step looks at. */
export const STEP_RECORDS_MAX = 1_000;

/** How many keys one compaction remembers; records older than the newest so many keys stay as they are. */
export const COMPACT_KEYS_MAX = 100_000;

/** Removes records older than a time, from the oldest on up to the first that is not, yielding after each step. */
export function* expire(tables: Tables, place: DiskPartition, olderThanMs: number): Generator<void, void> {
  const { topic, partition } = place;
  for (let more = true; more; ) {
    const step = tables.oldest(topic, partition, place.start, STEP_RECORDS_MAX);
    const expired = step.findIndex(({ timestampMs }) => timestampMs >= olderThanMs);
    const last = step[expired === -1 ? step.length - 1 : expired - 1];
    if (last === undefined) return;
    tables.transaction(() => {
      tables.deleteBelow(topic, partition, last.offset + 1);
      tables.putBounds(topic, partition, last.offset + 1, place.end);
    });
    place.startsAt(last.offset + 1);
    more = expired === -1;
    yield;
  }
}

/** Removes what lies below the start, yielding after each step. */
export function* drop(tables: Tables, { topic, partition, start }: DiskPartition): Generator<void, void> {
  for (;;) {
    const last = tables.oldest(topic, partition, 0, STEP_RECORDS_MAX).findLast(({ offset }) => offset < start);
    if (last === undefined) return;
    tables.deleteBelow(topic, partition, last.offset + 1);
    yield;
  }
}

/**
 * Removes each record whose key has a newer one, from the newest back to the oldest, yielding after each step.
 * A record without a key stays.
 */
export function* compact(tables: Tables, place: DiskPartition): Generator<void, void> {
  const { topic, partition } = place;
  const seen = new Set<string>();
  let below = place.end;
  while (seen.size < COMPACT_KEYS_MAX) {
    const step = tables.newestKeys(topic, partition, below, STEP_RECORDS_MAX);
    const last = step.at(-1);
    if (last === undefined) return;
    const superseded = step.filter(({ key }) => key !== null && seen.size === seen.add(key).size);
    tables.transaction(() => {
      for (const { offset } of superseded) tables.deleteOne(topic, partition, offset);
    });
    below = last.offset;
    yield;
  }
}
