import type { Batch } from "@antiphon/log";
import { batchOf } from "./facts.ts";
import type { Feed } from "./feed.ts";
import type { Fetcher } from "./fetcher.ts";
import { placeLost, readOn, type Standing } from "./read-on.ts";
import type { Retrying } from "./retrying.ts";
import type { Place } from "./subscription.ts";
import type { Watcher } from "./watcher.ts";

/** How many records a tail takes from the log at once while it is behind. */
const TAIL_RECORDS_MAX = 500;

/** What a tail reads with. */
export interface Readers {
  readonly fetcher: Fetcher;
  readonly watcher: Watcher;
  readonly retrying: Retrying;
}

/** How often it is looked again before a partition that ends too early counts as cut off; the pauses grow to a second. */
const LOOKS_MAX = 8;
const PAUSE_RETRY_MIN = 4;

/**
 * Follows a partition until the signal aborts: from memory while it keeps up, from the log when it is behind. It outlives
 * whatever happens to brokers. Whenever it goes from memory to the log, it looks whether its place is still there.
 */
export async function* tail(
  readers: Readers,
  place: Place,
  standing: Standing,
  signal: AbortSignal,
): AsyncGenerator<Batch, void> {
  const feed = readers.watcher.follow(place.topic, place.partition);
  try {
    let { position, last } = standing;
    let isKnown = false;
    for (let first = true; !signal.aborted; ) {
      const fed = feed.after(position);
      const batch = fed ?? (await fromLog(readers, feed, { position, last, first, isKnown }, signal));
      isKnown = fed === undefined;
      if (signal.aborted) return;
      if (batch !== undefined && (first || batch.next > position)) {
        position = batch.next;
        last = batch.records.at(-1) ?? last;
        first = false;
        yield batch;
      } else if (feed.isAtEnd(position)) {
        await feed.growth.next(signal);
        isKnown = false;
      }
    }
  } finally {
    readers.watcher.leave(feed);
  }
}

interface Reader extends Standing {
  /** It has had nothing yet. */
  readonly first: boolean;
  /** It has just read the log, and need not look for its place. */
  readonly isKnown: boolean;
}

/** Nothing if the log need not be asked, or was not asked because the signal aborted. */
async function fromLog(readers: Readers, feed: Feed, reader: Reader, signal: AbortSignal): Promise<Batch | undefined> {
  if (!reader.first && feed.isAtEnd(reader.position)) return undefined;
  const { fetcher, watcher, retrying } = readers;
  const what = `following partition ${feed.partition} of "${feed.topic}"`;
  for (let look = 1; ; look++) {
    const found = await retrying.run(
      what,
      async (retry) => {
        if (signal.aborted) return undefined;
        const { position, last } = reader;
        const standing = { position, last: reader.isKnown && retry === 0 && look === 1 ? undefined : last };
        const read = await readOn(fetcher, feed, standing, TAIL_RECORDS_MAX);
        if ("records" in read && read.next >= read.end) await watcher.begin(feed, read.end);
        return read;
      },
      Number.POSITIVE_INFINITY,
    );
    if (found === undefined) return undefined;
    if ("records" in found) return batchOf(found);
    if (!found.mayPass || look === LOOKS_MAX) {
      throw await retrying.run(what, () => placeLost(fetcher, feed, reader.last, found), Number.POSITIVE_INFINITY);
    }
    await retrying.pause(PAUSE_RETRY_MIN + look);
    if (signal.aborted) return undefined;
  }
}
