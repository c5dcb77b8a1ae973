import { PlaceLostError } from "./errors.ts";
import type { Growth } from "./growth.ts";
import type { Batch, TailOptions } from "./port.ts";

/** How many records a tail takes at once. */
export const TAIL_RECORDS_MAX = 500;

/** A place that can be read, and that tells when there is more. */
export interface Followed {
  /** The first offset still there. */
  readonly start: number;
  readonly growth: Growth;
  read(from: number, max: number): Batch;
}

/**
 * The tail of a partition that this process itself writes: reads on whenever it grew, until the signal aborts. As nothing
 * else changes it, whether the reader's place is there is seen at once or never.
 */
export async function* follow(
  place: Followed,
  { topic, partition, from }: { readonly topic: string; readonly partition: number; readonly from: number },
  { signal }: Pick<TailOptions, "signal">,
): AsyncGenerator<Batch, void> {
  let position = from;
  for (let first = true; !signal.aborted; first = false) {
    const batch = place.read(position, TAIL_RECORDS_MAX);
    if (first && batch.end < from) {
      const found = `that it ends at ${batch.end}`;
      throw new PlaceLostError(topic, partition, `records up to ${from}`, found, place.start);
    }
    if (first || batch.next > position) yield batch;
    else await place.growth.next(signal);
    position = batch.next;
  }
}
