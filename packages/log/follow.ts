import type { Growth } from "./growth.ts";
import type { Batch } from "./port.ts";

/** How many records a tail takes at once. */
export const TAIL_RECORDS_MAX = 500;

/** A place that can be read, and that tells when there is more. */
export interface Followed {
  readonly growth: Growth;
  read(from: number, max: number): Batch;
}

/** The tail of a partition that this process itself writes: reads on whenever it grew, until the signal aborts. */
export async function* follow(place: Followed, from: number, signal: AbortSignal): AsyncGenerator<Batch, void> {
  let position = from;
  for (let first = true; !signal.aborted; first = false) {
    const batch = place.read(position, TAIL_RECORDS_MAX);
    if (first || batch.next > position) yield batch;
    else await place.growth.next(signal);
    position = batch.next;
  }
}
