import { spacesOf, viewedTopics } from "@antiphon/views";
import type { QueryPorts } from "./query-ports.ts";

/** How long views have to catch up, in milliseconds, and how often they are looked at. */
export const CATCH_UP_MS_MAX = 1_000;
export const LOOK_AGAIN_MS = 10;

type Ports = Pick<QueryPorts, "log" | "store" | "clock" | "partitions">;

/**
 * True once the views have all that the logs have now, so that who was told of an event finds it. False if they do not
 * within `CATCH_UP_MS_MAX`, or the logs or the store cannot be reached.
 */
export async function viewsCaughtUp(ports: Ports): Promise<boolean> {
  const over = new AbortController();
  try {
    const late = ports.clock.sleep(CATCH_UP_MS_MAX, over.signal).then(() => false);
    return await Promise.race([followed(ports, over.signal), late]);
  } finally {
    over.abort();
  }
}

async function followed({ log, store, clock, partitions }: Ports, signal: AbortSignal): Promise<boolean> {
  try {
    const awaited = viewedTopics.flatMap((topic) =>
      spacesOf(topic, partitions).map(async (space, partition) => {
        const { end } = await log.bounds(topic, partition);
        while (!signal.aborted && ((await store.load(space, [])).position ?? 0) < end) {
          await clock.sleep(LOOK_AGAIN_MS, signal);
        }
      }),
    );
    await Promise.all(awaited);
    return true;
  } catch {
    // Whoever reads the views next is told what cannot be reached.
    return false;
  }
}
