/** The place in ids of timers of a state's event timeout, after which its waits are over. */
const TIMEOUT = ".timeout";

/** Whether a timer times waits. */
export function isTimeout(timer: string): boolean {
  return timer.endsWith(TIMEOUT);
}

/** What such a timer times: a visit, `3`, or one wait, `3.ask.result`. */
export function timedBy(timer: string): string {
  return timer.slice(0, -TIMEOUT.length);
}
