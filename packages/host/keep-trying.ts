import type { Clock } from "@antiphon/processor";
import type { Health } from "./health.ts";

/** How long is waited between two attempts: doubled each time, in milliseconds. */
export const RETRY_MS_MIN = 250;
export const RETRY_MS_MAX = 5_000;

/** What `keepTrying` works with. */
export interface Trying {
  readonly health: Health;
  readonly clock: Clock;
  /** Ends the attempts; its reason is thrown. */
  readonly signal: AbortSignal;
}

/**
 * Does `attempt` until it works, and lets the health check `name` say how it stands. There is no last attempt: a process
 * that waits for its broker is right to wait. An error for which `worthwhile` is false is thrown.
 */
export async function keepTrying<Result>(
  name: string,
  attempt: () => Promise<Result>,
  worthwhile: (error: unknown) => error is Error,
  { health, clock, signal }: Trying,
): Promise<Result> {
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  stopped.catch(() => {});
  for (let waitMs = RETRY_MS_MIN; ; waitMs = Math.min(2 * waitMs, RETRY_MS_MAX)) {
    signal.throwIfAborted();
    try {
      // An attempt may take as long as its adapter has patience; a process that is told to stop has none.
      const result = await Promise.race([attempt(), stopped]);
      health.set(name, true);
      return result;
    } catch (error) {
      if (!worthwhile(error)) throw error;
      health.set(name, false, error.message);
    }
    await clock.sleep(waitMs, signal);
  }
}
