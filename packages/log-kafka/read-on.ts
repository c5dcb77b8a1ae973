import { type LastRead, PlaceLostError } from "@antiphon/log";
import type { Chunk } from "./facts.ts";
import type { Fetcher } from "./fetcher.ts";
import type { Place } from "./subscription.ts";

/** Producers' clocks differ, so a reader that has lost its place goes back by so long; ids tell what comes again. */
export const REPEATED_MS = 30 * 60_000;

/** Where a reader stands, and what it has read last; undefined: nothing that is known. */
export interface Standing {
  readonly position: number;
  readonly last: LastRead | undefined;
}

/** What is wrong with a reader's place. */
export interface Mismatch {
  readonly expected: string;
  readonly found: string;
  /** A broker that has just taken over may not know its end yet: that a partition is too short may pass. */
  readonly mayPass: boolean;
}

/**
 * What comes after a reader's place, at most `max` facts, or why that is not its place any more. The record that it has
 * read last is read again with what follows: if it is another one, the partition is another one.
 */
export async function readOn(
  fetcher: Fetcher,
  { topic, partition }: Place,
  { position, last }: Standing,
  max: number,
): Promise<Chunk | Mismatch> {
  const chunk = await fetcher.read(topic, partition, last?.offset ?? position, max + 1);
  const mismatch = mismatchOf(chunk, { position, last });
  if (mismatch !== undefined) return mismatch;
  // One that is large comes alone.
  if (chunk.next <= position && position < chunk.end) return fetcher.read(topic, partition, position, max);
  const records = chunk.records.filter(({ offset }) => offset >= position);
  return { ...chunk, from: position, next: Math.max(chunk.next, position), records };
}

/** The error of a reader that has lost its place, with where it may go on. */
export async function placeLost(
  fetcher: Fetcher,
  { topic, partition }: Place,
  last: LastRead | undefined,
  { expected, found }: Mismatch,
): Promise<PlaceLostError> {
  const next =
    last === undefined
      ? (await fetcher.bounds(topic, partition)).start
      : await fetcher.since(topic, partition, last.timestampMs - REPEATED_MS);
  return new PlaceLostError(topic, partition, expected, found, next);
}

function mismatchOf({ records, end }: Chunk, { position, last }: Standing): Mismatch | undefined {
  const again = records.find(({ offset }) => offset === last?.offset);
  if (last !== undefined && again !== undefined && again.timestampMs !== last.timestampMs) {
    const [expected, found] = [last, again].map(({ timestampMs }) => new Date(timestampMs).toISOString());
    return { expected: `the record of ${expected} at ${last.offset}`, found: `one of ${found}`, mayPass: false };
  }
  if (end >= position) return undefined;
  return { expected: `records up to ${position}`, found: `that it ends at ${end}`, mayPass: true };
}
