import type { Batch } from "@antiphon/log";
import { batchOf } from "./facts.ts";
import type { Feed } from "./feed.ts";
import type { Fetcher } from "./fetcher.ts";
import type { Retrying } from "./retrying.ts";
import type { Watcher } from "./watcher.ts";

/** How many records a tail takes from the log at once while it is behind. */
const TAIL_RECORDS_MAX = 500;

/** What a tail reads with. */
export interface Readers {
  readonly fetcher: Fetcher;
  readonly watcher: Watcher;
  readonly retrying: Retrying;
}

/**
 * Follows a partition until the signal aborts: from memory while it keeps up, from the log when it is behind. It outlives
 * whatever happens to brokers.
 */
export async function* tail(
  readers: Readers,
  topic: string,
  partition: number,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<Batch, void> {
  const feed = readers.watcher.follow(topic, partition);
  try {
    let position = from;
    for (let first = true; !signal.aborted; ) {
      const batch = feed.after(position) ?? (await fromLog(readers, feed, position, first, signal));
      if (signal.aborted) return;
      if (batch !== undefined && (first || batch.next > position)) {
        position = batch.next;
        first = false;
        yield batch;
      } else if (feed.isAtEnd(position)) {
        await feed.growth.next(signal);
      }
    }
  } finally {
    readers.watcher.leave(feed);
  }
}

/** Nothing if the log need not be asked, or was not asked because the signal aborted. */
async function fromLog(
  { fetcher, watcher, retrying }: Readers,
  feed: Feed,
  position: number,
  first: boolean,
  signal: AbortSignal,
): Promise<Batch | undefined> {
  const { topic, partition } = feed;
  if (!first && feed.isAtEnd(position)) return undefined;
  const what = `following partition ${partition} of "${topic}"`;
  return retrying.run(
    what,
    async () => {
      if (signal.aborted) return undefined;
      const batch = await fetcher.read(topic, partition, position, TAIL_RECORDS_MAX);
      if (batch.next >= batch.end) await watcher.begin(feed, batch.end);
      return batchOf(batch);
    },
    Number.POSITIVE_INFINITY,
  );
}
