import { setTimeout as sleep } from "node:timers/promises";
import { waitUntil } from "../support/wait-until.ts";
import type { Answering } from "./answering.ts";
import type { KafkaView } from "./kafka-view.ts";
import { activeCount } from "./outcome.ts";
import type { Tally } from "./tally.ts";

/** How long it may take until everything has ended, once nothing is disturbed any more. */
const QUIET_MS_MAX = 240_000;
const LAG_MS_MAX = 60_000;
/** How often there must be nothing under way, one look after the other, to be called quiet. */
const LOOKS = 3;
const LOOK_MS = 500;

/** Resolves when all has been published, and nothing is active, and stays so. */
export async function quietAgain(url: string, tally: Tally, answering: Answering): Promise<void> {
  let looks = 0;
  await waitUntil(
    "all events to be taken and all instances to end",
    async () => {
      if (answering.underWay > 0) {
        looks = 0;
        throw new Error(`${answering.underWay} copies of events have not been taken`);
      }
      const before = [tally.published.size, tally.asked.size].join();
      const active = await activeCount(url);
      looks = active === 0 ? looks + 1 : 0;
      await sleep(LOOK_MS);
      if (before !== [tally.published.size, tally.asked.size].join()) looks = 0;
      if (active > 0) throw new Error(`${active} are active`);
      return looks >= LOOKS || undefined;
    },
    QUIET_MS_MAX,
  );
}

/** Resolves when all consumers of a deployment have read to the end of their topics. */
export async function caughtUp(view: KafkaView, prefix: string): Promise<void> {
  await waitUntil(
    "consumers to have caught up",
    async () => {
      const lag = await view.lag(prefix);
      if (lag.size === 0) return true;
      throw new Error([...lag].map(([what, behind]) => `${what} is ${behind} behind`).join("; "));
    },
    LAG_MS_MAX,
  );
}
