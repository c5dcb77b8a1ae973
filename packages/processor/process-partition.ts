import type { Domain } from "./domain.ts";
import { ForgetError } from "./forget.ts";
import { LogLostError } from "./lost-log.ts";
import type { Ports, Retention } from "./ports.ts";
import { Run } from "./run.ts";
import { UnreadableStoreError } from "./stored.ts";

/** After a failure that is not a mere conflict the partition rests for a while, longer each time that nothing went on in between. */
export const BACKOFF_MS = { first: 100, max: 5_000 } as const;
/** A run of this length counts as going on, also if there was nothing to append. */
const STEADY_MS = 10_000;
/** How often it is asked anew whether a log that seems to be lost is: a broker that has just taken over may not know all yet. */
export const LOST_MAX = 8;

/**
 * Owns one partition until the signal aborts: restores, takes inputs and times as they come, decides them in batches,
 * appends each batch where the fold ends, and lets the store follow. Whatever goes wrong, it forgets and restores; what
 * the log holds is all that counts. Throws `LogLostError` if that is lost. Without a retention the log is kept for good.
 */
export async function processPartition<State, Input, Event>(
  domain: Domain<State, Input, Event>,
  ports: Ports,
  partition: number,
  signal: AbortSignal,
  retention?: Retention,
): Promise<void> {
  let backoffMs: number = BACKOFF_MS.first;
  let lost = 0;
  let isDown = false;
  const place = `${domain.factTopic}/${partition}`;
  const sound = (): void => {
    if (isDown) ports.health?.set(place, true);
    isDown = false;
  };
  while (!signal.aborted) {
    const run = new Run(domain, ports, partition, signal, retention);
    const startedMs = ports.clock.steady();
    try {
      await run.restore();
      lost = 0;
      await run.follow(sound);
    } catch (error) {
      const details = { topic: domain.factTopic, partition };
      if (error instanceof ForgetError && error.why !== "store") {
        ports.logger.info({ ...details, why: error.message }, "another owner wrote to this partition; restoring");
        continue;
      }
      if (error instanceof LogLostError && ++lost === LOST_MAX) throw error;
      if (error instanceof UnreadableStoreError) await run.wipe(error);
      if (run.hasAppended || ports.clock.steady() - startedMs >= STEADY_MS) backoffMs = BACKOFF_MS.first;
      isDown = true;
      ports.health?.set(place, false, (error as Error).message);
      ports.logger.warn({ ...details, err: error, retryMs: backoffMs }, "a partition stopped; restoring");
      await ports.clock.sleep(backoffMs, signal);
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MS.max);
    } finally {
      await run.stop();
    }
  }
  // How it stands is for its next owner to say.
  ports.health?.forget(place);
}
