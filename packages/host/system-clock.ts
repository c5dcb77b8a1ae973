import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "@antiphon/processor";

/** The longest that Node's timers can be asked to wait; over it they would fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The machine's clock. `sleep` ends early, without an error, when its signal aborts. */
export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  async sleep(ms, signal) {
    const untilMs = performance.now() + ms;
    for (let leftMs = ms; leftMs > 0 && !signal.aborted; leftMs = untilMs - performance.now()) {
      await wait(Math.min(Math.ceil(leftMs), TIMER_MS_MAX), undefined, { signal }).catch(() => {});
    }
  },
};
