import type { Batch } from "@antiphon/log";
import type { Ports } from "@antiphon/processor";
import type { ViewedTopic } from "@antiphon/views";
import type { Expiry } from "./expiry.ts";
import type { PartitionMetrics } from "./partition-metrics.ts";
import { type PartitionPorts, PartitionViews, StoreMovedError } from "./partition-views.ts";
import type { Progress } from "./readiness.ts";

/** How often a partition at rest looks whether the store still holds what it was given. */
const CHECK_MS = 1_000;
/** After a failure a partition rests for a while, longer each time. */
const BACKOFF_MS = { first: 100, max: 5_000 } as const;

/** A partition whose views are kept. */
export interface FollowedPartition {
  readonly topic: ViewedTopic;
  readonly partition: number;
  readonly progress: Pick<Progress, "behind" | "caughtUp">;
  readonly metrics?: PartitionMetrics;
  /** What is taken away in time; absent: nothing is. */
  readonly expiry?: Pick<Expiry, "next">;
}

type FollowPorts = PartitionPorts & Pick<Ports, "clock">;

/**
 * Folds a partition into its views until the signal aborts. It goes on from where the store is, whoever brought it there;
 * a store that has lost the views gets them from the log's start again. Whatever goes wrong, it begins anew.
 */
export async function followPartition(
  ports: FollowPorts,
  config: { readonly viewsDelayMs: number },
  followed: FollowedPartition,
  signal: AbortSignal,
): Promise<void> {
  const { topic, partition, metrics } = followed;
  let backoffMs: number = BACKOFF_MS.first;
  while (!signal.aborted) {
    try {
      const views = await PartitionViews.open(ports, topic, partition, metrics);
      backoffMs = BACKOFF_MS.first;
      await follow(ports, config, followed, views, signal);
    } catch (error) {
      if (error instanceof StoreMovedError) {
        ports.logger.info({ topic, partition, found: error.message }, "views go on from where the store is");
        continue;
      }
      ports.logger.warn({ topic, partition, err: error, retryMs: backoffMs }, "views stopped; going on from the store");
      await ports.clock.sleep(backoffMs, signal);
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MS.max);
    }
  }
}

async function follow(
  { log, clock }: FollowPorts,
  { viewsDelayMs }: { readonly viewsDelayMs: number },
  { topic, partition, progress, expiry }: FollowedPartition,
  views: PartitionViews,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  const expire = async (): Promise<void> => {
    const removal = await expiry?.next(clock.now());
    if (removal !== undefined) await views.remove(removal);
  };
  const tail = log.tail(topic, partition, views.next, { signal: both })[Symbol.asyncIterator]();
  try {
    let arriving = next(tail);
    let checkup = clock.sleep(CHECK_MS, both);
    while (!signal.aborted) {
      const arrived = await Promise.race([arriving, checkup]);
      if (arrived === undefined) {
        await views.check();
        await expire();
        checkup = clock.sleep(CHECK_MS, both);
        continue;
      }
      if (arrived.done) return;
      arriving = next(tail);
      const isBehind = arrived.value.next < arrived.value.end;
      if (isBehind) progress.behind();
      await views.take(arrived.value);
      if (isBehind) continue;
      progress.caughtUp();
      await expire();
      if (viewsDelayMs > 0) await clock.sleep(viewsDelayMs, both);
    }
  } finally {
    over.abort();
    await tail.return?.();
  }
}

/** The next batch; a failure is met by who awaits it, or by nobody if the loop has ended by then. */
function next(tail: AsyncIterator<Batch, void>): Promise<IteratorResult<Batch, void>> {
  const arriving = tail.next();
  arriving.catch(() => {});
  return arriving;
}
