import { setTimeout as sleep } from "node:timers/promises";

/** How long a test waits for anything, unless it says otherwise: long, because it only matters when something is wrong. */
export const WAIT_MS_MAX = 60_000;
const LOOK_AGAIN_MS = 50;

/**
 * Looks again and again until there is something to see, and gives that. An error while looking counts as nothing yet.
 * After the limit it throws, and says what was waited for and what was wrong last.
 */
export async function waitUntil<Found>(
  what: string,
  look: () => Promise<Found | undefined> | Found | undefined,
  limitMs: number = WAIT_MS_MAX,
): Promise<Found> {
  const deadline = performance.now() + limitMs;
  let cause: unknown;
  do {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      cause = error;
    }
    await sleep(LOOK_AGAIN_MS);
  } while (performance.now() < deadline);
  throw new Error(`expected ${what} within ${limitMs} ms`, { cause });
}
