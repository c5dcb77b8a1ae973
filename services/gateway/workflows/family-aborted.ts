import type { Gateway } from "../gateway.ts";
import { storedInstances } from "../queries/stored-instances.ts";

/** How long an abort waits for the instances that are aborted with it, in milliseconds. */
export const FAMILY_WAIT_MS = 10_000;

/** How many of them are looked at together. */
const AT_ONCE = 500;

/** How long it rests before it looks again, in milliseconds, twice as long each time. */
const LOOK_MS = { first: 5, max: 200 } as const;

/**
 * Waits until the instances have ended that are aborted with one that is, those that end with them, and so on. Returns
 * the ids of those that have not after `FAMILY_WAIT_MS`: they undo things, or cannot be reached.
 */
export async function familyAborted({ ports, signal }: Gateway, id: string): Promise<readonly string[]> {
  const { clock } = ports;
  const deadlineMs = clock.now() + FAMILY_WAIT_MS;
  let open: readonly string[] = [id];
  let restMs: number = LOOK_MS.first;
  for (;;) {
    const looked = open.slice(0, AT_ONCE);
    const found = await storedInstances(ports, looked);
    const still = looked.filter((_, i) => !hasEnded(found[i]?.state.status));
    const further = found.flatMap((one) => (one?.state.status === "aborted" ? (one.state.children ?? []) : []));
    open = [...still, ...open.slice(AT_ONCE), ...further];
    if (open.length === 0 || signal.aborted || clock.now() >= deadlineMs) return open;
    if (still.length < looked.length) {
      restMs = LOOK_MS.first;
      continue;
    }
    await clock.sleep(restMs, signal);
    restMs = Math.min(restMs * 2, LOOK_MS.max);
  }
}

function hasEnded(status: string | undefined): boolean {
  return status === "completed" || status === "aborted";
}
